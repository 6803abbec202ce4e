"""Where the firm is thin, who is overloaded, what is late and what runs out: against the same counted by hand."""

from __future__ import annotations

from datetime import timedelta
from math import prod
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import Assessment, CertificationGranted
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Invalid, NotFound
from skillmatch.model import (
    AnyOf,
    Booking,
    CertificationRequirement,
    JobStatus,
    LanguageRequirement,
    Leave,
    Requirement,
    Risk,
    Worker,
)
from skillmatch.workspace import Workspace
from skillmatch.workspace.demands import always
from tests.workspace.firm import NOW, TODAY, Firm, firm, job, replace

MUST = (Requirement("refrigeration", 2.0, must=True),)


def assess(company: Firm, worker: str, skill: str, level: float, *, times: int = 4) -> None:
    for number in range(times):
        time = NOW - timedelta(days=1 + number)
        company.record(
            Assessment(id=f"{worker}{skill}{number}", worker=worker, time=time, skill=skill, level=level, rater="m")
        )


def test_who_is_able_is_who_passes_the_must_of_such_a_job(tmp_path: Path):
    for risk in Risk:
        company = firm(tmp_path, [job("j", requirements=MUST, type=None, risk=risk, due=None), Worker("dora", "Dora")])
        assess(company, "chen", "refrigeration", 1.0)
        company.did("ben", times=4, result=Result.FAILED, days=3)
        company.save(job("old", status=JobStatus.CANCELLED))
        able = {one.worker.id for one in company.rank("j", limit=10).candidates}
        (found,) = [one for one in company.thin() if one.level == 2.0 and one.risk is risk and one.jobs]
        assert found.count == len(able)
        assert {one.worker.id for one in found.able} <= able
        assert not {one.worker.id for one in found.close} & able
        assert found.floor == company.policy("balanced").limits.certainty(risk)


def test_what_to_expect_is_counted_out_from_the_chances_of_each(tmp_path: Path):
    company = firm(tmp_path, [job("j", requirements=MUST, type=None)])
    (found,) = [one for one in company.thin() if one.jobs]
    view = company.views("j")[0]
    chances = [float(view.certainty(0)[place]) if view.touched(0)[place] else 0.0 for place in range(len(view.table))]
    none = prod(1.0 - p for p in chances)
    one = sum(p * none / (1.0 - p) for p in chances)
    assert found.expected == pytest.approx(sum(chances))
    assert found.none == pytest.approx(none)
    assert found.at_most_one == pytest.approx(none + one)
    people = [*found.able, *found.close]
    assert found.count == sum(p >= found.floor for p in chances) == 3
    assert [person.chance for person in people] == pytest.approx(sorted(chances, reverse=True)[:2])
    for person in people:
        assert person.level == company.why(person.worker.id, "refrigeration").proficiency


def test_a_skill_nobody_has_evidence_in_is_one_that_nobody_can(tmp_path: Path):
    company = firm(tmp_path, [job("j", requirements=(Requirement("controls"),))])
    (found,) = [one for one in company.thin() if one.id == "controls"]
    assert (found.count, found.able, found.close, found.expected, found.at_most_one) == (0, (), (), 0.0, 1.0)
    assert company.thin()[0].id == "controls"


def test_open_jobs_and_finished_ones_of_a_year_are_counted_and_cancelled_ones_are_not(tmp_path: Path):
    asks = {"requirements": (Requirement("controls", 4.0),), "due": None}
    jobs = [
        job("open", **asks),
        job("done", **asks, status=JobStatus.DONE, created=NOW - timedelta(days=360)),
        job("older", **asks, status=JobStatus.DONE, created=NOW - timedelta(days=370)),
        job("called off", **asks, status=JobStatus.CANCELLED, created=NOW),
    ]
    company = firm(tmp_path, jobs)
    (found,) = [one for one in company.thin() if one.id == "controls"]
    assert ([one.id for one in found.jobs], found.done, found.level) == (["open"], 1, 4.0)


def test_of_a_choice_only_what_each_way_asks_for_counts():
    choice = AnyOf((Requirement("a", 2.0), Requirement("b")))
    needs = (choice, CertificationRequirement("gas"), LanguageRequirement("de"), Requirement("a", 1.0))
    assert [(type(one).__name__, getattr(one, "level", None)) for one in always(needs)] == [
        ("Requirement", 1.0),
        ("CertificationRequirement", None),
        ("LanguageRequirement", None),
    ]
    assert always((choice,)) == []


def test_a_certification_counts_while_it_is_valid_and_a_team_by_itself(tmp_path: Path):
    needs = (CertificationRequirement("gas"),)
    company = firm(tmp_path, [job("j", requirements=needs), Worker("dora", "Dora", "South")])
    for number, (worker, ends) in enumerate((("anna", TODAY), ("ben", TODAY - timedelta(days=1)), ("dora", None))):
        company.record(
            CertificationGranted(
                id=f"c{number}", worker=worker, time=NOW, type="gas", issued=TODAY - timedelta(days=9), expires=ends
            )
        )

    def able(**more: tuple[str, ...]) -> set[str]:
        (found,) = [one for one in company.thin(**more) if one.kind == "certification"]  # type: ignore[arg-type]
        assert found.count == found.expected == len(found.able)
        return {one.worker.id for one in found.able}

    assert able() == {"anna", "dora"}
    assert able(teams=("South",)) == {"dora"}
    assert able(teams=("Nowhere",)) == set()


def test_the_most_pressing_is_what_open_jobs_need_and_fewest_can(tmp_path: Path):
    company = firm(tmp_path, [job("a", requirements=(Requirement("controls", 4.0),)), job("b", requirements=MUST)])
    found = [(one.id, one.count) for one in company.thin()]
    assert found[0] == ("controls", 0)
    assert [count for _id, count in found] == sorted(count for _id, count in found)


def test_an_answer_is_kept_only_until_somebody_writes_or_time_passes(tmp_path: Path):
    company = firm(tmp_path, [job("j", requirements=(Requirement("controls", 2.0),))])
    first = company.thin()
    assert company.thin() is first
    with Workspace.open(company._store.url, clock=lambda: NOW) as other:
        other.record(Assessment(id="x", worker="chen", time=NOW, skill="controls", level=5.0, rater="m"))
    (found,) = [one for one in company.thin() if one.id == "controls"]
    assert [one.worker.id for one in (*found.able, *found.close)] == ["chen"]
    again = company.thin()
    company.forward(minutes=11)
    assert company.thin() is not again
    company.change_policy("balanced", {"certainty_normal": "0.01"})
    assert [one.floor for one in company.thin() if one.id == "controls"] == [0.01]
    with pytest.raises(NotFound, match="no policy"):
        company.thin(policy="bold")


def test_loads_are_those_of_the_ranking(tmp_path: Path):
    bookings = [Booking("b1", "ben", NOW + timedelta(hours=3), 95.0), Booking("b2", "anna", NOW, 33.5)]
    company = firm(tmp_path, [job("j"), job("b1"), job("b2"), *bookings])
    view = company.views("j")[0]
    found = {row.worker.id: row for row in company.loads().rows}
    assert len(found) == 3
    for id, row in found.items():
        place = view.table.place(id)
        assert place is not None
        assert (row.load, row.full) == (view.load[place], view.full_load[place])
    assert found["ben"].booked == (95.0, 0.0, 0.0, 0.0)


def test_of_what_sort_work_is_is_counted_in_minutes(tmp_path: Path):
    hard = (Requirement("refrigeration", 4.0),)
    nouns = [
        job("urgent", priority=1),
        job("hard", requirements=hard),
        job("risky", risk=Risk.HIGH, priority=2),
        Booking("urgent", "chen", NOW + timedelta(hours=2), 30.0),
        Booking("hard", "chen", NOW + timedelta(hours=11), 60.0),
        Booking("risky", "chen", NOW + timedelta(days=1, hours=2), 90.0),
    ]
    company = firm(tmp_path, nouns)
    company.did("chen", days=10)
    (row,) = company.loads(search="chen").rows
    assert row.mix is not None
    # One job of an hour that was done, and what is booked; from 18:00 on is out of hours.
    assert row.mix.minutes == 240.0
    assert row.mix.urgent == pytest.approx(120 / 240)
    assert row.mix.hard == pytest.approx(150 / 240)
    assert row.mix.outside == pytest.approx(60 / 180)


def test_somebody_is_overloaded_by_a_week_by_four_weeks_or_by_days_in_a_row(tmp_path: Path):
    week = [
        *(job(f"a{n}") for n in range(3)),
        *(Booking(f"a{n}", "anna", NOW + timedelta(days=n, hours=1), 900.0) for n in range(3)),
        replace(firm_worker("ben"), capacity=0.0),
        Leave("chen", TODAY, TODAY + timedelta(days=40)),
    ]
    company = firm(tmp_path, week)
    for back in range(1, 16):
        company.did("chen", days=back)
    found = {row.worker.id: row for row in company.loads().rows}
    assert found["anna"].booked[0] > found["anna"].there[0]
    assert found["chen"].there == (0.0, 0.0, 0.0, 0.0)
    assert (found["chen"].run, found["chen"].too_long) == (15, True)
    assert {id for id, row in found.items() if row.overloaded} >= {"anna", "chen"}
    assert company.loads().overloaded == sum(row.overloaded for row in found.values())
    assert {row.worker.id for row in company.loads(only_overloaded=True).rows} == {
        id for id, row in found.items() if row.overloaded
    }


def firm_worker(id: str) -> Worker:
    return Worker(id, id.title())


def test_loads_come_in_order_in_pages_and_by_team(tmp_path: Path):
    company = firm(tmp_path, [job("b"), Booking("b", "chen", NOW, 100.0), Worker("dora", "Dora", "South")])
    assert company.loads(order="week").rows[0].worker.id == "chen"
    assert [row.worker.id for row in company.loads(order="name").rows] == ["anna", "ben", "chen", "dora"]
    page = company.loads(order="name", offset=1, limit=2)
    assert ([row.worker.id for row in page.rows], page.total) == (["ben", "chen"], 4)
    assert [row.worker.id for row in company.loads(teams=("South",)).rows] == ["dora"]
    with pytest.raises(Invalid, match="expected one of load"):
        company.loads(order="salary")


def test_a_job_is_late_by_its_day_or_its_hour(tmp_path: Path):
    jobs = [
        job("day", due=TODAY - timedelta(days=1)),
        job("hour", due=None, latest=NOW - timedelta(minutes=1), priority=1),
        job("today"),
        job("done", due=TODAY - timedelta(days=1), status=JobStatus.DONE),
        job("never", due=None),
    ]
    company = firm(tmp_path, jobs)
    assert [one.id for one in company.late_jobs()] == ["hour", "day"]
    assert [one.id for one in company.late_jobs(among={"day", "today"})] == ["day"]


def test_a_certification_runs_out_unless_a_newer_one_goes_on(tmp_path: Path):
    company = firm(tmp_path)
    ends = {"soon": 10, "ended": -10, "long ago": -100, "later": 100}
    for type, days in ends.items():
        grant(company, "anna", type, days)
    grant(company, "ben", "soon", 10)
    grant(company, "ben", "soon", 400)
    grant(company, "chen", "soon", None)
    found = company.running_out()
    assert [(one.worker.id, one.certification.type) for one in found] == [("anna", "ended"), ("anna", "soon")]
    assert company.running_out(teams=("Nowhere",)) == ()


def grant(company: Firm, worker: str, type: str, days: int | None) -> None:
    company.record(
        CertificationGranted(
            id=f"{worker}-{type}-{days}",
            worker=worker,
            time=NOW,
            type=type,
            issued=TODAY - timedelta(days=200),
            expires=None if days is None else TODAY + timedelta(days=days),
        )
    )
