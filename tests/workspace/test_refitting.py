"""Learning the parameters anew: adopted as a whole or not at all, and nothing that was recorded meanwhile is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from skillmatch.beliefs import refit as fitting
from skillmatch.beliefs.evidence import JobOutcome, Retraction
from skillmatch.beliefs.filter import WorkerState
from skillmatch.beliefs.histories import Histories, fold_histories
from skillmatch.beliefs.observation import Result
from skillmatch.beliefs.params import FEATURES, BeliefParams
from skillmatch.beliefs.refit import Fit
from skillmatch.errors import Conflict, NotFound
from skillmatch.gaps.gate import Check
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace import Workspace, refitting
from tests.kit.busy import WORKERS, busy_company, history
from tests.kit.company import NOW

OUTCOMES = 1200


@pytest.fixture(scope="module")
def learned() -> Fit:
    """What is really learned from the company's history, once: a fit takes a second or ten.

    With a variance that is not the one as shipped, whatever the search found.
    """
    found = fitting.fit(history(OUTCOMES), BeliefParams())
    assert found is not None
    assert found.held_out is not None
    return replace(found, params=replace(found.params, general_var=0.21))


@pytest.fixture
def workspace(database_url: str, learned: Fit, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The company under the parameters as shipped; fitting gives at once what it gives for its history."""

    def fit(_histories: Histories, current: BeliefParams, **_: object) -> Fit:
        return replace(learned, params=replace(learned.params, version=current.version + 1))

    monkeypatch.setattr(refitting, "fit", fit)
    with busy_company(database_url, outcomes=OUTCOMES) as opened:
        yield opened


def outcome(worker: str = "w00", id: str = "late") -> JobOutcome:
    time = NOW - timedelta(days=1)
    return JobOutcome(id=id, worker=worker, time=time, source="test", job="open", result=Result.FIRST_TIME_FIX)


def beliefs(workspace: Workspace) -> dict[str, object]:
    """Return everything that is stored of every worker."""
    with workspace._store.read() as transaction:
        return {state.worker: (state.values(), state.last) for state in transaction.states()}


def exact(workspace: Workspace) -> bool:
    return workspace.rebuild(check=True).differing == 0


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen after the fit, when everybody is being folded under the new parameters."""

    def fold(histories: Histories, params: BeliefParams) -> list[WorkerState]:
        monkeypatch.setattr(refitting, "fold_histories", fold_histories)
        act()
        return fold_histories(histories, params)

    monkeypatch.setattr(refitting, "fold_histories", fold)


def test_few_outcomes_keep_the_parameters_and_say_so(database_url: str):
    with busy_company(database_url, outcomes=fitting.MIN_TRIALS - 1) as workspace:
        before = beliefs(workspace)
        found = workspace.refit()
        assert (found.adopted, found.outcomes, found.checks, found.learned) == (False, 199, (), "")
        assert "199 finished jobs with skills, 200 are needed" in found.note
        assert found.params == workspace.params() == BeliefParams()
        assert [one.version for one in workspace.params_versions()] == [0]
        assert beliefs(workspace) == before


def test_too_few_workers_to_hold_out_are_learned_from_unjudged(tmp_path):
    with busy_company(str(tmp_path / "company.db"), outcomes=240) as workspace:
        found = workspace.refit()
        assert found.adopted
        assert (found.checks, found.scores) == ((), {})
        assert "from 240 outcomes; too few to hold workers out" in found.note
        assert exact(workspace)


def test_a_good_fit_comes_into_force_with_everybody_folded_under_it(workspace: Workspace, learned: Fit):
    before = workspace.rank("open", limit=40).candidates
    stages = []
    found = workspace.refit(progress=lambda stage, _done, _total: stages.append(stage))
    assert found.adopted
    assert (found.outcomes, found.workers, found.failed) == (OUTCOMES, len(WORKERS), ())
    assert found.params == workspace.params() == replace(learned.params, scores=found.scores)
    assert found.scores["log_loss"] < found.scores["before_log_loss"]
    assert stages[-1] == "learning what each worker can do"
    newest, shipped = workspace.params_versions()
    assert (newest.version, newest.in_force, newest.fitted_on, newest.note) == (1, True, OUTCOMES, found.note)
    assert newest.scores == dict(found.scores)
    assert (shipped.version, shipped.in_force, shipped.made) == (0, False, None)
    assert exact(workspace)
    assert {one.worker.id: one.chance for one in workspace.rank("open", limit=40).candidates} != {
        one.worker.id: one.chance for one in before
    }


def test_a_fact_recorded_during_the_fit_is_not_lost(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    meanwhile(monkeypatch, lambda: workspace.record(outcome()))
    found = workspace.refit()
    assert (found.adopted, found.workers) == (True, len(WORKERS))
    assert workspace.profile("w00").evidence[-1].id == "late"
    assert exact(workspace)


def test_a_fact_taken_back_during_the_fit_does_not_count(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    facts = workspace.profile("w00").evidence
    meanwhile(monkeypatch, lambda: retract(workspace, facts[:3]))
    assert workspace.refit().adopted
    assert workspace.profile("w00").evidence == facts[3:]
    assert exact(workspace)


def retract(workspace: Workspace, facts: Sequence[JobOutcome]) -> None:
    for number, fact in enumerate(facts):
        taken = Retraction(id=f"r{number}", worker=fact.worker, time=NOW, source="test",
                           retracts_source=fact.source, retracts_id=fact.id)  # fmt: skip
        workspace.record(taken)


def test_who_has_no_evidence_left_starts_afresh_under_the_new_parameters(workspace: Workspace):
    """What is believed before any evidence hangs on the parameters too."""
    retract(workspace, workspace.profile("w00").evidence)
    before = beliefs(workspace)
    assert workspace.refit().workers == len(WORKERS) - 1
    assert exact(workspace)
    workspace.use_params(0)
    assert exact(workspace)
    assert beliefs(workspace) == before


def test_a_merge_during_the_fit_is_not_lost(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    meanwhile(monkeypatch, lambda: workspace.merge_skills("plant", "case"))
    assert workspace.refit().adopted
    assert exact(workspace)
    assert {one.skill.id for one in workspace.profile("w00").skills} == {"case"}


def test_parameters_changed_meanwhile_are_a_conflict(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    def somebody_else() -> None:
        with workspace._store.write() as transaction:
            params = BeliefParams(version=1)
            transaction.save_params(params, note="by somebody else")
            states = fold_histories(dict(transaction.evidence()), params)
            transaction.save_states(states, revision=transaction.next_revision(), replace=True)

    meanwhile(monkeypatch, somebody_else)
    before = beliefs(workspace)
    with pytest.raises(Conflict, match="nothing was changed; refit again"):
        workspace.refit()
    assert [one.note for one in workspace.params_versions()] == ["by somebody else", "as shipped"]
    assert beliefs(workspace) == before
    assert exact(workspace)


def test_the_gate_refuses_by_name_and_changes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    good, bad = Check("log-loss", 0.4, -10.0, 0.5), Check("calibration error", 0.3, -10.0, 0.02)
    monkeypatch.setattr(refitting, "judge", lambda *_: (good, bad))
    before = beliefs(workspace)
    found = workspace.refit()
    assert (found.adopted, found.failed, found.checks) == (False, (bad,), (good, bad))
    assert found.note == ("refused, the parameters stay as they are: calibration error: 0.3000, expected at most 0.020")
    assert found.scores["auc"] > 0.5
    assert found.params == workspace.params() == BeliefParams()
    assert [one.version for one in workspace.params_versions()] == [0]
    assert beliefs(workspace) == before


def test_going_back_gives_the_beliefs_of_then_to_the_bit(workspace: Workspace):
    shipped = beliefs(workspace)
    workspace.refit()
    fitted = beliefs(workspace)
    assert fitted != shipped
    assert workspace.use_params(0).version == 2
    assert beliefs(workspace) == shipped
    assert workspace.use_params(1).version == 3
    assert beliefs(workspace) == fitted
    assert exact(workspace)
    versions = workspace.params_versions()
    assert [one.version for one in versions] == [3, 2, 1, 0]
    assert [one.in_force for one in versions] == [True, False, False, False]
    assert [one.note for one in versions[:2]] == ["version 1 again", "version 0 again"]
    assert (versions[0].scores, versions[0].fitted_on) == (versions[2].scores, OUTCOMES)


def test_the_version_in_force_is_not_put_in_force_again(workspace: Workspace):
    workspace.refit()
    revision = workspace.rank("open").revision
    assert workspace.use_params(1).version == 1
    assert len(workspace.params_versions()) == 2
    assert workspace.rank("open").revision == revision


def test_what_ends_in_the_middle_leaves_everything_as_it_was(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    before, written = beliefs(workspace), []
    save_states = Transaction.save_states

    def killed(self: Transaction, states: Sequence[WorkerState], **how: object) -> None:
        """Write half of them, and die."""
        save_states(self, list(states)[:20], **how)
        written.append({state.worker: (state.values(), state.last) for state in self.states()})
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "save_states", killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.refit()
        with pytest.raises(KeyboardInterrupt):
            workspace.rebuild(check=False)
    assert written[0] != before
    assert beliefs(workspace) == before
    assert [one.version for one in workspace.params_versions()] == [0]
    assert exact(workspace)
    assert workspace.refit().adopted


def test_two_versions_are_compared_number_by_number(workspace: Workspace):
    fitted = workspace.refit().params
    found = workspace.compare_params(0, 1)
    assert (found.a.version, found.b.version) == (0, 1)
    assert found.b.scores == dict(fitted.scores)
    rows = {row.name: (row.a, row.b) for row in found.differences}
    assert rows["base"] == (BeliefParams().base, fitted.base)
    assert rows["general_var"] == (BeliefParams().general_var, fitted.general_var)
    assert rows["entries of difficulties"] == (0, 2)
    assert rows["cuts 1"] == (BeliefParams().cuts[0], fitted.cuts[0])
    weights = {name: weight for name, weight in zip(FEATURES, fitted.weights, strict=True) if weight}
    assert {f"weight of {name}": (0.0, weight) for name, weight in weights.items()}.items() <= rows.items()
    assert rows.keys().isdisjoint({"version", "scores", "fitted_on", "average_level"})
    turned = workspace.compare_params(1, 0).differences
    assert [(row.name, row.b, row.a) for row in turned] == [(row.name, row.a, row.b) for row in found.differences]
    assert workspace.compare_params(1, 1).differences == ()


def test_learned_values_that_differ_are_told_though_they_are_as_many(tmp_path):
    store = Store.open(str(tmp_path / "company.db"))
    with store.write() as transaction:
        one = BeliefParams(version=1, leniencies={"manager:m": 0.1}, rater_noise={**BeliefParams().rater_noise})
        transaction.save_params(one, note="one")
        noise = {**one.rater_noise, "peer": 7.0}
        transaction.save_params(replace(one, version=2, leniencies={"manager:m": 0.2}, rater_noise=noise), note="two")
    with Workspace(store) as workspace:
        found = workspace.compare_params(1, 2).differences
    assert [(row.name, row.a, row.b) for row in found] == [
        ("rater_noise peer", 9.8, 7.0),
        ("entries of leniencies", 1.0, 1.0),
    ]


@pytest.mark.parametrize("unknown", [2, -1])
def test_an_unknown_version_is_not_found(tmp_path, unknown: int):
    with busy_company(str(tmp_path / "company.db"), outcomes=10) as workspace:
        advice = rf"no version {unknown} of the parameters: expected 0; list them with `skillmatch refit --list`"
        with pytest.raises(NotFound, match=advice):
            workspace.use_params(unknown)
        with pytest.raises(NotFound, match=advice):
            workspace.compare_params(0, unknown)
        assert len(workspace.params_versions()) == 1


def test_a_changed_skills_graph_folds_everybody_anew(workspace: Workspace, tmp_path):
    """Who has no evidence left starts afresh too, under the parameters with the new families."""
    worker = WORKERS[0]
    retract(workspace, [fact for fact in workspace.profile(worker).evidence if isinstance(fact, JobOutcome)])
    before = workspace.params()
    one, other = sorted(workspace.names())[:2]
    (tmp_path / "links.csv").write_text(f"source,target,kind,weight\n{one},{other},broader,1\n", encoding="utf-8")
    report = workspace.import_path(tmp_path / "links.csv")
    after = workspace.params()
    assert after.version == before.version + 1
    assert [loading.part for loading in after.loadings[one]] == [f"family:{other}"]
    assert any("changed what skills share" in note for note in report.notes)
    assert exact(workspace)
