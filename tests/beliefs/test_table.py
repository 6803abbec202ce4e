"""The resident arrays say the same as the states they mirror."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import day_number
from skillmatch.beliefs.filter import SkillState, fold, forget
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.table import BeliefTable, SkillRow
from tests.kit.build import at, outcome

PARAMS = BeliefParams()


def row(worker: str, mean: float, *, gone: bool = False) -> SkillRow:
    return (worker, "controls", mean, 0.4, 1.0, 1.0, 1.0, 1, 1.0, 0.0, 0.0, gone)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 5), st.floats(0, 900)), max_size=60))
def test_rows_carried_forward_agree_with_the_filter(jobs: list[tuple[int, int, float]]):
    states = {}
    table = BeliefTable(PARAMS)
    for worker in {w for w, _, _ in jobs}:
        facts = sorted(
            (outcome(worker=f"w{w}", skill=f"s{s}", days=days) for w, s, days in jobs if w == worker),
            key=lambda fact: fact.order,
        )
        states[f"w{worker}"] = fold(f"w{worker}", facts, PARAMS)
        table.put_state(states[f"w{worker}"])
    moment = day_number(at(1000))
    for worker, state in states.items():
        place = table.place(worker)
        assert place is not None
        assert table.general_mean[place] == state.general_mean
        assert table.skills_of(worker) == sorted(state.skills)
        for skill, stored in state.skills.items():
            row = SkillState(*stored.values())
            forget(row, moment, PARAMS)
            rows = table.rows(skill)
            where = rows.place(place)
            found = [float(column[where]) for column in rows.at(moment, PARAMS)]
            pause = math.log1p(24.0 * (moment - stored.day))
            expected = [row.mean, row.var, row.recent, row.lasting, row.successes, row.failures, row.surprise, pause]
            assert found == pytest.approx(expected, rel=1e-12)


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
