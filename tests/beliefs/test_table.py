"""The resident arrays say the same as the states they mirror."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from skillmatch.beliefs.evidence import Evidence, day_number
from skillmatch.beliefs.filter import SkillState, WorkerState, fold, forget, learn
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable, SkillRow
from tests.beliefs import strategies
from tests.kit.build import RICH, at, outcome, self_report

PARAMS = BeliefParams()


def row(worker: str, mean: float, *, gone: bool = False) -> SkillRow:
    return (worker, "controls", mean, 0.4, 1.0, 1.0, 1.0, 1, 1.0, 0.0, 0.0, 1.0, 1.0, gone)


@settings(max_examples=50)
@given(strategies.companies(20))
def test_rows_carried_forward_agree_with_the_filter(company: dict[str, list[Evidence]]):
    table = BeliefTable(RICH)
    states = {worker: fold(worker, facts, RICH) for worker, facts in company.items()}
    for state in states.values():
        table.put_state(state)
    moment = day_number(at(1000))
    for worker, state in states.items():
        place = table.place(worker)
        assert place is not None
        assert (table.general_mean[place], table.general_var[place], table.jobs[place]) == state.parts["general"]
        assert table.form[place] == state.form
        assert table.worked[place] == state.worked
        assert table.skills_of(worker) == sorted(state.skills)
        for part, values in state.parts.items():
            if part.startswith(("family:", "circle:")):
                rows = table.part(part)
                assert tuple(rows.values[:, rows.place(place)]) == values
        for skill, stored in state.skills.items():
            row = SkillState(*stored.values())
            forget(row, moment, RICH, skill)
            rows = table.rows(skill)
            found = {name: float(column[rows.place(place)]) for name, column in rows.at(moment, RICH)._asdict().items()}
            idle = moment - stored.day
            expected = {
                **{name: getattr(row, name) for name in ("mean", "var", "recent", "lasting", "successes", "failures")},
                "surprise": row.surprise,
                "won": moment - row.won,
                "main": row.main,
                "idle": idle,
                "pause": math.log1p(24.0 * idle),
            }
            assert found == pytest.approx(expected, rel=1e-12)


def seen_in(state: WorkerState) -> dict[str, tuple[float, ...]]:
    """Return all numbers of the skills but how often each was used, of which only whether it was ever matters."""
    return {skill: (*row.values()[:5], *row.values()[6:]) for skill, row in state.skills.items()}


@settings(max_examples=50)
@given(strategies.companies(20))
def test_the_state_of_a_worker_comes_back_as_far_as_ranking_needs_it(company: dict[str, list[Evidence]]):
    table = BeliefTable(RICH)
    states = {worker: fold(worker, facts, RICH) for worker, facts in company.items()}
    for state in states.values():
        table.put_state(state)
    for worker, state in states.items():
        found = table.state(worker)
        assert seen_in(found) == seen_in(state)
        assert (found.form, found.worked) == (state.form, state.worked)
        kinds = ("general", "family", "circle")
        ranked = {part: values for part, values in state.parts.items() if part.startswith(kinds)}
        assert found.parts == ranked


@settings(max_examples=50)
@given(strategies.evidence(most=20))
def test_an_outcome_is_learned_alike_from_the_arrays(facts: list[Evidence]):
    """Biases are left out of the arrays, and a job that was tried does not ask for them."""
    state, table = fold("anna", facts, RICH), BeliefTable(RICH)
    table.put_state(state)
    told, asked = table.state("anna"), outcome(days=700.0, level=3.0, job_type="hard", customer="bakery", site="roof")
    assert learn(told, asked, RICH) == learn(state, asked, RICH)
    assert seen_in(told) == seen_in(state)
    assert told.general_mean == state.general_mean


def test_the_state_of_a_stranger_is_the_prior():
    assert BeliefTable(RICH).state("anna").values() == WorkerState.fresh("anna", RICH).values()


def test_biases_are_no_part_of_what_is_ranked():
    table = BeliefTable(RICH)
    table.put_state(fold("anna", [self_report(level=5.0)], RICH))
    assert len(table.part("self")) == len(table.part("occasion")) == 0
    assert len(table.part("family:cooling")) == 1


def test_parts_that_are_gone_leave_the_prior():
    table = BeliefTable(RICH)
    for worker in ("anna", "ben"):
        table.put_state(fold(worker, [outcome(worker)], RICH))
    table.put_parts([("anna", "general", 9.0, 9.0, 9.0, True), ("anna", "family:cooling", 9.0, 9.0, 9.0, True)])
    anna, ben = table.place("anna"), table.place("ben")
    assert anna is not None
    assert (table.general_mean[anna], table.general_var[anna], table.jobs[anna]) == (0.0, RICH.general_var, 0.0)
    assert table.part("family:cooling").index.tolist() == [ben]
    table.drop_parts("ben")
    assert len(table.part("family:cooling")) == 0


def test_an_untouched_skill_has_no_rows():
    table = BeliefTable(PARAMS)
    table.add_workers(["anna", "ben"])
    assert len(table.rows("controls")) == 0
    assert list(table.general_mean) == [0.0, 0.0]
    assert list(table.general_var) == [PARAMS.general_var] * 2


def test_putting_a_pair_again_replaces_it():
    table = BeliefTable(PARAMS)
    table.put_rows([row("anna", 0.5), row("anna", 0.7)])
    assert len(table.rows("controls")) == 1
    assert table.rows("controls").at(1.0, PARAMS)[0].tolist() == [0.7]


def test_a_pair_that_is_gone_leaves_the_others_as_they_are():
    table = BeliefTable(PARAMS)
    table.put_rows([row("anna", 0.1), row("ben", 0.2), row("chen", 0.3)])
    table.put_rows([row("anna", 0.0, gone=True), row("dora", 0.0, gone=True)])
    rows = table.rows("controls")
    means = dict(zip(rows.index.tolist(), rows.at(1.0, PARAMS)[0].tolist(), strict=True))
    assert means == {table.place("ben"): 0.2, table.place("chen"): 0.3}
    assert table.skills_of("anna") == []
    table.put_rows([row("anna", 0.4)])
    assert table.skills_of("anna") == ["controls"]


def test_ties_are_ordered_by_id_and_not_by_arrival():
    table = BeliefTable(PARAMS)
    table.add_workers(["zoe", "anna", "mia"])
    assert table.id_order.tolist() == [2, 0, 1]
    table.add_workers(["ben"])
    assert table.id_order.tolist() == [3, 0, 2, 1]


def test_many_workers_fit():
    table = BeliefTable(PARAMS)
    table.add_workers(str(n) for n in range(1000))
    assert np.all(table.general_var == PARAMS.general_var)
    assert len(table) == 1000
