"""A transaction happens as a whole or not at all, and nobody's write is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from skillmatch.beliefs.params import BeliefParams, Difficulty
from skillmatch.errors import Conflict, Invalid, NotFound, StoreError
from skillmatch.model import Skill, Worker
from skillmatch.store.store import Store
from tests.kit.build import self_report
from tests.store.writing import append, save, save_state, state


def test_an_exception_inside_a_write_leaves_nothing(filled: Store):
    def fail() -> None:
        with filled.write() as transaction:
            revision = transaction.next_revision()
            transaction.save_nouns(Worker, [Worker("dan", "Dan")], revision=revision)
            transaction.append([self_report()], revision=revision)
            transaction.save_states([state(controls=0.1)], revision=revision)
            transaction.save_params(BeliefParams(version=1), note="")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with filled.read() as transaction:
        assert transaction.revision() == 1
        assert transaction.noun(Worker, "dan") is None
        assert list(transaction.log()) == []
        assert transaction.state("anna") is None
        assert transaction.params_version() == 0


def test_what_a_write_did_is_seen_inside_it_and_afterwards_by_all(store: Store):
    with store.write() as transaction:
        transaction.save_nouns(Skill, [Skill("a", "A")], revision=transaction.next_revision())
        assert transaction.ids(Skill) == {"a"}
        with store.read() as other:
            assert other.ids(Skill) == set()
    with store.read() as other:
        assert other.ids(Skill) == {"a"}


def test_a_read_sees_one_unchanging_state(store: Store):
    with store.read() as transaction:
        assert transaction.ids(Skill) == set()
        save(store, Skill("a", "A"))
        assert transaction.ids(Skill) == set()
        assert transaction.revision() == 0


def test_within_a_snapshot_every_read_sees_one_state_and_nothing_is_written(store: Store):
    save(store, Skill("a", "A"))
    with store.snapshot():
        with store.read() as transaction:
            assert transaction.noun(Skill, "a") == Skill("a", "A")
            assert transaction.noun(Skill, "b") is None
        with ThreadPoolExecutor(1) as pool:
            pool.submit(save, store, Skill("b", "B")).result()
        with store.snapshot(), store.read() as again:
            assert again is transaction
            assert again.noun(Skill, "b") is None
            assert again.ids(Skill) == {"a"}
        with store.read(as_of=0) as past:
            assert past.ids(Skill) == set()
        with pytest.raises(Invalid, match="write before or after"), store.write():
            pass
    with store.read() as transaction:
        assert transaction.noun(Skill, "b") == Skill("b", "B")
        assert transaction.remembered is None


def test_a_read_cannot_write(store: Store):
    with pytest.raises(StoreError, match=r"read-?only"), store.read() as transaction:
        transaction.next_revision()
    with store.write() as transaction:
        assert transaction.next_revision() == 1


def test_a_transaction_that_has_ended_cannot_be_used(store: Store):
    with store.read() as transaction:
        pass
    with pytest.raises(StoreError, match="closed"):
        transaction.revision()


def test_rows_that_were_not_read_in_time_are_not_read_later(filled: Store):
    append(filled, self_report())
    with filled.read() as transaction:
        log = transaction.log()
    with pytest.raises(StoreError, match="closed"):
        next(log)


def test_the_address_is_shown_for_people(store: Store, database_url: str):
    assert store.url.split("://")[0] in ("sqlite", "postgresql")
    assert "+" not in store.url.split("://")[0]


# Revisions


def test_revisions_count_from_one_without_gaps(store: Store):
    with store.read() as transaction:
        assert transaction.revision() == 0
    for expected in (1, 2):
        with store.write() as transaction:
            assert transaction.next_revision() == expected
    with store.write() as transaction:
        transaction.save_nouns(Skill, [Skill("a", "A")], revision=transaction.next_revision())
        assert transaction.revision() == 3


def test_the_number_of_a_write_that_failed_is_given_again(store: Store):
    def fail() -> None:
        with store.write() as transaction:
            transaction.next_revision()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with store.write() as transaction:
        assert transaction.next_revision() == 1


def test_writers_at_the_same_time_lose_nothing(filled: Store, database_url: str):
    """Two machines, each with a store of its own, change the same worker in turn."""
    times = 50
    save_state(filled, state("anna"), state("ben"))
    barrier = Barrier(2)

    def change(writer: str) -> list[int]:
        store = Store.open(database_url)
        barrier.wait()
        revisions = []
        for number in range(times):
            with store.write() as transaction:
                # Named in different orders: they must not wait for each other.
                transaction.lock_workers(["anna", "ben"] if writer == "x" else ["ben", "anna"])
                before = transaction.state("anna")
                assert before is not None
                before.uses += 1
                revision = transaction.next_revision()
                transaction.append([self_report(id=f"{writer}{number}")], revision=revision)
                transaction.save_states([before], revision=revision)
                revisions.append(revision)
        store.close()
        return revisions

    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(change, "xy")
    assert sorted(one + other) == list(range(3, 3 + 2 * times))
    with filled.read() as transaction:
        final = transaction.state("anna")
        assert final is not None
        assert final.uses == 3 + 2 * times
        assert len(transaction.evidence_of("anna")) == 2 * times


def test_an_import_and_a_recording_at_the_same_time_do_not_block_each_other_for_good(filled: Store, database_url: str):
    """One takes its number first, the other its worker: without one line for all, they would wait for each other."""
    other = Store.open(database_url)

    def keep_importing() -> None:
        for number in range(20):
            save(filled, Worker("anna", f"Anna {number}"), Worker("ben", f"Ben {number}"))

    def keep_recording() -> None:
        for number in range(20):
            with other.write() as transaction:
                transaction.lock_workers(["ben"])
                transaction.noun(Worker, "ben")
                transaction.append([self_report("ben", id=f"e{number}")], revision=transaction.next_revision())

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(keep_importing), threads.submit(keep_recording)]:
            done.result()
    other.close()
    with filled.read() as transaction:
        assert transaction.revision() == 41


# Parameters


def test_without_stored_parameters_the_defaults_hold(store: Store):
    with store.read() as transaction:
        assert transaction.params() == BeliefParams()
        assert transaction.params_version() == 0


def test_parameters_come_back_to_the_bit(store: Store):
    saved = BeliefParams(version=3, base=0.1 + 0.2, difficulties={"Störung": Difficulty(-1 / 3, 1e-300)})
    with store.write() as transaction:
        transaction.save_params(saved, note="fitted in März")
    with store.read() as transaction:
        assert transaction.params() == saved
        assert repr(transaction.params().base) == repr(saved.base)


def test_parameters_of_any_version_can_be_read(store: Store):
    saved = [BeliefParams(version=version, base=version / 7) for version in (2, 10)]
    for params in saved:
        with store.write() as transaction:
            transaction.save_params(params, note="")
    with store.read() as transaction:
        assert [transaction.params_of(version) for version in (0, 2, 10)] == [BeliefParams(), *saved]
        for version in (1, 11, -1, 2**70):
            with pytest.raises(NotFound, match=f"no parameters of version {version}: expected one of 0, 2, 10"):
                transaction.params_of(version)


def test_the_highest_version_is_the_current_one(store: Store):
    for version in (1, 2, 10):
        with store.write() as transaction:
            transaction.save_params(BeliefParams(version=version, base=float(version)), note="")
    with store.read() as transaction:
        assert transaction.params().base == 10.0
        assert transaction.params_version() == 10


def test_all_versions_are_kept_with_their_notes_and_times(store: Store):
    with store.read() as transaction:
        assert transaction.all_params() == []
    before = datetime.now(UTC) - timedelta(milliseconds=1)  # kept to the microsecond
    saved = [BeliefParams(version=version, base=version / 7) for version in (2, 3, 10)]
    for params in saved:
        with store.write() as transaction:
            transaction.save_params(params, note=f"März {params.version}")
    with store.read() as transaction:
        found = transaction.all_params()
    assert [(params, note) for params, note, _ in found] == [(params, f"März {params.version}") for params in saved]
    times = [time for _, _, time in found]
    assert times == sorted(times)
    assert before <= times[0] <= times[-1] <= datetime.now(UTC)


def test_a_version_that_is_not_above_the_current_one_is_refused(store: Store):
    with store.write() as transaction:
        transaction.save_params(BeliefParams(version=2), note="")
    for version in (0, 1, 2):
        params = BeliefParams(version=version)
        with pytest.raises(Conflict, match="version is 2: give the new ones version 3"), store.write() as transaction:
            transaction.save_params(params, note="")


def test_a_note_no_database_can_keep_is_refused(store: Store):
    with pytest.raises(Invalid, match="the note on the parameters"), store.write() as transaction:
        transaction.save_params(BeliefParams(version=1), note="\0")
