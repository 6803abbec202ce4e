"""Tokens and answers come back as they went in, and writes that belong together are one transaction."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.decision import Decision
from skillmatch.errors import Invalid, StoreError
from skillmatch.model import Job, Skill
from skillmatch.store.store import Answered, Store, TokenRow

NOW = datetime(2026, 6, 1, 7, 30, 0, 123456, tzinfo=UTC)
RITA = Account("a1", "rita", "Rita Öchs", Role.ADMINISTRATOR, NOW)
TOKEN = TokenRow("t1", "a1", "Téléphone", ("read", "jobs:write"), NOW, NOW + timedelta(days=9), None, False)
ANSWER = Answered(201, {"ETag": '"ü"'}, '{"level":0.1}')


@pytest.fixture
def peopled(filled: Store) -> Store:
    """Put in an account."""
    with filled.write() as transaction:
        transaction.save_account(RITA)
    return filled


def test_tokens_come_back_as_they_went_in(peopled: Store):
    later = TOKEN._replace(id="t2", created=NOW + timedelta(days=1), expires=None, scopes=())
    with peopled.write() as transaction:
        transaction.save_token(TOKEN, "hash 1")
        transaction.save_token(later, "hash 2")
        transaction.revoke_token("t2")
        transaction.touch_token("t1", NOW)
    with peopled.read() as transaction:
        assert transaction.token("hash 1") == TOKEN._replace(used=NOW)
        assert transaction.token("t1") is transaction.token("") is None
        assert [row.id for row in transaction.tokens("a1")] == ["t2", "t1"]
        assert transaction.tokens()[0].revoked
        assert transaction.tokens("a2") == []


def test_one_secret_is_one_token(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_token(TOKEN, "hash")
    with pytest.raises(StoreError), peopled.write() as transaction:
        transaction.save_token(TOKEN._replace(id="t2"), "hash")


def test_answers_come_back_as_they_went_in_until_they_are_dropped(peopled: Store):
    with peopled.write() as transaction:
        transaction.keep_answer("a1", "k", "request", ANSWER, time=NOW)
        transaction.keep_answer("a1", "old", "request", ANSWER, time=NOW - timedelta(days=2))
    with peopled.read() as transaction:
        assert transaction.answered("a1", "k") == ("request", ANSWER, NOW)
        assert transaction.answered("a2", "k") is transaction.answered("a1", "K") is None
    with peopled.write() as transaction:
        transaction.drop_answers(before=NOW - timedelta(days=1))
        transaction.keep_answer("a1", "k", "another", ANSWER, time=NOW)
    with peopled.read() as transaction:
        assert transaction.answered("a1", "old") is None
        assert transaction.answered("a1", "k") == ("another", ANSWER, NOW)


def save(store: Store, id: str) -> None:
    with store.write() as transaction:
        transaction.save_nouns(Skill, [Skill(id, id)], revision=transaction.next_revision())


def skills(store: Store) -> set[str]:
    with store.read() as transaction:
        return transaction.ids(Skill) - {"controls", "hydraulics", "refrigeration"}


def test_what_is_written_together_is_there_together(peopled: Store):
    with peopled.together() as transaction:
        save(peopled, "a")
        save(peopled, "b")
        transaction.keep_answer("a1", "k", "request", ANSWER, time=NOW)
        assert skills(peopled) == set()  # what is read is the state before
    assert skills(peopled) == {"a", "b"}
    save(peopled, "c")
    assert skills(peopled) == {"a", "b", "c"}


def test_what_is_written_together_goes_together(peopled: Store):
    def fail() -> None:
        with peopled.together():
            save(peopled, "a")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert skills(peopled) == set()
    save(peopled, "b")  # and the thread is free again
    assert skills(peopled) == {"b"}


def test_a_part_that_fails_is_undone_and_the_rest_stays(peopled: Store):
    def fail() -> None:
        with peopled.write() as transaction:
            transaction.save_nouns(Skill, [Skill("b", "b")], revision=transaction.next_revision())
            raise ValueError("stop")

    with peopled.together():
        save(peopled, "a")
        with pytest.raises(ValueError, match="stop"):
            fail()
        save(peopled, "c")
    assert skills(peopled) == {"a", "c"}


def test_blocks_do_not_lie_within_each_other(peopled: Store):
    with pytest.raises(Invalid, match="one block"), peopled.together(), peopled.together():
        pass
    with peopled.together():
        pass


def test_of_two_threads_each_has_its_own_and_waits_for_the_other(peopled: Store):
    start = Barrier(4)

    def write(number: int) -> int:
        start.wait()
        with peopled.together() as transaction:
            found = transaction.answered("a1", "k")
            before = found[1].status if found else 0
            save(peopled, f"s{number}")
            transaction.keep_answer("a1", "k", "r", Answered(before + 1), time=NOW)
            return before

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [0, 1, 2, 3]
    assert skills(peopled) == {"s0", "s1", "s2", "s3"}


def test_decisions_are_read_backwards_from_a_number(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_nouns(Job, [Job("j", "J"), Job("k", "K")], revision=transaction.next_revision())
        rows = [Decision(job, "balanced", 1, 0, 1, NOW.date(), NOW, 3, ()) for job in "jjkj"]
        numbers = [transaction.save_decision(row) for row in rows]
    with peopled.read() as transaction:
        found = transaction.decisions_before(None, limit=3)
        assert [one.number for one in found] == numbers[:0:-1]
        assert [one.number for one in transaction.decisions_before(numbers[1])] == numbers[:1]
        assert [one.number for one in transaction.decisions_before(2**80, job="k")] == [numbers[2]]
        assert transaction.decisions_before(None, job="\0") == []
        assert (transaction.count_decisions(), transaction.count_decisions(job="j")) == (4, 3)
        assert transaction.count_decisions(job="\0") == 0


def test_jobs_are_found_by_what_they_name(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_nouns(Job, [Job("j", "J"), Job("k", "K")], revision=transaction.next_revision())
    with peopled.read() as transaction:
        assert transaction.find_jobs(where={"customer": "nobody"}) == ([], 0)
        assert transaction.find_jobs(where={"type": "\0"}) == ([], 0)
        assert transaction.find_jobs(where={})[1] == 2
