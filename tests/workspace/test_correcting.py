"""An outcome that was wrong is corrected or taken back; its job and what is believed follow, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import JobStatus
from skillmatch.workspace import Result, Workspace
from tests.kit.company import NOW, company

FIXED = JobOutcome(id="o1", worker="anna", time=NOW, source="typed in", job="j1", result=Result.FIRST_TIME_FIX)


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


def outcome(workspace: Workspace, fact: JobOutcome = FIXED) -> JobOutcome:
    """Record an outcome and return it as it counts."""
    workspace.record(fact)
    return next(one for one in workspace.job(fact.job).outcomes if one.key == fact.key)


def levels(workspace: Workspace, worker: str = "anna") -> object:
    """Return what is believed of a worker, and check it against a rebuild."""
    assert workspace.rebuild(check=True).differing == 0
    found = workspace.profile(worker)
    return found.general, [one.proficiency for one in found.skills]


def test_a_correction_counts_instead_of_what_was_recorded(workspace: Workspace):
    before = outcome(workspace)
    good = levels(workspace)
    workspace.correct_outcome(replace(before, result=Result.FAILED, note="it came back"), seen=before)
    (now,) = workspace.job("j1").outcomes
    assert (now.result, now.note, now.demands, now.time) == (Result.FAILED, "it came back", before.demands, NOW)
    assert levels(workspace) != good
    workspace.correct_outcome(before, seen=now)
    assert levels(workspace) == good


@pytest.mark.parametrize(
    ("was", "becomes", "status"),
    [
        (Result.FIRST_TIME_FIX, Result.FAILED, JobStatus.OPEN),
        (Result.FIRST_TIME_FIX, Result.REWORK, JobStatus.DONE),
        (Result.FAILED, Result.WITH_HELP, JobStatus.DONE),
        (Result.FAILED, Result.HANDED_ON, JobStatus.OPEN),
    ],
)
def test_the_job_is_open_or_done_as_the_corrected_result_says(
    workspace: Workspace, was: Result, becomes: Result, status: JobStatus
):
    before = outcome(workspace, replace(FIXED, result=was))
    workspace.correct_outcome(replace(before, result=becomes), seen=before)
    assert workspace.job("j1").job.status is status


def test_a_job_that_another_outcome_closed_stays_done(workspace: Workspace):
    before = outcome(workspace)
    outcome(workspace, replace(FIXED, id="o2", worker="ben"))
    workspace.take_back_outcome(before)
    assert workspace.job("j1").job.status is JobStatus.DONE


def test_what_was_corrected_by_somebody_else_meanwhile_is_told(workspace: Workspace):
    before = outcome(workspace)
    workspace.correct_outcome(replace(before, minutes=50.0), seen=before)
    with pytest.raises(Conflict, match="changed by somebody else"):
        workspace.correct_outcome(replace(before, minutes=70.0), seen=before)
    assert workspace.job("j1").outcomes[0].minutes == 50.0


def test_the_former_version_is_what_stood_before_the_correction(workspace: Workspace):
    before = outcome(workspace)
    assert workspace.former_outcome(before) is None
    workspace.correct_outcome(replace(before, note="x"), seen=before)
    assert workspace.former_outcome(workspace.job("j1").outcomes[0]) == before


def test_an_outcome_that_is_taken_back_leaves_everything_as_if_it_had_never_been(workspace: Workspace):
    nothing = levels(workspace)
    workspace.take_back_outcome(outcome(workspace))
    assert workspace.job("j1").outcomes == ()
    assert workspace.job("j1").job.status is JobStatus.OPEN
    assert levels(workspace) == nothing


def test_what_was_taken_back_is_put_back_and_counts_once(workspace: Workspace):
    before = outcome(workspace)
    good = levels(workspace)
    with pytest.raises(Conflict, match="nothing to put back"):
        workspace.put_back_outcome("j1", before.key)
    workspace.take_back_outcome(before)
    with pytest.raises(Conflict, match="taken back already"):
        workspace.take_back_outcome(before)
    again = workspace.put_back_outcome("j1", before.key)
    assert replace(again, id=before.id) == before
    assert workspace.put_back_outcome("j1", before.key) == again
    assert workspace.job("j1").outcomes == (again,)
    assert workspace.job("j1").job.status is JobStatus.DONE
    assert levels(workspace) == good


def test_a_correction_that_cannot_be_changes_nothing(workspace: Workspace):
    before = outcome(workspace)
    with pytest.raises(NotFound, match="no worker 'ghost'"):
        workspace.correct_outcome(replace(before, worker="ghost"), seen=before)
    with pytest.raises(Invalid):
        workspace.correct_outcome(replace(before, time=NOW.replace(year=2030)), seen=before)
    assert workspace.job("j1").outcomes == (before,)


def test_an_outcome_of_another_job_is_not_put_back(workspace: Workspace):
    before = outcome(workspace)
    workspace.take_back_outcome(before)
    with pytest.raises(NotFound, match="job 'j2' has no outcome 'o1'"):
        workspace.put_back_outcome("j2", before.key)
