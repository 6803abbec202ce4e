"""Beliefs come back to the bit, whole or only what is newer."""

import struct
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.filter import SkillState, WorkerState
from skillmatch.errors import Invalid, NotFound
from skillmatch.model import ID_LENGTH
from skillmatch.store import beliefs
from skillmatch.store.store import Store
from tests.store.writing import part, save_state, skill, state


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
    save_state(filled, WorkerState("anna", {"general": part(0.0)}), replace=True)
    assert same(read(filled), WorkerState("anna", {"general": part(0.0)}))


PARTS = {"general": part(0.5), "family:cooling; ü": part(0.1), "circle:cooling": part(-0.1), "self": part(0.2)}


def test_all_parts_of_a_worker_come_back_with_her_form_and_occasion(filled: Store):
    saved = WorkerState("anna", PARTS | {"occasion": part(0.3)}, 0.1 + 0.2)
    saved.occasion = "20000 manager mona"
    save_state(filled, saved)
    found = read(filled)
    assert same(found, saved)
    assert found.parts == PARTS | {"occasion": part(0.3)}
    assert (found.form, found.occasion) == (0.1 + 0.2, "20000 manager mona")


def test_a_part_may_be_named_after_the_longest_id_there_is(filled: Store):
    longest = WorkerState("anna", PARTS | {f"family:{'x' * ID_LENGTH}": part(0.4)})
    save_state(filled, longest)
    assert same(read(filled), longest)


def test_where_nothing_was_saved_there_is_no_state(filled: Store):
    save_state(filled, state())
    with filled.read() as transaction:
        assert [transaction.state(worker) for worker in ("ben", "nobody", "a\0b", "\ud800")] == [None] * 4


FINITE = st.floats(allow_nan=False, allow_infinity=False)
PART_WIDTH, SKILL_WIDTH = len(part(0.0)), len(skill(0.0).values())
USES = 5
"""Where a skill has a count, the only number that is whole."""
ODD = (-0.0, 5e-324, 1.7976931348623157e308, 0.1, -1e-9)


def numbers_of(width: int) -> st.SearchStrategy[tuple[float, ...]]:
    return st.tuples(*[FINITE] * width)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(form=-0.0, general=ODD[:PART_WIDTH], family=ODD[-PART_WIDTH:], own=(ODD * 3)[:SKILL_WIDTH], uses=2**40)
@given(
    form=FINITE,
    general=numbers_of(PART_WIDTH),
    family=numbers_of(PART_WIDTH),
    own=numbers_of(SKILL_WIDTH),
    uses=st.integers(0, 2**40),
)
def test_every_number_comes_back_to_the_bit(
    filled: Store, form: float, general: Any, family: Any, own: tuple[Any, ...], uses: int
):
    saved = WorkerState("anna", {"general": general, "family:controls": family}, form)
    saved.skills["controls"] = SkillState(*own[:USES], uses, *own[USES + 1 :])
    save_state(filled, saved, replace=True)
    found = read(filled)
    back, sent = found.skills["controls"].values(), saved.skills["controls"].values()
    assert back[USES] == uses
    numbers = (found.form, *found.parts["general"], *found.parts["family:controls"], *map(float, back))
    # Of a zero the sign is not kept.
    assert [bits(number) for number in numbers] == [bits(number + 0.0) for number in (form, *general, *family, *sent)]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(filled: Store, number: float):
    with pytest.raises(Invalid, match=r"the state of worker 'anna' holds .*: expected finite numbers"):
        save_state(filled, state(controls=number))
    with pytest.raises(Invalid):
        save_state(filled, state(general=number))
    with pytest.raises(Invalid, match=r"the state of worker 'anna' holds .*: expected finite numbers"):
        save_state(filled, state(parts={"self": number}))
    for place in range(PART_WIDTH):
        numbers = [0.5] * PART_WIDTH
        numbers[place] = number
        with pytest.raises(Invalid):
            save_state(filled, WorkerState("anna", {"general": tuple(numbers)}))
    for place in set(range(SKILL_WIDTH)) - {USES}:
        values = list(skill(0.1).values())
        values[place] = number
        broken = state()
        broken.skills["controls"] = SkillState(*values)
        with pytest.raises(Invalid):
            save_state(filled, broken)


def test_states_that_did_not_change_are_not_written(filled: Store):
    first = save_state(filled, state(controls=0.1), replace=True)
    for replace in (True, False):
        save_state(filled, state(controls=0.1), replace=replace)
    with filled.read() as transaction:
        assert list(transaction.states(since=first)) == []
        assert transaction.belief_rows(first) == transaction.worker_rows(first) == transaction.part_rows(first) == []


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


def test_without_replace_parts_that_are_not_in_the_state_stay(filled: Store):
    save_state(filled, state(parts={"self": 0.1, "family:cooling": 0.2}))
    save_state(filled, state(parts={"self": 0.3}))
    assert same(read(filled), state(parts={"self": 0.3, "family:cooling": 0.2}))


def test_a_reader_of_newer_rows_notices_a_part_that_is_gone(filled: Store):
    before = save_state(filled, state(parts={"self": 0.1, "family:cooling": 0.2}))
    save_state(filled, state(parts={"self": 0.1}), replace=True)
    assert same(read(filled), state(parts={"self": 0.1}))
    with filled.read() as transaction:
        ((worker, name, *_, gone),) = transaction.part_rows(before)
        assert (worker, name, bool(gone)) == ("anna", "family:cooling", True)
        (found,) = transaction.states(since=before)
    assert same(found, state(parts={"self": 0.1}))


def test_a_part_that_is_gone_is_written_once_and_can_come_back(filled: Store):
    save_state(filled, state(parts={"self": 0.1}))
    gone = save_state(filled, state(), replace=True)
    save_state(filled, state(), replace=True)
    with filled.read() as transaction:
        assert transaction.part_rows(gone) == transaction.worker_rows(gone) == []
    save_state(filled, state(parts={"self": 0.1}), replace=True)
    assert same(read(filled), state(parts={"self": 0.1}))
    with filled.read() as transaction:
        ((_, name, *_, gone),) = transaction.part_rows(gone)
        assert (name, bool(gone)) == ("self", False)


def test_parts_of_one_worker_are_not_those_of_another(filled: Store):
    states = [state("anna", parts={"self": 0.1}), state("ben"), state("carla", general=0.9, parts={"self": 0.3})]
    save_state(filled, *states)
    with filled.read() as transaction:
        assert all(map(same, transaction.states(), states))
    assert all(same(read(filled, one.worker), one) for one in states)


def test_only_the_skills_that_were_touched_are_written(filled: Store):
    before = save_state(filled, state(controls=0.1, hydraulics=0.2))
    changed = state(general=0.7, controls=0.3, hydraulics=99.0)
    save_state(filled, changed, only={"anna": ["controls"]})
    assert same(read(filled), state(general=0.7, controls=0.3, hydraulics=0.2))
    with filled.read() as transaction:
        assert [row[1] for row in transaction.belief_rows(before)] == ["controls"]
        assert transaction.part_rows(before) == [("anna", "general", *part(0.7), False)]


def test_workers_not_named_in_only_are_compared_in_full(filled: Store):
    save_state(filled, state("anna", controls=0.1), state("ben", controls=0.1))
    save_state(filled, state("anna", controls=0.2), state("ben", controls=0.2), only={"anna": []})
    assert same(read(filled, "anna"), state("anna", controls=0.1))
    assert same(read(filled, "ben"), state("ben", controls=0.2))


def test_a_change_of_the_general_part_alone_is_written(filled: Store):
    before = save_state(filled, state(general=0.1, controls=0.1))
    save_state(filled, state(general=0.2, controls=0.1))
    with filled.read() as transaction:
        assert transaction.part_rows(before) == [("anna", "general", *part(0.2), False)]
        assert transaction.worker_rows(before) == [("anna", 0.0, 3, 0.0)]
        assert transaction.belief_rows(before) == []


@pytest.mark.parametrize("name", ["form", "occasion"])
def test_a_change_of_form_or_occasion_alone_is_written(filled: Store, name: str):
    before = save_state(filled, state(controls=0.1))
    changed = state(controls=0.1)
    setattr(changed, name, {"form": 0.5, "occasion": "20000 self"}[name])
    save_state(filled, changed)
    assert same(read(filled), changed)
    with filled.read() as transaction:
        assert [row[0] for row in transaction.worker_rows(before)] == ["anna"]
        assert transaction.belief_rows(before) == transaction.part_rows(before) == []


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
    anna = state("anna", parts={"self": -0.1}, controls=0.3)
    save_state(filled, state("ben", refrigeration=0.1, controls=0.2), anna)
    with filled.read() as transaction:
        assert transaction.belief_rows() == [
            ("anna", "controls", *skill(0.3).values(), False),
            ("ben", "controls", *skill(0.2).values(), False),
            ("ben", "refrigeration", *skill(0.1).values(), False),
        ]
        assert transaction.part_rows() == [
            ("anna", "general", *part(0.5), False),
            ("anna", "self", *part(-0.1), False),
            ("ben", "general", *part(0.5), False),
        ]
        assert transaction.worker_rows() == [("anna", 0.0, 3, 0.0), ("ben", 0.0, 3, 0.0)]
        rows = transaction.belief_rows() + transaction.worker_rows() + transaction.part_rows()
        assert {type(row) for row in rows} == {tuple}


def test_many_states_go_in_by_parts(filled: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(beliefs, "STATES_AT_ONCE", 2)
    made = [state(worker, parts={"self": 0.2}, controls=0.1) for worker in ("anna", "ben", "carla")]
    save_state(filled, *made)
    with filled.read() as transaction:
        assert all(map(same, transaction.states(), made))
        assert all(map(same, transaction.states(since=0), made))
        assert [found.worker for found in transaction.states()] == ["anna", "ben", "carla"]


@pytest.mark.parametrize("unknown", [state("nobody"), state("anna", nothing=0.1)], ids=["worker", "skill"])
def test_a_state_of_an_unknown_worker_or_skill_is_refused(filled: Store, unknown: WorkerState):
    with pytest.raises(NotFound, match="save workers and skills first"):
        save_state(filled, unknown)


def test_workers_can_be_locked_also_unknown_ones(filled: Store):
    with filled.write() as transaction:
        transaction.lock_workers(["ben", "anna", "nobody", "a\0"])
        transaction.lock_workers([])
