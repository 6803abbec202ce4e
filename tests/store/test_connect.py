"""Addresses are read generously, passwords never shown, and every failure says what to do."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from skillmatch.errors import StoreError
from skillmatch.store import connect
from skillmatch.store.connect import address, engine_for, shown, transaction
from skillmatch.store.store import Store

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("test.db", "sqlite:///test.db"),
        ("sqlite:///test.db", "sqlite:///test.db"),
        ("sqlite+pysqlite:///test.db?timeout=5", "sqlite:///test.db?timeout=5"),
        ("postgres://ann@db/staff", "postgresql://ann@db/staff"),
        ("postgresql://ann:s3cret@db:5433/staff", "postgresql://ann:***@db:5433/staff"),
        ("postgresql+psycopg://db/staff?user=ann&password=s3cret", "postgresql://db/staff?user=ann"),
    ],
)
def test_an_address_is_understood_and_shown_without_password(place: str, expected: str):
    assert shown(address(place)) == expected


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("mysql://ann:s3cret@db/staff", "kind 'mysql' are not supported: expected sqlite:///"),
        ("postgresql+psycopg2://ann:s3cret@db/staff", "kind 'postgresql.psycopg2' are not supported"),
        ("postgresql://ann@db:s3cret/staff", "cannot be read: expected sqlite:///"),
        ("://s3cret", "cannot be read: expected sqlite:///"),
        ("sqlite://", "in memory would be lost"),
        ("sqlite:///:memory:", "in memory would be lost"),
        ("", "in memory would be lost"),
        ("/", "'/' is a folder: name a file in it"),
        ("no/such/folder/x.db", "the folder 'no/such/folder' does not exist: create it"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_was_expected(place: str, complaint: str):
    with pytest.raises(StoreError, match=complaint) as caught:
        address(place)
    assert SECRET not in str(caught.value)


def test_a_file_that_is_something_else_is_left_as_it_was(tmp_path: Path):
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear Anna, " * 1000)
    with pytest.raises(
        StoreError, match=r"letter.db cannot be used: file is not a database; the file is something else"
    ):
        Store.open(str(path))
    assert path.read_bytes() == b"Dear Anna, " * 1000


def test_a_server_that_does_not_answer_says_what_to_check():
    with pytest.raises(StoreError, match="check that the server runs") as caught:
        Store.open("postgresql://ann:s3cret@127.0.0.1:1/staff")
    assert SECRET not in str(caught.value)
    assert "postgresql://ann:***@127.0.0.1:1/staff" in str(caught.value)


def test_a_host_that_does_not_exist_says_so():
    with pytest.raises(StoreError, match=r"check the host|check that the server runs"):
        Store.open("postgresql://ann@no-such-host.invalid/staff")


def test_a_database_or_user_that_does_not_exist_says_so(postgres_server: str):
    with pytest.raises(StoreError, match='database "staff" does not exist; create it with createdb'):
        Store.open(postgres_server.replace("/postgres?", "/staff?"))
    with pytest.raises(StoreError, match='role "nobody" does not exist; check the user name'):
        Store.open(postgres_server.replace("skillmatch@", "nobody:s3cret@"))


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ('connection failed: FATAL:  password authentication failed for user "ann"', "check user name and password"),
        ("database is locked", "another transaction has held it"),
        ("canceling statement due to lock timeout", "another transaction has held it"),
        ("attempt to write a readonly database", "check that you may write to the file"),
        ("unable to open database file", "check that the folder exists"),
        ("deadlock detected\nDETAIL: Process 1 waits", "try again"),
        ("database disk image is malformed", "restore it from a backup"),
        ("database or disk is full", "make room"),
        ("permission denied for schema public", "give this user the right"),
    ],
)
def test_a_failure_comes_with_advice(message: str, advice: str):
    error = connect.explained(sqlite3.OperationalError(message), address("test.db"))
    assert isinstance(error, StoreError)
    assert str(error).startswith(f"the database sqlite:///test.db cannot be used: {message.splitlines()[0]}; ")
    assert advice in str(error)


def test_a_writer_that_waits_too_long_gives_up(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'x.db'}"
    first, second = Store.open(url), Store.open(f"{url}?timeout=0.05")
    with first.write(), pytest.raises(StoreError, match="database is locked; another transaction"), second.write():
        pass
    first.close()
    second.close()


def test_a_writer_that_waits_too_long_gives_up_on_a_server_too(postgres_server: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connect, "WAIT_SECONDS", 0.05)
    engine = engine_for(address(postgres_server))
    lock = text("SELECT pg_advisory_xact_lock(8)")
    with transaction(engine, writes=True) as holder:
        holder.execute(lock)
        with (
            pytest.raises(StoreError, match="lock timeout; another transaction"),
            transaction(engine, writes=True) as waiting,
        ):
            waiting.execute(lock)
    engine.dispose()


def test_errors_name_no_data(store: Store):
    with pytest.raises(StoreError) as caught, store.write() as opened:
        opened._execute(text("SELECT :person FROM nowhere"), {"person": "Anna Private"})
    assert "Private" not in str(caught.value)


def test_foreign_keys_and_a_safe_log_are_switched_on(tmp_path: Path):
    store = Store.open(str(tmp_path / "x.db"))
    wanted = {"foreign_keys": 1, "synchronous": 2, "journal_mode": "wal"}
    with store.read() as opened:
        found = {name: opened._execute(text(f"PRAGMA {name}")).scalar() for name in wanted}
    assert found == wanted
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_process_uses_connections_of_its_own(store: Store):
    with store.read() as opened:
        opened.revision()
    pool = store._engine.pool
    child = os.fork()
    if child == 0:
        # Whatever happens, the child must not go on as a second test run.
        try:
            inherited = store._engine.pool is pool
            with store.write() as opened:
                opened.next_revision()
            os._exit(7 if inherited else 0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with store.write() as opened:
        assert opened.next_revision() == 2
    assert store._engine.pool is pool
