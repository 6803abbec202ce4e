"""Why a level is believed: the level that the profile gives, from the facts that count, whichever way they came."""

from collections.abc import Iterator

import pytest

from skillmatch.beliefs.evidence import SelfReport
from skillmatch.beliefs.observation import Result
from skillmatch.errors import NotFound
from skillmatch.workspace import Workspace
from tests.kit.company import NOW, company
from tests.workspace.test_recording import outcome, retraction


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


def test_the_level_explained_is_that_of_the_profile(workspace: Workspace):
    workspace.record(outcome("o1", days=300.0))
    workspace.record(SelfReport(id="s1", worker="anna", time=NOW, source="test", skill="controls", level=4.0))
    workspace.record(outcome("late", days=900.0, result=Result.REWORK))
    profile = workspace.profile("anna")
    for row in profile.skills:
        why = workspace.why("anna", row.skill.id)
        assert why.proficiency == row.proficiency
        assert why.explanation.total == pytest.approx(row.proficiency.level, rel=1e-12)
        assert why.basis.pieces == row.uses
        assert not why.inferred
    unseen = workspace.why("anna", "cooling")
    assert unseen.inferred
    assert unseen.proficiency == profile.general


def test_a_retracted_fact_is_no_reason_any_more(workspace: Workspace):
    workspace.record(outcome("o1", days=3.0))
    workspace.record(outcome("o2", days=2.0, result=Result.FAILED))
    workspace.record(retraction("o2"))
    assert [piece.evidence.id for piece in workspace.why("anna", "refrigeration").pieces] == ["o1"]


def test_only_as_many_pieces_as_asked_for_stand_alone(workspace: Workspace):
    for number in range(5):
        workspace.record(outcome(f"o{number}", days=5.0 - number))
    why = workspace.why("anna", "refrigeration", most=2)
    assert [piece.key for piece in why.pieces] == [term.key for term in why.explanation.terms[1:3]]
    assert why.explanation.terms[3].label == "3 more that raised it"
    assert why.explanation.total == pytest.approx(why.proficiency.level, rel=1e-12)


@pytest.mark.parametrize(("worker", "skill"), [("ana", "controls"), ("anna", "contrls")])
def test_what_does_not_exist_is_told_with_what_might_be_meant(workspace: Workspace, worker: str, skill: str):
    with pytest.raises(NotFound, match="did you mean"):
        workspace.why(worker, skill)
