"""Decisions and policies are kept as they were made."""

import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from skillmatch.decision import Decision, Shown
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.store.schema import decision
from skillmatch.store.store import Store
from tests.kit.build import at

SHOWN = (Shown("anna", 1, 61.3, 0.1 + 0.2, 1 / 3, 0.9), Shown("ben", None, -0.0, 5e-324, 0.0, 1.0))
DECIDED = at(2)
ASKED = Decision("j1", "default", 3, 2, 17, date(2026, 3, 1), at(1), 10, SHOWN)


def kept(store: Store, asked: Decision = ASKED) -> Decision:
    """Save a decision, and return it with its number."""
    with store.write() as transaction:
        return replace(asked, number=transaction.save_decision(asked))


def choose(
    store: Store, number: int, *workers: str, reason: str = "", by: str = "mona", time: datetime = DECIDED
) -> Decision:
    with store.write() as transaction:
        return transaction.choose(number, workers, reason=reason, by=by, time=time)


def read(store: Store, number: int) -> Decision:
    with store.read() as transaction:
        return transaction.decision(number)


def found(store: Store, **asked: object) -> list[int]:
    with store.read() as transaction:
        return [one.number for one in transaction.decisions(**asked)]


def test_a_decision_comes_back_as_it_was_saved(store: Store):
    saved = kept(store)
    assert saved.number == 1
    assert read(store, 1) == saved
    full = replace(ASKED, chosen=("ben", "anna"), reason="Zoë", decided=at(3), by="mona", shown=())
    assert kept(store, full) == read(store, 2)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS))
def test_what_was_shown_comes_back_to_the_bit(store: Store, numbers: tuple[float, float, float, float]):
    saved = kept(store, replace(ASKED, shown=(Shown("anna", 1, *numbers),)))
    (shown,) = read(store, saved.number).shown
    again = (shown.score, shown.chance, shown.low, shown.high)
    assert struct.pack("<4d", *again) == struct.pack("<4d", *numbers)


def test_to_keep_a_decision_takes_no_revision(store: Store):
    choose(store, kept(store).number, "anna")
    with store.read() as transaction:
        assert transaction.revision() == 0


def test_a_decision_that_was_saved_is_not_saved_again(store: Store):
    with pytest.raises(Invalid, match="decision 1 has been saved already"):
        kept(store, kept(store))


def test_a_decision_that_is_not_there_names_its_neighbours(store: Store):
    with pytest.raises(NotFound, match="there is no decision 7; none was saved yet"):
        read(store, 7)
    for _ in range(3):
        kept(store)
    with store.write() as transaction:
        transaction._execute(delete(decision).where(decision.c.number == 2))
    with pytest.raises(NotFound, match="there is no decision 2; the nearest numbers are 1 and 3"):
        read(store, 2)
    with pytest.raises(NotFound, match="there is no decision 4; the nearest numbers are 3"):
        choose(store, 4, "anna")
    for number in (0, -1, 2**63, 2**70):
        with pytest.raises(NotFound, match=f"there is no decision {number}"):
            read(store, number)


def test_decisions_come_with_the_newest_question_first(store: Store):
    asked = [("j1", "default", 3), ("j2", "default", 1), ("j1", "cheap", 2), ("j1", "default", 3)]
    for job, policy, day in asked:
        kept(store, replace(ASKED, job=job, policy=policy, moment=at(day)))
    assert found(store) == [4, 1, 3, 2]
    assert found(store, job="j1") == [4, 1, 3]
    assert found(store, job="j1", policy="default") == [4, 1]
    assert found(store, since=at(2)) == [4, 1, 3]
    assert found(store, since=at(2) + timedelta(microseconds=1)) == [4, 1]
    assert found(store, limit=2) == [4, 1]
    assert found(store, limit=0) == found(store, job="j\0") == found(store, policy="none") == []


def test_a_question_no_database_can_answer_is_refused(store: Store):
    with pytest.raises(Invalid, match="-1 decisions"):
        found(store, limit=-1)
    with pytest.raises(Invalid, match="expected a time in UTC"):
        found(store, since=datetime(2026, 1, 1))


def test_what_was_chosen_is_kept_with_reason_and_decider(store: Store):
    number = kept(store).number
    kept(store)
    decided = choose(store, number, "ben", "anna", reason="knows the roof", time=at(2))
    assert decided == replace(
        ASKED, number=number, chosen=("ben", "anna"), reason="knows the roof", decided=at(2), by="mona"
    )
    assert read(store, number) == decided
    assert decided.overridden
    assert read(store, number + 1).chosen == ()


def test_the_same_choice_again_changes_nothing(store: Store):
    number = kept(store).number
    first = choose(store, number, "anna", reason="nearest")
    assert choose(store, number, "anna", reason="nearest", time=at(9)) == first


@pytest.mark.parametrize(
    ("workers", "reason", "by"), [(["ben"], "x", "mona"), (["anna"], "y", "mona"), (["anna"], "x", "max")]
)
def test_another_choice_is_refused(store: Store, workers: list[str], reason: str, by: str):
    number = kept(store).number
    choose(store, number, "anna", reason="x")
    with pytest.raises(Conflict, match=r"made on 2026-01-03 08:00 by mona: anna \(x\); it cannot be made again"):
        choose(store, number, *workers, reason=reason, by=by)
    assert read(store, number).chosen == ("anna",)


def test_a_choice_of_nobody_or_of_somebody_twice_is_refused(store: Store):
    number = kept(store).number
    for workers in ((), ("anna", "anna"), ("",)):
        with pytest.raises(Invalid, match=f"decision {number}"):
            choose(store, number, *workers)
    with pytest.raises(Invalid, match="expected a time in UTC"):
        choose(store, number, "anna", time=datetime(2026, 1, 1))
    with pytest.raises(Invalid, match="reason of decision 1 contains the character NUL"):
        choose(store, number, "anna", reason="\0")


def test_of_two_deciders_at_once_one_is_told(store: Store, database_url: str):
    number, barrier = kept(store).number, Barrier(2)

    def decide(worker: str) -> str:
        own = Store.open(database_url)
        barrier.wait()
        try:
            return choose(own, number, worker).chosen[0]
        except Conflict:
            return "refused"
        finally:
            own.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(decide, ("anna", "ben")))
    assert sorted(answers) in (["anna", "refused"], ["ben", "refused"])
    assert read(store, number).chosen[0] in answers


# Policies


def save_policy(store: Store, name: str, record: dict[str, object], note: str = "") -> int:
    with store.write() as transaction:
        return transaction.save_policy(name, record, note=note)


def test_versions_of_a_policy_count_from_one(store: Store):
    assert [save_policy(store, name, {"n": i}) for i, name in enumerate(["a", "a", "b", "a"])] == [1, 2, 1, 3]
    with store.read() as transaction:
        assert transaction.policy_record("a") == (3, {"n": 3})
        assert transaction.policy_record("a", 2) == (2, {"n": 1})
        assert transaction.policy_record("b") == (1, {"n": 2})
        assert transaction.revision() == 0


def test_a_policy_comes_back_to_the_bit(store: Store):
    record = {"weights": {"Nähe": 0.1 + 0.2, "skill": 1e-300}, "floor": None, "rules": ["a", "b"], "on": True}
    save_policy(store, "a", record)
    with store.read() as transaction:
        assert transaction.policy_record("a") == (1, record)


def test_a_policy_that_was_never_saved_is_not_found(store: Store):
    save_policy(store, "a", {})
    with store.read() as transaction:
        assert transaction.policy_record("b") is transaction.policy_record("\0") is None
        for version in (0, 2, -1, 2**31, 2**70):
            assert transaction.policy_record("a", version) is None
        assert transaction.policy_versions("b") == transaction.policy_versions("\0") == []


def test_all_versions_of_policies_are_kept_with_notes_and_times(store: Store):
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # kept to the microsecond
    for name, note in (("b", "first"), ("a", "März"), ("b", "second")):
        save_policy(store, name, {"note": note}, note)
    with store.read() as transaction:
        rows = transaction.policy_versions()
        assert [(row.name, row.version, row.note) for row in rows] == [
            ("a", 1, "März"),
            ("b", 1, "first"),
            ("b", 2, "second"),
        ]
        assert all(row.record == {"note": row.note} and before <= row.created <= datetime.now(UTC) for row in rows)
        assert transaction.policy_versions("b") == rows[1:]


def test_a_policy_no_database_can_keep_is_refused(store: Store):
    for name, note in (("", ""), (" a", ""), ("a", "\0")):
        with pytest.raises(Invalid, match="policy"):
            save_policy(store, name, {}, note)


def test_writers_of_a_policy_at_once_get_versions_of_their_own(store: Store, database_url: str):
    barrier = Barrier(2)

    def write(writer: int) -> list[int]:
        own = Store.open(database_url)
        barrier.wait()
        versions = [save_policy(own, "a", {"writer": writer}) for _ in range(10)]
        own.close()
        return versions

    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(write, (0, 1))
    assert sorted(one + other) == list(range(1, 21))
