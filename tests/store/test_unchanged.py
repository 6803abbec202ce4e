"""Answers that stand until somebody commits: never older than what the database holds, whoever wrote it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from skillmatch.errors import Invalid
from skillmatch.model import Skill
from skillmatch.store.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store."""
    opened = Store.open(database_url)
    yield opened
    opened.close()


def save(store: Store, name: str) -> None:
    with store.write() as transaction:
        transaction.save_nouns(Skill, [Skill("s", name)], revision=transaction.next_revision())


def name_of(store: Store) -> str:
    with store.read() as transaction:
        return next((skill.name for skill in transaction.nouns(Skill)), "")


def test_it_is_asked_again_after_each_commit_of_anybody_and_not_before(store: Store, database_url: str):
    asked = 0

    def ask() -> str:
        nonlocal asked
        asked += 1
        return name_of(store)

    other = Store.open(database_url)
    assert store.unchanged("name", ask) == ""
    for writer in (store, other, store):
        for _twice in range(2):
            name = f"name {asked}"
            save(writer, name)
            assert store.unchanged("name", ask) == name
    before = asked
    assert [store.unchanged("name", ask) for _ in range(5)] == [name] * 5
    assert asked == (before if "sqlite" in database_url else before + 5)
    other.close()


def test_what_was_not_committed_changes_nothing(store: Store):
    save(store, "first")
    assert store.unchanged("name", lambda: name_of(store)) == "first"
    with suppress(KeyError), store.write() as transaction:
        transaction.save_nouns(Skill, [Skill("s", "second")], revision=transaction.next_revision())
        raise KeyError
    assert store.unchanged("name", lambda: name_of(store)) == "first"


def test_an_error_is_not_remembered_and_keys_are_apart(store: Store):
    def fail() -> str:
        raise Invalid("no")

    with pytest.raises(Invalid):
        store.unchanged("a", fail)
    assert store.unchanged("a", lambda: "a") == "a"
    assert store.unchanged(("a", 1), lambda: "b") == "b"


def test_within_one_state_and_within_writes_it_is_asked_each_time(store: Store):
    save(store, "first")
    assert store.unchanged("name", lambda: name_of(store)) == "first"
    with store.snapshot():
        assert store.unchanged("name", lambda: "asked") == "asked"
    with store.together():
        assert store.unchanged("name", lambda: "asked") == "asked"
    assert store.unchanged("name", lambda: name_of(store)) == "first"


def test_within_one_moment_it_is_looked_once_until_this_thread_writes(store: Store, database_url: str):
    other = Store.open(database_url)
    save(store, "first")
    with store.one_moment():
        assert store.unchanged("name", lambda: name_of(store)) == "first"
        save(other, "second")
        assert store.unchanged("name", lambda: name_of(store)) == ("first" if "sqlite" in database_url else "second")
        save(store, "third")
        assert store.unchanged("name", lambda: name_of(store)) == "third"
    with store.one_moment():
        assert store.unchanged("name", lambda: name_of(store)) == "third"
        with store.together() as transaction:
            transaction.save_nouns(Skill, [Skill("s", "fourth")], revision=transaction.next_revision())
        assert store.unchanged("name", lambda: name_of(store)) == "fourth"
    other.close()


def test_many_threads_that_read_while_others_write_never_see_an_older_answer(store: Store):
    save(store, "000")

    def read() -> bool:
        for _ in range(100):
            before = name_of(store)
            if store.unchanged("name", lambda: name_of(store)) < before:
                return False
        return True

    def write() -> bool:
        for number in range(1, 60):
            save(store, f"{number:03}")
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(done.result() for done in [pool.submit(write), *(pool.submit(read) for _ in range(3))])
    assert store.unchanged("name", lambda: name_of(store)) == "059"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_counts_for_itself(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'test.db'}")
    save(store, "first")
    assert store.unchanged("name", lambda: name_of(store)) == "first"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            save(store, "second")
            code = 0 if store.unchanged("name", lambda: name_of(store)) == "second" else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.unchanged("name", lambda: name_of(store)) == "second"
    store.close()
