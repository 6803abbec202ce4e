"""Recording: one fact in, beliefs moved, exactly as a rebuild would have it, whatever order facts come in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import (
    CertificationGranted,
    CustomerRating,
    JobOutcome,
    Override,
    Retraction,
    SelfReport,
)
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Job, JobStatus, Requirement
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch.workspace.importing import complete
from tests.kit.company import NOW, company, fill
from tests.store.opening import database_of_version


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


def outcome(
    id: str = "o1", *, days: float = 1.0, worker: str = "anna", result: Result = Result.FIRST_TIME_FIX, job: str = "j2"
):
    return JobOutcome(id=id, worker=worker, time=NOW - timedelta(days=days), source="test", job=job, result=result)


def retraction(of: str, id: str = "r1", worker: str = "anna") -> Retraction:
    return Retraction(id=id, worker=worker, time=NOW, source="test", retracts_source="test", retracts_id=of)


def level(workspace: Workspace, worker: str = "anna", skill: str = "refrigeration") -> float:
    return {row.skill.id: row.proficiency.level for row in workspace.profile(worker).skills}.get(skill, -1.0)


def exact(workspace: Workspace) -> bool:
    return workspace.rebuild(check=True).differing == 0


def test_an_outcome_moves_the_skills_the_job_needed_and_the_next_ranking(workspace: Workspace):
    before = {c.worker.id: c.chance for c in workspace.rank("j1").candidates}
    done = workspace.record(outcome(worker="ben"))
    after = {c.worker.id: c.chance for c in workspace.rank("j1").candidates}
    assert done.status == "added"
    assert [change.skill for change in done.changes] == ["refrigeration", "controls"]
    assert all(change.after.level > change.before.level for change in done.changes)
    assert after["ben"] > before["ben"]
    assert after["anna"] == before["anna"]
    assert exact(workspace)


def test_a_finished_job_is_closed_and_a_job_handed_on_stays_open(workspace: Workspace):
    workspace.record(outcome("o1", result=Result.HANDED_ON))
    assert workspace.job("j2").job.status is JobStatus.OPEN
    workspace.record(outcome("o2", worker="ben"))
    assert workspace.job("j2").job.status is JobStatus.DONE
    assert [o.id for o in workspace.job("j2").outcomes] == ["o1", "o2"]


def test_the_same_fact_twice_changes_nothing(workspace: Workspace):
    workspace.record(outcome())
    once = workspace.profile("anna")
    again = workspace.record(outcome())
    assert again.status == "unchanged"
    assert all(change.before == change.after for change in again.changes)
    assert workspace.profile("anna") == once


def test_late_evidence_gives_the_same_belief(workspace: Workspace):
    workspace.record(outcome("o2", days=1))
    workspace.record(outcome("o1", days=40, result=Result.FAILED))
    assert exact(workspace)
    late = level(workspace)
    with_other_order = workspace.profile("anna")
    assert [fact.id for fact in with_other_order.evidence] == ["o1", "o2"]
    assert late == level(workspace)


def test_a_correction_replaces_the_earlier_word(workspace: Workspace):
    workspace.record(outcome(result=Result.FAILED))
    low = level(workspace)
    done = workspace.record(outcome(result=Result.FIRST_TIME_FIX))
    assert done.status == "changed"
    assert level(workspace) > low
    assert len(workspace.profile("anna").evidence) == 1
    assert exact(workspace)


def test_a_fact_moved_to_the_right_worker_leaves_the_wrong_one(workspace: Workspace):
    workspace.record(outcome(worker="anna"))
    workspace.record(outcome(worker="ben"))
    assert workspace.profile("anna").evidence == ()
    assert level(workspace, "anna") == -1.0
    assert level(workspace, "ben") > 0
    assert exact(workspace)
    assert {c.worker.id: c.chance for c in workspace.rank("j1").candidates}["ben"] > 0.5


def test_a_retracted_fact_no_longer_counts(workspace: Workspace):
    workspace.record(outcome("o1", days=5))
    only = workspace.profile("anna")
    workspace.record(outcome("o2", days=3, result=Result.FAILED))
    done = workspace.record(retraction("o2"))
    assert done.status == "added"
    assert done.changes
    assert workspace.profile("anna") == only
    assert exact(workspace)


def test_retracting_everything_leaves_the_prior_in_the_next_ranking(workspace: Workspace):
    before = {c.worker.id: (c.chance, c.score) for c in workspace.rank("j1").candidates}
    workspace.record(outcome())
    workspace.rank("j1")
    workspace.record(retraction("o1"))
    assert {c.worker.id: (c.chance, c.score) for c in workspace.rank("j1").candidates} == before
    assert exact(workspace)


def test_another_process_sees_the_outcome_in_its_next_ranking(database_url: str):
    with company(database_url) as one, Workspace(Store.open(database_url), clock=lambda: NOW) as other:
        before = other.rank("j1")
        one.record(outcome(worker="ben"))
        after = other.rank("j1")
        assert after.revision > before.revision
        mine = one.rank("j1")
        assert [(c.worker.id, c.score) for c in after.candidates] == [(c.worker.id, c.score) for c in mine.candidates]


def test_a_certification_opens_the_door_at_once_and_its_retraction_closes_it(workspace: Workspace):
    assert workspace.rank("j3").candidates == ()
    granted = CertificationGranted(
        id="c1", worker="anna", time=NOW, source="test", type="F-GAS", issued=(NOW - timedelta(days=9)).date()
    )
    workspace.record(granted)
    assert [c.worker.id for c in workspace.rank("j3").candidates] == ["anna"]
    workspace.record(retraction("c1"))
    assert workspace.rank("j3").candidates == ()


def test_an_outcome_keeps_the_requirements_its_job_had(workspace: Workspace, database_url: str):
    workspace.record(outcome("o1", result=Result.FAILED))
    store = Store.open(database_url)
    with store.write() as transaction:
        job = transaction.noun(Job, "j2")
        assert job is not None
        changed = replace(job, requirements=(Requirement("cooling"),))
        transaction.save_nouns(Job, [changed], revision=transaction.next_revision())
    store.close()
    workspace.record(outcome("o1", result=Result.REWORK))
    (fact,) = workspace.profile("anna").evidence
    assert fact.skills() == ("refrigeration", "controls")
    workspace.record(outcome("o2", days=0.5))
    assert workspace.profile("anna").evidence[-1].skills() == ("cooling",)
    assert exact(workspace)


@pytest.mark.parametrize(
    ("fact", "error", "message"),
    [
        (outcome(worker="ana"), NotFound, "no worker 'ana'; did you mean 'anna'"),
        (outcome(job="j9"), NotFound, "no job 'j9'"),
        (outcome(days=-1), Invalid, "in the future"),
        (retraction("o7"), NotFound, "o7"),
        (
            CustomerRating(id="k", worker="anna", time=NOW, source="test", job="j9", stars=3.0),
            NotFound,
            "no job 'j9'",
        ),
        (
            CustomerRating(id="k", worker="anna", time=NOW, source="test", job="j1", stars=3.0, customer="bakerie"),
            NotFound,
            "no customer 'bakerie'; did you mean 'bakery'",
        ),
        (
            Override(id="v", worker="anna", time=NOW, source="test", skill="coolin", level=3.0, rater="mona"),
            NotFound,
            "did you mean 'cooling'",
        ),
        (
            SelfReport(id="s", worker="anna", time=NOW, source="test", skill="coolin", level=3.0),
            NotFound,
            "did you mean 'cooling'",
        ),
    ],
)
def test_a_fact_that_cannot_stand_is_refused_and_nothing_is_written(workspace: Workspace, fact, error, message):
    revision = workspace.rank("j1").revision
    with pytest.raises(error, match=message):
        workspace.record(fact)
    assert workspace.rank("j1").revision == revision


def test_one_key_cannot_name_two_kinds_of_facts(workspace: Workspace):
    workspace.record(outcome("x"))
    with pytest.raises(Conflict):
        workspace.record(SelfReport(id="x", worker="anna", time=NOW, source="test", skill="cooling", level=3.0))


# Levels set by managers


def override(
    id: str = "v1", *, days: float = 1.0, to: float = 5.0, skill: str = "refrigeration", worker: str = "anna"
) -> Override:
    time = NOW - timedelta(days=days)
    return Override(
        id=id, worker=worker, time=time, source="test", skill=skill, level=to, rater="mona", note="knows it"
    )


def overrides(workspace: Workspace, worker: str = "anna") -> dict[str, Override]:
    return {row.skill.id: row.override for row in workspace.profile(worker).skills if row.override}


def beliefs(workspace: Workspace, database_url: str) -> object:
    store = Store.open(database_url)
    with store.read() as transaction:
        rows = [[row[:2] for row in transaction.worker_rows()], transaction.part_rows(), transaction.belief_rows()]
    store.close()
    return rows, [(c.worker.id, c.chance, c.score) for c in workspace.rank("j1").candidates]


@pytest.mark.parametrize("days", [0.5, 30.0], ids=["newest", "late"])
def test_an_override_changes_no_belief(workspace: Workspace, database_url: str, days: float):
    workspace.record(outcome("o1"))
    workspace.record(outcome("o2", days=20, worker="ben", result=Result.FAILED))
    before = beliefs(workspace, database_url)
    done = workspace.record(override(days=days))
    assert done.status == "added"
    assert [change.skill for change in done.changes] == ["refrigeration"]
    assert all(change.before == change.after for change in done.changes)
    assert done.general_before == done.general_after
    assert beliefs(workspace, database_url) == before
    assert exact(workspace)
    workspace.rebuild(check=False)
    assert beliefs(workspace, database_url) == before


def test_an_override_does_not_change_what_later_evidence_does(workspace: Workspace, database_url: str):
    workspace.record(override("v1", days=40, to=0.0))
    workspace.record(override("v2", days=1.5, worker="ben"))
    workspace.record(outcome("o1"))
    overridden = beliefs(workspace, database_url)
    workspace.record(retraction("v1", "r1"))
    workspace.record(retraction("v2", "r2", "ben"))
    assert exact(workspace)
    left = {c.worker.id: (c.chance, c.score) for c in workspace.rank("j1").candidates}
    assert left == {worker: (chance, score) for worker, chance, score in overridden[1]}  # type: ignore[index]


def test_an_override_is_shown_beside_the_level_and_the_latest_one_counts(workspace: Workspace):
    workspace.record(outcome())
    believed = level(workspace)
    workspace.record(override("v2", days=1, to=4.0))
    workspace.record(override("v1", days=9, to=2.0))
    assert overrides(workspace) == {"refrigeration": override("v2", days=1, to=4.0)}
    assert level(workspace) == believed
    assert overrides(workspace, "ben") == {}


def test_an_override_in_a_skill_without_evidence_stands_beside_what_is_inferred(workspace: Workspace):
    workspace.record(override(skill="cooling"))
    (row,) = workspace.profile("anna").skills
    assert (row.skill.id, row.uses, row.override) == ("cooling", 0, override(skill="cooling"))
    assert row.proficiency == workspace.why("anna", "cooling").proficiency
    assert workspace.why("anna", "cooling").inferred


def test_a_retracted_override_leaves_the_profile_and_an_earlier_one_comes_back(workspace: Workspace):
    workspace.record(outcome(days=9))
    only = workspace.profile("anna")
    workspace.record(override("v1", days=5, to=2.0))
    with_first = workspace.profile("anna")
    workspace.record(override("v2", days=3))
    workspace.record(retraction("v2", "r2"))
    assert workspace.profile("anna") == with_first
    workspace.record(retraction("v1", "r1"))
    assert workspace.profile("anna") == only
    assert exact(workspace)


# Ratings by customers


def rating(
    id: str = "k1",
    *,
    stars: float = 5.0,
    days: float = 1.0,
    worker: str = "anna",
    job: str = "j2",
    customer: str | None = None,
) -> CustomerRating:
    time = NOW - timedelta(days=days)
    return CustomerRating(id=id, worker=worker, time=time, source="test", job=job, stars=stars, customer=customer)


def test_a_rating_moves_the_levels_of_the_skills_the_job_needed(workspace: Workspace):
    best = workspace.record(rating(stars=5.0, worker="anna"))
    worst = workspace.record(rating("k2", stars=1.0, worker="ben"))
    for done in (best, worst):
        assert done.status == "added"
        assert [change.skill for change in done.changes] == ["refrigeration", "controls"]
    assert all(change.after.level > change.before.level for change in best.changes)
    assert all(change.after.level < change.before.level for change in worst.changes)
    assert level(workspace, "anna") > level(workspace, "ben") >= 0.0
    chances = {c.worker.id: c.chance for c in workspace.rank("j1").candidates}
    assert chances["anna"] > chances["chen"] > chances["ben"]
    assert exact(workspace)


def test_a_rating_is_that_of_the_customer_of_the_job_and_closes_nothing(workspace: Workspace):
    workspace.record(rating())
    (fact,) = workspace.profile("anna").evidence
    assert isinstance(fact, CustomerRating)
    assert fact.customer == "bakery"
    assert workspace.job("j2").job.status is JobStatus.OPEN
    assert workspace.job("j2").outcomes == ()


def test_more_stars_mean_a_higher_level(workspace: Workspace):
    levels = []
    for stars in (1.0, 2.0, 3.5, 5.0):
        workspace.record(rating(stars=stars))
        levels.append(level(workspace))
    assert levels == sorted(set(levels))
    assert len(workspace.profile("anna").evidence) == 1
    assert exact(workspace)


def test_a_corrected_rating_keeps_the_requirements_its_job_had(workspace: Workspace, database_url: str):
    workspace.record(rating(stars=2.0))
    store = Store.open(database_url)
    with store.write() as transaction:
        job = transaction.noun(Job, "j2")
        assert job is not None
        changed = replace(job, requirements=(Requirement("cooling"),))
        transaction.save_nouns(Job, [changed], revision=transaction.next_revision())
    store.close()
    assert workspace.record(rating(stars=2.0)).status == "unchanged"
    workspace.record(rating(stars=3.0))
    assert workspace.profile("anna").evidence[0].skills() == ("refrigeration", "controls")
    assert exact(workspace)


def test_a_retracted_rating_no_longer_counts(workspace: Workspace):
    workspace.record(outcome(days=5))
    only = workspace.profile("anna")
    workspace.record(rating(stars=1.0))
    assert workspace.profile("anna") != only
    workspace.record(retraction("k1"))
    assert workspace.profile("anna") == only
    assert exact(workspace)


@pytest.mark.parametrize("stars", [0.99, 5.01, 0.0, -1.0, float("nan"), float("inf"), float("-inf")])
def test_stars_off_the_scale_are_refused(stars: float):
    with pytest.raises(Invalid, match=r"rating 'k1' is .*: expected 1 to 5 stars"):
        rating(stars=stars)


# Together


def test_many_writers_at_once_lose_nothing(database_url: str):
    with company(database_url) as workspace:

        def work(name: int) -> None:
            for n in range(8):
                workspace.record(outcome(f"t{name}-{n}", days=1 + n / 10, worker=("anna", "ben")[n % 2]))

        threads = [Thread(target=work, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(workspace.profile("anna").evidence) + len(workspace.profile("ben").evidence) == 32
        assert exact(workspace)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "d"]),
            st.integers(1, 60),
            st.sampled_from(["anna", "ben"]),
            st.sampled_from(Result),
            st.booleans(),
        ),
        max_size=10,
    )
)
def test_any_history_of_late_corrected_and_retracted_facts_equals_a_rebuild(tmp_path_factory, steps):
    with company(str(tmp_path_factory.mktemp("history") / "a.db")) as workspace:
        for number, (id, days, worker, result, retract) in enumerate(steps):
            known = next((f for w in ("anna", "ben") for f in workspace.profile(w).evidence if f.id == id), None)
            if retract and known is not None:
                workspace.record(retraction(id, f"r{number}", known.worker))
            else:
                workspace.record(outcome(id, days=days, worker=worker, result=result))
            assert exact(workspace)


def test_a_database_from_before_parts_is_folded_anew_when_it_is_opened(database_url: str):
    old = database_of_version(database_url, "0002")
    fill(old)
    with old.write() as transaction:
        facts = [outcome("o1"), outcome("o2", days=9, worker="ben", result=Result.FAILED)]
        transaction.append(complete(transaction, facts), revision=transaction.next_revision())
    old.close()
    with Workspace.open(database_url) as workspace:
        assert exact(workspace)
        assert level(workspace, "anna") > level(workspace, "ben") >= 0.0
    store = Store.open(database_url)
    with store.read() as transaction:
        assert {row[0] for row in transaction.part_rows()} == {"anna", "ben"}
    store.close()


def test_a_rebuild_finds_and_repairs_a_tampered_belief(workspace: Workspace, database_url: str):
    import sqlalchemy

    workspace.record(outcome())
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE belief SET mean = mean + 1e-12 WHERE skill = 'refrigeration'"))
    engine.dispose()
    report = workspace.rebuild(check=True)
    assert report.differing > 0
    assert report.examples[0].startswith("worker anna")
    workspace.rebuild(check=False)
    assert exact(workspace)
