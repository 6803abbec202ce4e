"""Growing: what is inferred is asked once and answered once; wishes stand until taken back; what leads to a skill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skillmatch.beliefs.evidence import LearningWish, SelfReport, SkillDeclined, day_number
from skillmatch.beliefs.filter import fold
from skillmatch.beliefs.filter import standing as filter_standing
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.matching import inferred
from skillmatch.model import Worker
from skillmatch.workspace import Workspace
from tests.workspace.alike import NOW, company

ID, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with company(tmp_path) as opened:
        yield opened


def test_what_resembles_ones_work_and_is_asked_for_is_inferred_with_why(workspace: Workspace):
    (one,) = workspace.development.inferred("anna")
    assert (one.skill, one.jobs, one.relatives) == ("alarms", 60, ("lighting", "sockets", "switches"))
    assert one.level >= one.usual + inferred.LEAD


def test_the_levels_are_those_that_folding_the_log_gives(workspace: Workspace):
    (one,) = workspace.development.inferred("anna")
    params, moment, levels = workspace.params(), day_number(NOW), {}
    for worker in ("anna", "ben", "chen"):  # Dora has left
        state = fold(worker, workspace.profile(worker).evidence, params)
        levels[worker] = params.level_of_logit(filter_standing(state, "alarms", moment, params).mean)
    assert one.level == pytest.approx(levels["anna"])
    assert one.usual == pytest.approx(float(np.mean(list(levels.values()))))


def test_nothing_is_suggested_rather_than_nonsense(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    assert workspace.development.inferred("ben") == ()  # he does poorly
    assert workspace.development.inferred("dora") == ()  # she has left
    # Nobody is asked about plumbing: it resembles nothing that Anna does often enough and few jobs need it.
    assert "plumbing" not in {one.skill for one in workspace.development.inferred("anna")}
    for name, value in (("LEAST_DEMAND", 61.0), ("LEAD", 4.0), ("FEWEST_JOBS", 37.0), ("LEAST_LEVEL", 5.1)):
        with monkeypatch.context() as changed:
            changed.setattr(inferred, name, value)
            assert workspace.development.inferred("anna") == (), name
    with pytest.raises(NotFound):
        workspace.development.inferred("ghost")


def test_an_accepted_skill_is_a_self_report_and_is_asked_no_more(workspace: Workspace):
    before = workspace.why("anna", "alarms").proficiency
    for _again in range(2):
        fact = workspace.development.accept(ID, "anna", "alarms", 3.0)
    assert isinstance(fact, SelfReport)
    assert [one for one in workspace.profile("anna").evidence if isinstance(one, SelfReport)] == [fact]
    assert workspace.development.inferred("anna") == ()
    assert workspace.why("anna", "alarms").proficiency != before
    assert workspace.development.take_back(ID, "anna")
    assert not workspace.development.take_back(ID, "anna")
    assert workspace.why("anna", "alarms").proficiency == before
    assert [one.skill for one in workspace.development.inferred("anna")] == ["alarms"]
    assert workspace.rebuild(check=True).differing == 0


def test_a_declined_skill_changes_no_level_and_is_asked_no_more(workspace: Workspace):
    before = workspace.why("anna", "alarms").proficiency
    for _again in range(2):
        workspace.development.decline(ID, "anna", "alarms", note="never")
    assert len([one for one in workspace.profile("anna").evidence if isinstance(one, SkillDeclined)]) == 1
    assert workspace.development.inferred("anna") == ()
    assert workspace.why("anna", "alarms").proficiency == before
    assert workspace.development.take_back(ID, "anna")
    assert [one.skill for one in workspace.development.inferred("anna")] == ["alarms"]


def test_an_answer_stands_for_one_skill_of_one_worker(workspace: Workspace):
    workspace.development.accept(ID, "anna", "alarms", 3.0)
    for answer in (
        lambda: workspace.development.accept(ID, "anna", "alarms", 4.0),
        lambda: workspace.development.accept(ID, "ben", "alarms", 3.0),
        lambda: workspace.development.decline(ID, "anna", "alarms"),
    ):
        with pytest.raises(Conflict, match="used already"):
            answer()
    assert not workspace.development.take_back(ID, "ben")
    assert len([one for one in workspace.profile("anna").evidence if isinstance(one, SelfReport)]) == 1


def test_what_cannot_be_is_refused(workspace: Workspace):
    with pytest.raises(NotFound):
        workspace.development.accept(ID, "anna", "ghost", 3.0)
    with pytest.raises(NotFound):
        workspace.development.decline(ID, "anna", "ghost")
    with pytest.raises(NotFound):
        workspace.development.wish(ID, "ghost", "alarms")
    with pytest.raises(NotFound):
        workspace.development.path("anna", "ghost")
    for level in (-1.0, 6.0, float("nan")):
        with pytest.raises(Invalid):
            workspace.development.accept(ID, "anna", "alarms", level)
    assert not [one for one in workspace.profile("anna").evidence if isinstance(one, SelfReport)]


def test_a_wish_stands_until_it_is_taken_back(workspace: Workspace):
    wish = workspace.development.wish
    assert wish(ID, "anna", "alarms", note="for the school")
    assert not wish(OTHER, "anna", "alarms")
    assert wish(OTHER, "ben", "alarms")
    assert [(one.worker, one.skill, one.note) for one in workspace.development.wishes()] == [
        ("anna", "alarms", "for the school"),
        ("ben", "alarms", ""),
    ]
    assert [one.worker for one in workspace.development.wishes(["ben"])] == ["ben"]
    assert wish("c" * 32, "anna", "alarms", active=False)
    assert not wish("d" * 32, "anna", "alarms", active=False)
    assert workspace.development.wishes(["anna"]) == ()
    with pytest.raises(Conflict, match="used already"):
        wish(ID, "anna", "alarms")
    facts = [one for one in workspace.profile("anna").evidence if isinstance(one, LearningWish)]
    assert [one.active for one in facts] == [True, False]


def test_a_path_says_what_is_missing_and_who_and_what_could_help(workspace: Workspace):
    workspace.development.wish(ID, "ben", "alarms")
    path = workspace.development.path("ben", "alarms")
    assert path.wish is not None
    assert not path.tried
    assert path.asked == 3.5  # the middle of what the two types ask
    assert path.gap == pytest.approx(3.5 - path.proficiency.level)
    # What comes first stands first: switches need plumbing.
    assert [(step.skill, step.enough) for step in path.steps] == [("plumbing", False), ("switches", False)]
    assert [(one.worker.id, one.same_team) for one in path.teachers] == [("chen", False)]
    courses = [(one.name, one.people, one.own) for one in path.courses]
    assert courses == [("Alarms I", 2, False), ("Alarms II", 1, False)]
    assert path.practice == ()  # he knows nothing beside it that these jobs need
    assert workspace.development.path("chen", "alarms").courses[0].own


def test_one_goes_along_to_jobs_of_which_one_knows_the_rest(workspace: Workspace):
    path = workspace.development.path("anna", "alarms")
    found = {one.type: [job.id for job in one.jobs] for one in path.practice}
    assert found["alarm"] == ["j1", "j2"]
    assert path.gap == 0.0


def test_who_is_in_the_same_team_teaches_first(workspace: Workspace):
    with workspace._store.write() as transaction:
        (chen,) = transaction.nouns(Worker, ["chen"])
        transaction.save_nouns(Worker, [replace(chen, team="North")], revision=transaction.next_revision())
    assert [one.same_team for one in workspace.development.path("ben", "alarms").teachers] == [True]
    # Anna masters lighting; for her there is nobody ahead.
    assert [one.worker.id for one in workspace.development.path("ben", "lighting").teachers] == ["anna"]
    assert workspace.development.path("anna", "lighting").teachers == ()


def test_a_skill_that_no_job_asks_a_level_of_has_no_gap(workspace: Workspace):
    path = workspace.development.path("anna", "sockets")
    assert (path.asked, path.gap, path.practice, path.courses, path.steps) == (None, None, (), (), ())
