"""Two skills that are one: what moves, what comes back to the bit, what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import (
    Assessment,
    CertificationGranted,
    Evidence,
    JobOutcome,
    LearningWish,
    Override,
    SelfReport,
    TrainingCompleted,
)
from skillmatch.beliefs.filter import WorkerState
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.errors import Conflict, ImportStopped, Invalid, NotFound, SkillmatchError
from skillmatch.model import (
    AnyOf,
    Cause,
    Correction,
    JobType,
    Link,
    LinkKind,
    Requirement,
    Skill,
    Worker,
)
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch.workspace.recording import differing_bits
from tests.kit.busy import busy_company
from tests.workspace.firm import NOW, Firm, firm, job

COOLING = Skill("cooling", "Refrigerating plant", alt_names=("Cold rooms",))
PIPES = Skill("plumbing", "Plumbing")
PLUMBING = Skill("plumbing", "Plumbing", half_life_days=400.0)


def outcome(
    worker: str, *demands: Demand, id: str, result: Result = Result.FIRST_TIME_FIX, days: int = 5
) -> JobOutcome:
    time = NOW - timedelta(days=days)
    return JobOutcome(id=id, worker=worker, time=time, job="old", result=result, demands=demands)


def states(company: Workspace) -> dict[str, WorkerState]:
    with company._store.read() as transaction:
        return {state.worker: state for state in transaction.states()}


def assert_same(before: dict[str, WorkerState], after: dict[str, WorkerState]) -> None:
    """Compare what is believed to the bit; the versions of parameters may differ."""
    assert before.keys() == after.keys()
    assert {worker: differing_bits(before[worker], after[worker])[0] for worker in before} == dict.fromkeys(before, 0)


def assert_folded(company: Workspace) -> None:
    """What is stored is what the log says."""
    assert company.rebuild(check=True).differing == 0


@pytest.fixture
def company(tmp_path: Path) -> Firm:
    """A firm in which "cooling" is another word for "refrigeration"."""
    found = firm(tmp_path, (COOLING, PLUMBING, Worker("dora", "Dora")))
    found.record(outcome("dora", Demand("cooling", 2.0), id="d1"))
    found.record(outcome("ben", Demand("cooling", 3.0), Demand("controls"), id="b1", result=Result.FAILED))
    found.record(outcome("anna", Demand("plumbing"), id="a1"))
    return found


def test_evidence_of_a_merged_skill_counts_for_the_other(company: Firm) -> None:
    before = company.why("dora", "refrigeration")
    company.merge_skills("cooling", "refrigeration", by="mo", reason="the same")
    after = company.why("dora", "refrigeration")
    assert before.inferred
    assert not after.inferred
    assert set(states(company)["dora"].skills) == {"refrigeration"}
    assert_folded(company)


def test_a_merged_history_gives_what_would_be_believed_had_it_been_recorded_so(tmp_path: Path) -> None:
    facts = [("dora", "cooling", 2.0, "d1"), ("ben", "cooling", 3.0, "b1"), ("dora", "refrigeration", 1.0, "d2")]
    merged, direct = (firm(tmp_path, (COOLING, Worker("dora", "Dora"))) for _ in range(2))
    for worker, skill, level, id in facts:
        merged.record(outcome(worker, Demand(skill, level), id=id))
        direct.record(outcome(worker, Demand("refrigeration", level), id=id))
    merged.merge_skills("cooling", "refrigeration")
    left, right = states(merged), states(direct)
    assert {worker: state.values() for worker, state in left.items()} == {
        worker: state.values() for worker, state in right.items()
    }


def test_undoing_gives_back_every_bit(company: Firm) -> None:
    before = states(company)
    company.merge_skills("cooling", "refrigeration")
    assert differing_bits(before["dora"], states(company)["dora"])[0] > 0
    company.unmerge("cooling", by="mo")
    assert_same(before, states(company))
    assert_folded(company)


def test_families_follow_a_merge_and_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "skills.csv").write_text("id,name,half_life_days\na,A,\nb,B,300\nwide,Wide,\nother,Other,\n")
    (folder / "links.csv").write_text("source,target,kind\na,wide,broader\nother,wide,broader\n")
    company = firm(tmp_path)
    company.import_path(folder)
    company.record(outcome("anna", Demand("b"), id="x1"))
    company.record(outcome("ben", Demand("other"), id="x2"))
    before, version = states(company), company.params().version
    effect = company.merge_skills("a", "b")
    assert effect.everybody
    assert (effect.links, effect.dropped, effect.facts) == (1, 0, 0)
    assert company.params().version > version
    assert [one.part.endswith("wide") for one in company.params().loadings["b"]] == [True]
    assert_folded(company)
    company.unmerge("a")
    assert company.params().loadings.get("b", ()) == ()
    assert_same(before, states(company))


def test_a_job_that_asks_for_both_asks_for_one_with_both_weights(company: Firm) -> None:
    needs = (
        Requirement("cooling", 3.0, 1.0, must=True),
        Requirement("refrigeration", 2.0, 2.0),
        Requirement("controls"),
    )
    choice = (AnyOf((Requirement("cooling", 2.0), Requirement("refrigeration", 2.0))),)
    company.save(job("j1", requirements=needs), job("j2", requirements=choice))
    company.save(JobType("chill", "Chill", needs), Cause("ice", needs, job_type="chill"))
    company.save(Correction("cold room", "cooling", accepted=True))
    effect = company.merge_skills("cooling", "refrigeration")
    assert (effect.jobs, effect.job_types, effect.causes, effect.corrections) == (2, 1, 1, 1)
    one = (Requirement("refrigeration", 3.0, 3.0, must=True), Requirement("controls"))
    assert company.job("j1").needs == one
    assert company.job("j2").needs == (Requirement("refrigeration", 2.0),)
    with company._store.read() as transaction:
        assert transaction.noun(JobType, "chill").requirements == one  # type: ignore[union-attr]
        assert [cause.needs for cause in transaction.nouns(Cause)] == [one]
        assert transaction.nouns(Correction) == [Correction("cold room", "refrigeration", accepted=True)]
        assert next(found for found in transaction.find_jobs(search="j1")[0]).requirements == one
    company.unmerge("cooling")
    assert company.job("j1").needs == needs


def test_finishing_a_job_does_not_write_what_a_merge_makes_of_it(company: Firm) -> None:
    needs = (Requirement("cooling", 3.0),)
    company.save(job("j1", requirements=needs))
    company.merge_skills("cooling", "refrigeration")
    done = JobOutcome(id="x", worker="dora", time=NOW, job="j1", result=Result.FIRST_TIME_FIX)
    assert company.record(done).evidence.skills() == ("refrigeration",)
    company.unmerge("cooling")
    assert company.job("j1").needs == needs
    assert company.job("j1").outcomes[0].demands == (Demand("cooling", 3.0),)
    assert_folded(company)


def test_the_same_fact_again_is_unchanged_also_when_its_skill_was_merged(company: Firm) -> None:
    company.merge_skills("cooling", "refrigeration")
    again = outcome("dora", Demand("cooling", 2.0), id="d1")
    assert company.record(again).status == "unchanged"
    assert company.record(
        JobOutcome(id="d1", worker="dora", time=again.time, job="old", result=again.result)
    ).status == ("unchanged")


def test_the_old_id_is_still_taken_and_means_the_new_skill(company: Firm) -> None:
    company.merge_skills("cooling", "refrigeration")
    recorded = company.record(SelfReport(id="s1", worker="dora", time=NOW, skill="cooling", level=4.0))
    assert [change.skill for change in recorded.changes] == ["refrigeration"]
    assert company.why("dora", "cooling").skill.id == "refrigeration"
    assert company.graph.name("cooling") == "Refrigeration"
    with company._store.read() as transaction:
        kept = transaction.noun(Skill, "cooling")
        assert kept is not None
        assert kept.id == "refrigeration"
        assert kept.alt_names == ("Refrigerating plant", "Cold rooms")
        assert "cooling" not in {skill.id for skill in transaction.nouns(Skill)}
    assert "cooling" not in company.names()
    assert_folded(company)


def test_every_kind_of_fact_that_names_a_skill_follows(company: Firm) -> None:
    said = {"worker": "dora", "time": NOW, "skill": "cooling"}
    for fact in (
        Assessment(id="k1", level=3.0, rater="mo", **said),
        Override(id="k2", level=5.0, rater="mo", **said),
        TrainingCompleted(id="k3", level=2.0, **said),
        CertificationGranted(id="k4", level=2.0, type="F-gas", issued=NOW.date(), **said),
        LearningWish(id="k5", **said),
    ):
        company.record(fact)
    effect = company.merge_skills("cooling", "refrigeration")
    assert (effect.facts, effect.workers) == (7, 2)
    profile = company.profile("dora")
    assert {getattr(fact, "skill", None) for fact in profile.evidence} <= {"refrigeration", None}
    assert [one.skill.id for one in profile.skills] == ["refrigeration"]
    assert profile.skills[0].override is not None
    company.unmerge("cooling")
    assert {one.skill.id for one in company.profile("dora").skills} == {"cooling"}


def test_a_chain_of_merges_ends_at_the_last_skill(company: Firm) -> None:
    before = states(company)
    company.merge_skills("plumbing", "cooling")
    middle = states(company)
    company.merge_skills("cooling", "refrigeration")
    assert company.why("anna", "plumbing").skill.id == "refrigeration"
    assert_folded(company)
    company.unmerge("cooling")
    assert_same(middle, states(company))
    company.unmerge("plumbing")
    assert_same(before, states(company))


def test_links_of_a_merged_skill_move_and_those_between_the_two_are_dropped(company: Firm) -> None:
    links = [
        Link("cooling", "refrigeration", LinkKind.BROADER),
        Link("cooling", "controls", LinkKind.NEEDS, 0.4),
        Link("refrigeration", "controls", LinkKind.NEEDS, 0.9),
        Link("plumbing", "cooling", LinkKind.RELATED),
    ]
    company.save(*links)
    effect = company.merge_skills("cooling", "refrigeration")
    assert (effect.links, effect.dropped) == (3, 2)
    assert set(company.graph.links) == {
        Link("refrigeration", "controls", LinkKind.NEEDS, 0.9),
        Link("plumbing", "refrigeration", LinkKind.RELATED),
    }
    company.unmerge("cooling")
    assert set(company.graph.links) == set(links)


def test_a_merge_that_would_close_a_circle_of_links_is_refused_and_leaves_nothing(company: Firm) -> None:
    company.save(Link("cooling", "controls", LinkKind.NEEDS), Link("controls", "refrigeration", LinkKind.NEEDS))
    before = company._fresh().revision
    with pytest.raises(Conflict, match="run in a circle"):
        company.merge_skills("cooling", "refrigeration")
    assert company.merges() == ()
    assert company._fresh().revision == before


def test_what_cannot_be_merged_is_refused_with_advice(company: Firm) -> None:
    with pytest.raises(NotFound, match="did you mean 'cooling'"):
        company.merge_skills("coolin", "refrigeration")
    with pytest.raises(NotFound):
        company.merge_skills("cooling", "nowhere")
    with pytest.raises(Invalid, match="into itself"):
        company.merge_skills("cooling", "cooling")
    with pytest.raises(Conflict, match="is not merged"):
        company.unmerge("cooling")
    with pytest.raises(NotFound):
        company.unmerge("nowhere")
    company.merge_skills("cooling", "refrigeration")
    for skill, into, message in (
        ("cooling", "refrigeration", "one already"),
        ("refrigeration", "cooling", "one already"),
        ("cooling", "controls", "merged into 'refrigeration' already"),
        ("controls", "cooling", "merge into that one"),
    ):
        with pytest.raises(Conflict, match=message):
            company.merge_skills(skill, into)
    with pytest.raises(Conflict, match="merged into it: cooling"):
        company.unmerge("refrigeration")
    with pytest.raises(Conflict, match="undo that first"):
        company.distinct("refrigeration", "cooling")
    company.unmerge("cooling")
    with pytest.raises(Conflict, match="is not merged"):
        company.unmerge("cooling")


def test_a_dry_run_tells_what_would_move_and_moves_nothing(company: Firm) -> None:
    before, revision = states(company), company._fresh().revision
    effect = company.merge_skills("cooling", "refrigeration", dry_run=True)
    assert (effect.facts, effect.workers) == (2, 2)
    assert company.merges() == ()
    assert_same(before, states(company))
    with company._store.read() as transaction:
        assert transaction.revision() == revision


def test_a_second_process_sees_a_merge_and_its_undoing(company: Firm) -> None:
    with Workspace(Store.open(company._store.url), clock=lambda: NOW) as other:
        other.names()
        company.merge_skills("cooling", "refrigeration")
        assert "cooling" not in other.names()
        assert other.why("dora", "cooling").skill.id == "refrigeration"
        rows = other._fresh().table
        assert len(rows.rows("cooling")) == 0
        assert "dora" in {rows.workers[place] for place in rows.rows("refrigeration").index}
        company.save(Skill("cooling", "Freezing"))
        assert other.graph.skill("cooling").alt_names[0] == "Freezing"
        company.unmerge("cooling")
        assert other.names()["cooling"] == "Freezing"
        assert len(other._fresh().table.rows("cooling")) == 2


KILLED = """
import os, sys
from skillmatch.store.store import Transaction
from skillmatch.workspace import Workspace
Transaction.save_states = lambda *_arguments, **_more: os._exit(7)
Workspace.open(sys.argv[1]).merge_skills("cooling", "refrigeration")
"""


def test_a_merge_that_is_killed_before_beliefs_are_written_has_not_happened(company: Firm) -> None:
    before, url = states(company), company._store.url
    done = subprocess.run([sys.executable, "-c", KILLED, url], check=False)
    assert done.returncode == 7
    assert company.merges() == ()
    assert_same(before, states(company))
    company.merge_skills("cooling", "refrigeration")
    assert_folded(company)


def test_facts_recorded_while_others_merge_are_believed_of_the_right_skill(database_url: str) -> None:
    with busy_company(database_url, outcomes=60) as company:

        def record(number: int) -> None:
            time = NOW - timedelta(days=number)
            with Workspace(Store.open(database_url), clock=lambda: NOW) as own:
                own.record(SelfReport(id=f"t{number}", worker=f"w{number:02}", time=time, skill="plant", level=4.0))

        def change(_number: int) -> None:
            with Workspace(Store.open(database_url), clock=lambda: NOW) as own:
                own.merge_skills("plant", "case")
                own.unmerge("plant")
                own.merge_skills("plant", "case")

        with ThreadPoolExecutor(5) as pool:
            for done in [pool.submit(change, 0), *(pool.submit(record, number) for number in range(4))]:
                done.result()
        assert_folded(company)
        assert {skill for state in states(company).values() for skill in state.skills} == {"case"}


def test_decisions_from_before_during_and_after_a_merge_are_replayed_to_the_bit(company: Firm) -> None:
    company.save(job("j1", requirements=(Requirement("cooling", 2.0), Requirement("controls"))))
    numbers = [company.propose("j1").number]
    company.merge_skills("cooling", "refrigeration")
    numbers.append(company.propose("j1").number)
    company.record(outcome("chen", Demand("cooling", 4.0), id="c9"))
    numbers.append(company.propose("j1").number)
    company.unmerge("cooling")
    numbers.append(company.propose("j1").number)
    assert len(set(numbers)) == 4
    for number in numbers:
        replay = company.replay(number)  # type: ignore[arg-type]
        assert replay.same, replay.differences
    shown = [company.decision(number).shown for number in numbers]  # type: ignore[arg-type]
    assert shown[0] != shown[1]


def test_words_corrections_and_findings_follow_a_merge_and_come_back(company: Firm) -> None:
    company.save(JobType("warm", "Too warm"), job("done", type="warm", due=None))
    company.correct_link("ice box", "cooling", accepted=True)
    found = JobOutcome(
        id="found", worker="anna", time=NOW - timedelta(days=1), job="done", result=Result.FIRST_TIME_FIX,
        cause="leak", used=(Demand("cooling", 3.0),),
    )  # fmt: skip
    company.record(found)

    def meant() -> tuple[str, str, list[str]]:
        (one,) = [one for one in company.diagnose("done").diagnosis.likely if one.cause == "leak"]
        words = company.link("Cold rooms").links[0].skill, company.link("ice box").links[0].skill
        return (*words, [need.skill for need in one.needs if isinstance(need, Requirement)])

    before = meant()
    assert before == ("cooling", "cooling", ["cooling"])
    company.merge_skills("cooling", "plumbing", by="boss")
    assert meant() == ("plumbing", "plumbing", ["plumbing"])
    company.unmerge("cooling", by="boss")
    assert meant() == before


def test_what_was_said_to_be_two_is_not_proposed_any_more(company: Firm) -> None:
    company.save(Skill("fridge", "Refrigerations"), Skill("frige", "refrigeration."))
    pairs = {frozenset((one.skill.id, one.into.id)) for one in company.duplicates()}
    assert pairs == {
        frozenset(pair) for pair in (("fridge", "refrigeration"), ("frige", "refrigeration"), ("fridge", "frige"))
    }
    company.distinct("refrigeration", "fridge", by="mo")
    company.distinct("refrigeration", "frige", by="mo")
    assert {frozenset((one.skill.id, one.into.id)) for one in company.duplicates()} == {frozenset(("fridge", "frige"))}
    company.merge_skills("frige", "fridge")
    assert company.duplicates() == ()
    company.unmerge("frige")
    assert company.duplicates() == ()
    company.save(Skill("fridges", "refrigeration-"))
    company.merge_skills("fridges", "fridge")
    assert company.duplicates() == ()  # one with a skill that is another than the rest
    with pytest.raises(Invalid):
        company.duplicates(limit=-1)


def test_jobs_that_need_both_speak_against_a_pair(company: Firm) -> None:
    company.save(Skill("fridge", "Refrigerations"))
    (before,) = company.duplicates()
    company.save(job("j1", requirements=(Requirement("fridge"), Requirement("refrigeration"))))
    (after,) = company.duplicates()
    assert after.score < before.score
    assert after.against == ("1 job needs both",)
    assert (after.skill.id, after.into.id) == ("fridge", "refrigeration")


def test_a_backup_restores_the_merges_and_what_is_believed(company: Firm, tmp_path: Path) -> None:
    company.export_path(tmp_path / "plain.jsonl")
    company.import_path(tmp_path / "plain.jsonl")  # takes the half-lives of its skills into force
    company.merge_skills("cooling", "refrigeration", by="mo", reason="the same")
    company.distinct("plumbing", "controls")
    company.record(outcome("chen", Demand("cooling"), id="c9"))
    path = tmp_path / "all.jsonl"
    company.export_path(path)
    with Workspace(Store.open(f"sqlite:///{tmp_path / 'other.db'}"), clock=lambda: NOW) as other:
        other.import_path(path)
        assert [told.merge for told in other.merges()] == [told.merge for told in company.merges()]
        assert_same(states(company), states(other))
        other.unmerge("cooling")
        assert set(states(other)["dora"].skills) == {"cooling"}
        assert_folded(other)


def test_tables_name_the_skills_that_were_recorded_and_the_merges_beside_them(company: Firm, tmp_path: Path) -> None:
    company.record(SelfReport(id="s1", worker="dora", time=NOW, skill="cooling", level=4.0))
    company.merge_skills("cooling", "refrigeration")
    company.export_path(tmp_path / "tables", tables=True)
    assert "dora" in (tmp_path / "tables" / "self_reports.csv").read_text()
    assert ",cooling," in (tmp_path / "tables" / "self_reports.csv").read_text()
    assert "cooling,refrigeration," in (tmp_path / "tables" / "merges.csv").read_text()
    with Workspace(Store.open(f"sqlite:///{tmp_path / 'other.db'}"), clock=lambda: NOW) as other:
        other.import_path(tmp_path / "tables")
        assert "cooling" not in states(other)["dora"].skills
        assert_folded(other)


MERGES = "skill,into,time,by,reason,undone\n"


def imported(company: Workspace, folder: Path, merges: str, **more: str) -> None:
    for name, text in {"merges": MERGES + merges, **more}.items():
        (folder / f"{name}.csv").write_text(text)
    company.import_path(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "import"
    made.mkdir()
    return made


def test_merges_of_a_table_refold_whom_they_touch(company: Firm, folder: Path) -> None:
    before = states(company)
    imported(company, folder, "cooling,refrigeration,2026-03-01,mo,the same,\n")
    assert set(states(company)["dora"].skills) == {"refrigeration"}
    assert_folded(company)
    imported(company, folder, "cooling,refrigeration,2026-03-01,mo,not the same,yes\n")
    assert_same(before, states(company))


def test_a_table_with_a_merge_that_cannot_hold_is_refused(company: Firm, folder: Path) -> None:
    company.merge_skills("plumbing", "controls")
    company.save(Link("cooling", "controls", LinkKind.NEEDS), Link("controls", "refrigeration", LinkKind.NEEDS))
    revision = company._fresh().revision
    for rows, message in (
        ("plumbing,cooling,2026-03-01,,,\n", "merged into 'controls'"),
        ("controls,plumbing,2026-03-01,,,\n", "circle"),
        ("cooling,refrigeration,2026-03-01,,,\n", "circle"),
        ("refrigeration,nowhere,2026-03-01,,,\n", "nowhere"),
        ("refrigeration,refrigeration,2026-03-01,,,\n", "itself"),
    ):
        with pytest.raises(ImportStopped) as stopped:
            imported(company, folder, rows)
        (problem,) = stopped.value.report.problems  # type: ignore[attr-defined]
        assert message in str(problem)
        assert company._fresh().revision == revision


def test_a_link_that_closes_a_circle_through_a_merge_is_refused(company: Firm, folder: Path) -> None:
    company.merge_skills("cooling", "refrigeration")
    company.save(Link("refrigeration", "controls", LinkKind.NEEDS))
    with pytest.raises(ImportStopped) as stopped:
        imported(company, folder, "", links="source,target,kind\ncontrols,cooling,needs\n")
    assert "circle" in str(stopped.value.report.problems[0])  # type: ignore[attr-defined]


def test_an_old_file_that_names_a_merged_skill_is_taken(company: Firm, folder: Path) -> None:
    company.merge_skills("cooling", "refrigeration")
    (folder / "self_reports.csv").write_text("id,worker,time,skill,level\ns1,chen,2026-05-01,cooling,4\n")
    (folder / "jobs.csv").write_text("id,title,requirements\nj9,Cold,cooling:3; refrigeration:2\n")
    company.import_path(folder)
    assert company.job("j9").needs == (Requirement("refrigeration", 3.0, 2.0),)
    assert set(states(company)["chen"].skills) == {"refrigeration"}
    assert_folded(company)


SKILLS = ("cooling", "plumbing", "refrigeration", "controls")
WORKERS = ("anna", "ben", "dora")
acts = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.sampled_from(SKILLS), st.sampled_from(SKILLS)),
        st.tuples(st.just("unmerge"), st.sampled_from(SKILLS), st.just("")),
        st.tuples(st.just("work"), st.sampled_from(WORKERS), st.sampled_from(SKILLS)),
        st.tuples(st.just("says"), st.sampled_from(WORKERS), st.sampled_from(SKILLS)),
    ),
    max_size=12,
)


def act(company: Firm, number: int, what: str, one: str, other: str) -> None:
    fact: Evidence | None = None
    if what == "merge":
        company.merge_skills(one, other)
    elif what == "unmerge":
        company.unmerge(one)
    elif what == "work":
        demands = {skill: Demand(skill, 2.0, 0.5) for skill in (other, SKILLS[number % 4])}
        fact = outcome(one, *demands.values(), id=f"h{number}", days=number % 3)
    else:
        fact = SelfReport(id=f"h{number}", worker=one, time=NOW, skill=other, level=float(number % 6))
    if fact is not None:
        company.record(fact)


@settings(max_examples=15, deadline=None)
@given(acts)
def test_whatever_is_merged_undone_and_recorded_the_beliefs_are_those_of_the_log(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, str, str]]
) -> None:
    company = firm(tmp_path_factory.mktemp("firm"), (COOLING, PIPES, Worker("dora", "Dora")))
    other = Workspace(Store.open(company._store.url), clock=lambda: NOW)
    company.save(job("j1", requirements=(Requirement("cooling", 2.0), Requirement("plumbing"))))
    numbers = []
    for number, step in enumerate(steps):
        try:
            act(company, number, *step)
        except SkillmatchError:
            continue
        assert company.rebuild(check=True).differing == 0
        numbers.append(other.propose("j1").number)
    for number in numbers:
        assert company.replay(number).same  # type: ignore[arg-type]
    # Taken apart again, the same is believed as if nothing had ever been merged.
    for told in other.merges():
        if not told.merge.undone:
            company.unmerge(told.merge.skill)
    plain = firm(tmp_path_factory.mktemp("plain"), (COOLING, PIPES, Worker("dora", "Dora")))
    for number, step in enumerate(steps):
        if step[0] in ("work", "says"):
            act(plain, number, *step)
    assert {worker: state.values() for worker, state in states(company).items()} == {
        worker: state.values() for worker, state in states(plain).items()
    }
    for one in (company, other, plain):
        one.close()
