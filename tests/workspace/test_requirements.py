"""What a job needs is changed on top of what was seen, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import CertificationRequirement, Requirement
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace, needs_digest
from tests.kit.company import NOW, TOO_WARM, company

COOLING = Requirement("cooling", 2.0)


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


def digest(workspace: Workspace, job: str = "j1") -> str:
    return needs_digest(workspace.job(job))


def revision(workspace: Workspace) -> int:
    return workspace.rank("j3").revision


def test_a_job_gets_needs_of_its_own_and_the_ranking_follows(workspace: Workspace):
    assert workspace.job("j1").inherited
    done = workspace.set_requirements("j1", (*TOO_WARM, COOLING), seen=digest(workspace))
    assert (done.needs, done.inherited) == ((*TOO_WARM, COOLING), False)
    assert workspace.job("j1") == done
    assert {column.skill for column in workspace.views("j1")[0].columns} == {"refrigeration", "controls", "cooling"}
    assert workspace.job("j2").needs == TOO_WARM  # of the same type, and as it was


def test_a_job_without_needs_of_its_own_inherits_again(workspace: Workspace):
    workspace.set_requirements("j1", (COOLING,), seen=digest(workspace))
    done = workspace.set_requirements("j1", (), seen=digest(workspace))
    assert (done.needs, done.inherited) == (TOO_WARM, True)


def test_what_was_changed_meanwhile_is_not_overwritten(workspace: Workspace):
    seen, before = digest(workspace), revision(workspace)
    workspace.set_requirements("j1", (COOLING,), seen=seen)
    with pytest.raises(Conflict, match="changed by somebody else meanwhile"):
        workspace.set_requirements("j1", TOO_WARM, seen=seen)
    assert workspace.job("j1").needs == (COOLING,)
    assert revision(workspace) == before + 1


def test_the_same_needs_as_own_ones_are_something_else_than_inherited_ones(workspace: Workspace):
    inherited = digest(workspace)
    workspace.set_requirements("j1", TOO_WARM, seen=inherited)
    assert digest(workspace) != inherited


def test_of_two_who_change_at_once_one_is_told(workspace: Workspace, database_url: str):
    seen = digest(workspace)

    def change(level: float) -> str:
        with Workspace(Store.open(database_url), clock=lambda: NOW) as other:
            try:
                other.set_requirements("j1", (Requirement("cooling", level),), seen=seen)
            except Conflict:
                return "told"
            return "changed"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, [1.0, 2.0, 3.0, 4.0])) == ["changed", "told", "told", "told"]


def test_only_open_jobs_are_changed(workspace: Workspace):
    with pytest.raises(Conflict, match="job 'j4' is done"):
        workspace.set_requirements("j4", (COOLING,), seen=digest(workspace, "j4"))


@pytest.mark.parametrize(
    ("needs", "error", "said"),
    [
        ((Requirement("coling"),), NotFound, "did you mean 'cooling'"),
        ((COOLING, COOLING), Invalid, "more than once"),
    ],
)
def test_what_cannot_stand_changes_nothing(workspace: Workspace, needs: tuple, error: type[Exception], said: str):
    before = revision(workspace)
    with pytest.raises(error, match=said):
        workspace.set_requirements("j1", needs, seen=digest(workspace))
    assert workspace.job("j1").inherited
    assert revision(workspace) == before


def test_a_job_that_is_not_there_is_told_with_the_nearest(workspace: Workspace):
    with pytest.raises(NotFound, match="no job 'j11'; did you mean 'j1'"):
        workspace.set_requirements("j11", (), seen="")


def test_other_needs_than_skills_are_kept(workspace: Workspace):
    needs = (CertificationRequirement("F-GAS"), COOLING)
    assert workspace.set_requirements("j3", needs, seen=digest(workspace, "j3")).needs == needs
