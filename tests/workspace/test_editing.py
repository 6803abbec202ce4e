"""A job is changed on top of what was seen, made anew once, cancelled, and each of these can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from skillmatch.errors import Conflict, Invalid, NotFound, SkillmatchError
from skillmatch.model import Booking, Job, JobStatus, Requirement
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace, differing
from tests.kit.company import NOW, TOO_WARM, company

COOLING = Requirement("cooling", 2.0)


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


def change(workspace: Workspace, id: str = "j1", **changes: object) -> int:
    """Change a job on top of how it is now; return the number of the write."""
    now = workspace.job_version(id)
    return workspace.edit_job(replace(now.view.job, **changes), seen=now.revision)  # type: ignore[arg-type]


def booked(workspace: Workspace, job: str = "j1") -> dict[str, bool]:
    """Return who has a booking for a job, and whether it holds."""
    with workspace._store.read() as transaction:
        return {one.worker: not one.cancelled for one in transaction.nouns(Booking) if one.job == job}


def test_a_job_is_changed_in_everything_at_once(workspace: Workspace):
    before = workspace.job_version("j1")
    changed = replace(before.view.job, title="Case at 12 degrees", priority=1, requirements=(COOLING,), crew=2)
    revision = workspace.edit_job(changed, seen=before.revision)
    now = workspace.job_version("j1")
    assert (now.view.job, now.revision) == (changed, revision)
    assert not now.view.inherited
    assert [column.skill for column in workspace.views("j1")[0].columns] == ["cooling"]


def test_the_same_again_is_no_change(workspace: Workspace):
    before = workspace.job_version("j1")
    assert workspace.edit_job(before.view.job, seen=before.revision) == 0
    assert workspace.job_version("j1") == before


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_and_both_versions_can_be_seen(workspace: Workspace):
    seen = workspace.job_version("j1")
    rita = workspace.accounts.add("rita", name="Rita", role="scheduler")  # type: ignore[arg-type]
    theirs = replace(seen.view.job, priority=1)
    workspace.edit_job(theirs, seen=seen.revision, by=rita)
    with pytest.raises(Conflict, match="changed by somebody else since you opened it"):
        workspace.edit_job(replace(seen.view.job, title="mine"), seen=seen.revision)
    now = workspace.job_version("j1")
    assert (now.view.job, now.by) == (theirs, rita.signature)
    then = workspace.job_version("j1", seen=seen.revision)
    assert then.view.job == seen.view.job
    assert differing(then.view.job, now.view.job) == ("priority",)
    assert workspace.edit_job(replace(theirs, title="mine"), seen=now.revision) > now.revision


def test_of_several_who_change_at_once_one_is_not_told(workspace: Workspace, database_url: str):
    seen = workspace.job_version("j1")

    def one(priority: int) -> str:
        with Workspace(Store.open(database_url), clock=lambda: NOW) as other:
            try:
                other.edit_job(replace(seen.view.job, priority=priority), seen=seen.revision)
            except Conflict:
                return "told"
            return "changed"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, [1, 2, 4, 5])) == ["changed", "told", "told", "told"]


def test_a_change_is_taken_back_to_what_it_was(workspace: Workspace):
    before = workspace.job_version("j1").view.job
    revision = change(workspace, title="other", due=None, requirements=(COOLING,))
    workspace.take_back("j1", revision)
    assert workspace.job_version("j1").view.job == before
    assert workspace.job("j1").inherited


@pytest.mark.parametrize("again", [{"title": "third"}, {"priority": 5}])
def test_what_was_changed_again_since_is_not_taken_back(workspace: Workspace, again: dict[str, object]):
    revision = change(workspace, title="other")
    change(workspace, **again)
    with pytest.raises(Conflict, match="changed again since"):
        workspace.take_back("j1", revision)


def test_taking_back_counts_once(workspace: Workspace):
    revision = change(workspace, title="other")
    workspace.take_back("j1", revision)
    with pytest.raises(Conflict, match="changed again since"):
        workspace.take_back("j1", revision)


@pytest.mark.parametrize("revision", [0, -1, 10**15])
def test_a_write_that_never_was_is_not_taken_back(workspace: Workspace, revision: int):
    before = workspace.job_version("j1")
    with pytest.raises(SkillmatchError):
        workspace.take_back("j1", revision)
    assert workspace.job_version("j1") == before


def test_an_assignment_is_taken_back_with_whom_it_called_off_and_the_decision_keeps_it(workspace: Workspace):
    first = workspace.propose("j1")
    best, second = (one.worker.id for one in first.candidates[:2])
    workspace.assign(first.number, [best])
    number = workspace.propose("j1").number
    done = workspace.assign(number, [second], reason="is next door")
    assert booked(workspace) == {best: False, second: True}
    change(workspace, title="changed meanwhile")  # of the job, not of who is promised
    workspace.take_back("j1", done.revision)
    assert booked(workspace) == {best: True, second: False}
    assert workspace.decision(number).chosen == (second,)
    assert [one.worker for one in workspace.bookings("j1")] == [best]


def test_an_assignment_after_which_somebody_else_was_assigned_stays(workspace: Workspace):
    first = workspace.propose("j1")
    best, second = (one.worker.id for one in first.candidates[:2])
    done = workspace.assign(first.number, [best])
    workspace.assign(workspace.propose("j1").number, [second], reason="is next door")
    with pytest.raises(Conflict, match="changed again since"):
        workspace.take_back("j1", done.revision)
    assert booked(workspace) == {best: False, second: True}


def test_cancelling_calls_off_whoever_is_promised_and_taking_that_back_promises_again(workspace: Workspace):
    ranking = workspace.propose("j1")
    best = ranking.candidates[0].worker.id
    workspace.assign(ranking.number, [best])
    revision = workspace.cancel_job("j1")
    assert workspace.job("j1").job.status is JobStatus.CANCELLED
    assert booked(workspace) == {best: False}
    with pytest.raises(Conflict, match="is cancelled"):
        workspace.cancel_job("j1")
    workspace.take_back("j1", revision)
    assert workspace.job("j1").job.status is JobStatus.OPEN
    assert booked(workspace) == {best: True}


def test_only_open_jobs_are_changed_or_cancelled(workspace: Workspace):
    with pytest.raises(Conflict, match="'j4' is done"):
        change(workspace, "j4", title="other")
    with pytest.raises(Conflict, match="'j4' is done"):
        workspace.cancel_job("j4")


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"title": " "}, Invalid, "has no title"),
        ({"title": "x" * 301}, Invalid, "301 characters"),
        ({"text": "x" * 10_001}, Invalid, "10001 characters"),
        ({"type": "too wram"}, NotFound, "did you mean 'too warm'"),
        ({"customer": "bakry"}, NotFound, "did you mean 'bakery'"),
        ({"site": "bakery-2"}, NotFound, "no site"),
        ({"requirements": (Requirement("coling"),)}, NotFound, "did you mean 'cooling'"),
        ({"customer": None}, Invalid, "belongs to customer 'bakery'"),
    ],
)
def test_what_cannot_stand_changes_nothing(
    workspace: Workspace, changes: dict[str, object], error: type[Exception], said: str
):
    before = workspace.job_version("j1")
    with pytest.raises(error, match=said):
        change(workspace, **changes)
    assert workspace.job_version("j1") == before


def test_a_new_job_is_made_once_however_often_it_is_sent(workspace: Workspace):
    job = Job("n1", "Freezer is loud", "it hums", "too warm", "bakery", "bakery-1", created=NOW)
    assert workspace.new_job(job)
    assert not workspace.new_job(replace(job, created=NOW + timedelta(minutes=1)))
    with pytest.raises(Conflict, match="it is another one"):
        workspace.new_job(replace(job, title="Another"))
    assert workspace.job("n1").job == job
    assert workspace.job("n1").needs == TOO_WARM


def test_a_job_that_is_not_there_is_told(workspace: Workspace):
    for act in (workspace.job_version, workspace.cancel_job, lambda id: workspace.take_back(id, 1)):
        with pytest.raises(NotFound, match="no job 'j11'"):
            act("j11")
