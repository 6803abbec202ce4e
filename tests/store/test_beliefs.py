"""Beliefs come back to the bit, whole or only what is newer."""

import struct

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.filter import SkillState, WorkerState
from skillmatch.errors import Invalid, NotFound
from skillmatch.store import beliefs
from skillmatch.store.store import Store
from tests.store.writing import save_state, state


def read(store: Store, worker: str = "anna") -> WorkerState:
    with store.read() as transaction:
        found = transaction.state(worker)
    assert found is not None
    return found


def same(one: WorkerState, other: WorkerState) -> bool:
    return (one.worker, one.values(), one.last) == (other.worker, other.values(), other.last)


def bits(number: float) -> bytes:
    return struct.pack("<d", number)


def test_a_state_comes_back_as_it_was_saved(filled: Store):
    save_state(filled, state(controls=0.1, hydraulics=-0.2))
    assert same(read(filled), state(controls=0.1, hydraulics=-0.2))


def test_a_state_without_evidence_comes_back(filled: Store):
    save_state(filled, WorkerState("anna", 0.0, 0.5), replace=True)
    assert same(read(filled), WorkerState("anna", 0.0, 0.5))


def test_where_nothing_was_saved_there_is_no_state(filled: Store):
    save_state(filled, state())
    with filled.read() as transaction:
        assert [transaction.state(worker) for worker in ("ben", "nobody", "a\0b", "\ud800")] == [None] * 4


FINITE = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(general=(-0.0, 0.0), skill=(-0.0, 5e-324, 1.7976931348623157e308, 0.1, -0.0))
@given(general=st.tuples(FINITE, FINITE), skill=st.tuples(FINITE, FINITE, FINITE, FINITE, FINITE))
def test_every_number_comes_back_to_the_bit(filled: Store, general: tuple[float, ...], skill: tuple[float, ...]):
    saved = WorkerState("anna", *general)
    saved.skills["controls"] = SkillState(*skill)
    save_state(filled, saved, replace=True)
    found = read(filled)
    numbers = (found.general_mean, found.general_var, *found.skills["controls"].values()[:5])
    # Of a zero the sign is not kept.
    assert [bits(number) for number in numbers] == [bits(number + 0.0) for number in (*general, *skill)]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(filled: Store, number: float):
    with pytest.raises(Invalid, match=r"the state of worker 'anna' holds .*: expected finite numbers"):
        save_state(filled, state(controls=number))
    with pytest.raises(Invalid):
        save_state(filled, state(general=number))


def test_states_that_did_not_change_are_not_written(filled: Store):
    first = save_state(filled, state(controls=0.1), replace=True)
    for replace in (True, False):
        save_state(filled, state(controls=0.1), replace=replace)
    with filled.read() as transaction:
        assert list(transaction.states(since=first)) == []
        assert transaction.belief_rows(first) == transaction.worker_rows(first) == []


def test_without_replace_skills_that_are_not_in_the_state_stay(filled: Store):
    save_state(filled, state(controls=0.1, hydraulics=0.2))
    save_state(filled, state(controls=0.3))
    assert same(read(filled), state(controls=0.3, hydraulics=0.2))


def test_with_replace_skills_that_are_not_in_the_state_are_gone(filled: Store):
    save_state(filled, state(controls=0.1, hydraulics=0.2))
    save_state(filled, state(controls=0.1), replace=True)
    assert same(read(filled), state(controls=0.1))


def test_a_reader_of_newer_rows_notices_a_skill_that_is_gone(filled: Store):
    before = save_state(filled, state(controls=0.1, hydraulics=0.2))
    save_state(filled, state(controls=0.1), replace=True)
    with filled.read() as transaction:
        ((worker, skill, *_, gone),) = transaction.belief_rows(before)
        assert (worker, skill, bool(gone)) == ("anna", "hydraulics", True)
        assert [found.worker for found in transaction.states(since=before)] == ["anna"]


def test_a_skill_that_is_gone_is_written_once_and_can_come_back(filled: Store):
    save_state(filled, state(controls=0.1, hydraulics=0.2))
    gone = save_state(filled, state(controls=0.1), replace=True)
    save_state(filled, state(controls=0.1), replace=True)
    with filled.read() as transaction:
        assert transaction.belief_rows(gone) == []
    save_state(filled, state(controls=0.1, hydraulics=0.2), replace=True)
    assert same(read(filled), state(controls=0.1, hydraulics=0.2))
    with filled.read() as transaction:
        ((_, skill, *_, gone),) = transaction.belief_rows(gone)
        assert (skill, bool(gone)) == ("hydraulics", False)


def test_only_the_skills_that_were_touched_are_written(filled: Store):
    before = save_state(filled, state(controls=0.1, hydraulics=0.2))
    changed = state(general=0.7, controls=0.3, hydraulics=99.0)
    save_state(filled, changed, only={"anna": ["controls"]})
    assert same(read(filled), state(general=0.7, controls=0.3, hydraulics=0.2))
    with filled.read() as transaction:
        assert [row[1] for row in transaction.belief_rows(before)] == ["controls"]


def test_workers_not_named_in_only_are_compared_in_full(filled: Store):
    save_state(filled, state("anna", controls=0.1), state("ben", controls=0.1))
    save_state(filled, state("anna", controls=0.2), state("ben", controls=0.2), only={"anna": []})
    assert same(read(filled, "anna"), state("anna", controls=0.1))
    assert same(read(filled, "ben"), state("ben", controls=0.2))


def test_a_change_of_the_general_part_alone_is_written(filled: Store):
    before = save_state(filled, state(general=0.1, controls=0.1))
    save_state(filled, state(general=0.2, controls=0.1))
    with filled.read() as transaction:
        assert transaction.worker_rows(before) == [("anna", 0.2, 0.25, 0.0, 3)]
        assert transaction.belief_rows(before) == []


def test_a_change_of_one_skill_makes_the_whole_state_new(filled: Store):
    before = save_state(filled, state(controls=0.1, hydraulics=0.1), state("ben"))
    save_state(filled, state(controls=0.2, hydraulics=0.1), state("ben"))
    with filled.read() as transaction:
        (found,) = transaction.states(since=before)
    assert same(found, state(controls=0.2, hydraulics=0.1))


def test_states_come_by_worker(filled: Store):
    made = [state(worker, controls=0.1, refrigeration=0.2) for worker in ("carla", "anna", "ben")]
    save_state(filled, *made)
    with filled.read() as transaction:
        found = list(transaction.states())
    assert all(map(same, found, sorted(made, key=lambda state: state.worker)))


def test_rows_for_arrays_are_plain_tuples_by_worker_and_skill(filled: Store):
    save_state(filled, state("ben", refrigeration=0.1, controls=0.2), state("anna", controls=0.3))
    with filled.read() as transaction:
        assert transaction.belief_rows() == [
            ("anna", "controls", 0.3, 0.5, 20_000.0, 1.0, 2.0, 3, 0.0, 0.0, 0.0, False),
            ("ben", "controls", 0.2, 0.5, 20_000.0, 1.0, 2.0, 3, 0.0, 0.0, 0.0, False),
            ("ben", "refrigeration", 0.1, 0.5, 20_000.0, 1.0, 2.0, 3, 0.0, 0.0, 0.0, False),
        ]
        assert transaction.worker_rows() == [("anna", 0.5, 0.25, 0.0, 3), ("ben", 0.5, 0.25, 0.0, 3)]
        assert {type(row) for row in transaction.belief_rows() + transaction.worker_rows()} == {tuple}


def test_many_states_go_in_by_parts(filled: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(beliefs, "STATES_AT_ONCE", 2)
    save_state(filled, *(state(worker, controls=0.1) for worker in ("anna", "ben", "carla")))
    with filled.read() as transaction:
        assert [found.worker for found in transaction.states()] == ["anna", "ben", "carla"]


@pytest.mark.parametrize("unknown", [state("nobody"), state("anna", nothing=0.1)], ids=["worker", "skill"])
def test_a_state_of_an_unknown_worker_or_skill_is_refused(filled: Store, unknown: WorkerState):
    with pytest.raises(NotFound, match="save workers and skills first"):
        save_state(filled, unknown)


def test_workers_can_be_locked_also_unknown_ones(filled: Store):
    with filled.write() as transaction:
        transaction.lock_workers(["ben", "anna", "nobody", "a\0"])
        transaction.lock_workers([])
