"""Skills looked up: the same levels as on the pages of workers, counts of those one sees, and demand by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.errors import NotFound
from skillmatch.model import JobStatus, Link, LinkKind, Requirement, Skill, SkillKind, Worker
from skillmatch.workspace import Relation
from tests.workspace.firm import NOW, Firm, firm, job

MORE = (
    Skill("cold", "Cold rooms", SkillKind.EQUIPMENT, alt_names=("Kühlzellen",)),
    Link("refrigeration", "cold", LinkKind.BROADER, 0.8),
    Link("controls", "cold", LinkKind.BROADER, 0.5),
    Link("refrigeration", "controls", LinkKind.NEEDS, 0.4),
    Worker("gone", "Gone", active_to=date(2026, 1, 1)),
)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Firm]:
    with firm(tmp_path, MORE) as opened:
        yield opened


def everybody(_worker: Worker) -> bool:
    return True


def test_levels_are_those_of_the_pages_of_workers(company: Firm):
    company.record(SelfReport(id="s", worker="chen", time=NOW - timedelta(days=3), skill="controls", level=4.0))
    for skill in ("refrigeration", "controls", "cold"):
        found = company.skillbook.holders(skill, sees=everybody, most=50, most_inferred=50)
        assert found.knowing == len(found.known)
        assert {one.worker.id for one in (*found.known, *found.inferred)} == {"anna", "ben", "chen"}
        for one in (*found.known, *found.inferred):
            why = company.why(one.worker.id, skill)
            assert one.proficiency.level == pytest.approx(why.proficiency.level, abs=1e-9)
            assert one.proficiency.low == pytest.approx(why.proficiency.low, abs=1e-9)
            assert one.proficiency.high == pytest.approx(why.proficiency.high, abs=1e-9)
            assert (one.last is None) == (one in found.inferred)


def test_the_surest_come_first_and_pages_hang_together(company: Firm):
    whole = company.skillbook.holders("refrigeration", sees=everybody).known
    lows = [one.proficiency.low for one in whole]
    assert lows == sorted(lows, reverse=True)
    assert [one.jobs for one in whole] == [6, 3, 1]
    pages = [company.skillbook.holders("refrigeration", sees=everybody, first=n, most=1).known for n in range(4)]
    assert [one for page in pages for one in page] == list(whole)


def test_expected_numbers_at_a_level_are_sums_of_chances(company: Firm):
    found = company.skillbook.holders("refrigeration", sees=everybody)
    from skillmatch.beliefs.evidence import day_number
    from skillmatch.matching.view import View

    resident = company._fresh()
    for rung in found.rungs:
        view = View(
            resident.table, resident.roster, (Requirement("refrigeration", rung.level),), NOW.date(), day_number(NOW)
        )
        chances = [view.certainty(0)[resident.table.place(id)] for id in ("anna", "ben", "chen")]
        assert rung.known == pytest.approx(sum(chances))
        assert rung.sure == sum(chance >= 0.9 for chance in chances)
    assert [one.known for one in found.rungs] == sorted((one.known for one in found.rungs), reverse=True)


def test_whom_one_does_not_see_is_in_no_list_and_no_count(company: Firm):
    def sees(worker: Worker) -> bool:
        return worker.id == "ben"

    found = company.skillbook.holders("refrigeration", sees=sees, most_inferred=50)
    assert [one.worker.id for one in found.known] == ["ben"]
    assert found.others == 0
    assert found.rungs[0].known <= 1.0
    rows = {row.skill.id: row for row in company.skillbook.list(sees=sees).rows}
    assert (rows["refrigeration"].people, rows["cold"].people) == (1, 0)
    assert company.skillbook.demand("refrigeration", sees=sees).done.total == 0  # Anna was first at that job


def test_a_list_is_found_by_any_name_kind_and_family(company: Firm):
    def ids(**asked: object) -> list[str]:
        return [row.skill.id for row in company.skillbook.list(sees=everybody, **asked).rows]  # type: ignore[arg-type]

    assert ids() == ["cold", "controls", "refrigeration"]
    assert ids(search="KÜHL") == ids(kind=SkillKind.EQUIPMENT) == ["cold"]
    assert ids(search="co") == ["cold", "controls"]
    assert ids(below="cold") == ["cold", "controls", "refrigeration"]
    assert ids(below="controls") == ["controls"]
    assert ids(order="people")[0] == "refrigeration"
    assert ids(search="nothing of the kind") == []
    assert [(one.id, below) for one, below in company.skillbook.families()] == [("cold", 2)]
    with pytest.raises(NotFound, match="did you mean 'cold'"):
        company.skillbook.list(below="colt", sees=everybody)


def test_neighbours_stand_by_how_they_are_linked(company: Firm):
    found = company.skillbook.around("refrigeration")
    assert {relation: [(one.skill.id, one.weight) for one in own] for relation, own in found.items() if own} == {
        Relation.BROADER: [("cold", 0.8)],
        Relation.NEEDS: [("controls", 0.4)],
    }
    assert [one.skill.id for one in company.skillbook.around("cold")[Relation.NARROWER]] == [
        "refrigeration",
        "controls",
    ]
    assert [one.skill.id for one in company.skillbook.around("controls")[Relation.NEEDED_BY]] == ["refrigeration"]


def test_open_jobs_follow_what_is_written(company: Firm):
    def asking(skill: str) -> list[tuple[str, float | None]]:
        return [(one.job.id, one.level) for one in company.skillbook.demand(skill, sees=everybody).open]

    before = asking("refrigeration")
    company.save(job("a1", priority=1), job("a2", requirements=(Requirement("controls", 4.0, must=True),)))
    assert asking("refrigeration") == [("a1", 2.0), *before]
    assert asking("controls") == [("a2", 4.0)]
    company.save(job("a1", status=JobStatus.DONE), job("a2", requirements=(Requirement("refrigeration", 1.0),)))
    assert ("a2", 1.0) in asking("refrigeration")
    assert asking("controls") == []
    only = company.skillbook.demand("refrigeration", sees=everybody, jobs={"a2"}).open
    assert [one.job.id for one in only] == ["a2"]
    company.merge_skills("refrigeration", "controls")
    assert ("a2", 1.0) in asking("controls")


def test_months_count_each_job_once_by_its_first_visit(tmp_path: Path):
    with firm(tmp_path) as company:
        company.save(*(job(f"m{number}", due=None) for number in range(3)))
        from skillmatch.beliefs.evidence import JobOutcome

        for number, (days, result) in enumerate(
            ((40, Result.FIRST_TIME_FIX), (40, Result.FAILED), (400, Result.FIRST_TIME_FIX))
        ):
            time = NOW - timedelta(days=days)
            company.record(JobOutcome(id=f"x{number}", worker="ben", time=time, job=f"m{number}", result=result))
        again = NOW - timedelta(days=2)
        company.record(JobOutcome(id="y", worker="anna", time=again, job="m1", result=Result.FIRST_TIME_FIX))
        found = company.skillbook.demand("refrigeration", sees=everybody)
        counted = {month.first: (month.jobs, month.done) for month in found.months if month.jobs}
        # The job "old" of the firm was first visited thirty days ago.
        assert counted == {date(2026, 4, 1): (2, 1), date(2026, 5, 1): (1, 1)}
        assert len(found.months) == 12
        assert (found.done.count, found.done.total) == (2, 3)


def test_a_skill_that_is_not_there_is_told_with_the_nearest(company: Firm):
    for ask in (company.skillbook.around, company.skillbook.skill):
        with pytest.raises(NotFound, match="did you mean 'cold'"):
            ask("colt")


def test_a_change_of_another_process_is_in_the_next_list(company: Firm):
    assert company.skillbook.skill("cold").name == "Cold rooms"
    company.save(replace(MORE[0], name="Walk-in rooms"))  # type: ignore[type-var]
    assert company.skillbook.list(search="walk", sees=everybody).rows[0].skill.id == "cold"
