"""Accounts, sessions, invitations and failures come back from the database as they went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import inspect

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, NotFound, StoreError
from skillmatch.store.connect import transaction as connected
from skillmatch.store.store import SessionRow, Store

NOW = datetime(2026, 6, 1, 7, 30, 0, 123456, tzinfo=UTC)
RITA = Account("a1", "rita", "Rita Öchs", Role.ADMINISTRATOR, NOW)
SAM = Account("a2", "sam", "Sam", Role.SCHEDULER, NOW, "anna", ("North", "Süd"), 3, True)


@pytest.fixture
def peopled(filled: Store) -> Store:
    """Put in two accounts."""
    with filled.write() as transaction:
        for account in (SAM, RITA):
            transaction.save_account(account)
    return filled


def test_accounts_come_back_as_they_went_in_by_name(peopled: Store):
    with peopled.read() as transaction:
        assert transaction.accounts() == [RITA, SAM]
        assert transaction.account("a2") == transaction.account_named("sam") == SAM
        assert transaction.count_administrators() == 1
        for nobody in ("a3", "", "\0", "x" * 1000):
            assert transaction.account(nobody) is None
            assert transaction.account_named(nobody) is None


def test_an_account_is_overwritten_and_keeps_its_password(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_password("a1", "a hash")
        transaction.save_account(replace(RITA, name="Rita", epoch=9))
    with peopled.read() as transaction:
        assert transaction.account("a1") == replace(RITA, name="Rita", epoch=9, has_password=True)
        assert transaction.password_of("a1") == "a hash"
        assert transaction.password_of("a2") is None


def test_a_sign_in_name_is_given_once(peopled: Store):
    with pytest.raises(Conflict, match="'rita' already"), peopled.write() as transaction:
        transaction.save_account(replace(RITA, id="a9"))


def test_the_database_itself_refuses_a_second_one(peopled: Store):
    again = sqlalchemy.text(
        "INSERT INTO account (id, sign_in, name, role, disabled, created)"
        " VALUES ('a9', 'rita', 'x', 'worker', false, 0)"
    )
    with pytest.raises(StoreError), connected(peopled._engine, writes=True) as connection:
        connection.execute(again)


def test_an_account_of_nobody_is_refused(peopled: Store):
    with pytest.raises(NotFound), peopled.write() as transaction:
        transaction.save_account(replace(SAM, worker="ghost"))


def session(token: str, account: str = "a1", **more: object) -> SessionRow:
    row = SessionRow(token, account, 0, NOW, NOW, NOW + timedelta(days=7), False, "Firefox")
    return row._replace(**more)


def test_sessions_come_back_with_their_account_the_last_used_first(peopled: Store):
    first, second = session("t1"), session("t2", seen=NOW + timedelta(hours=1))
    with peopled.write() as transaction:
        for row in (first, second, session("t3", "a2")):
            transaction.save_session(row)
    with peopled.read() as transaction:
        assert transaction.session("t1") == (first, RITA)
        assert transaction.session("t3") == (session("t3", "a2"), SAM)
        assert transaction.session("t9") is None
        assert transaction.sessions("a1") == [second, first]
    with peopled.write() as transaction:
        transaction.touch_session("t1", NOW + timedelta(hours=2))
        transaction.revoke_session("t2")
    with peopled.read() as transaction:
        assert [row.token for row in transaction.sessions("a1")] == ["t1"]
        kept = transaction.session("t2")
        assert kept is not None
        assert kept[0].revoked


def test_sessions_are_forgotten_when_they_ended_long_ago(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_session(session("old", expires=NOW - timedelta(days=1)))
        transaction.save_session(session("new"))
        transaction.drop_sessions(ended=NOW)
        assert transaction.session("old") is None
        assert transaction.session("new") is not None


def test_an_invitation_holds_until_it_is_used_or_replaced(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_invitation("i1", "a1", created=NOW, expires=NOW + timedelta(hours=1))
        assert transaction.invited("i1", NOW) == RITA
        assert transaction.invited("i1", NOW + timedelta(hours=1)) is None
        transaction.save_invitation("i2", "a1", created=NOW, expires=NOW + timedelta(hours=1))
        assert transaction.invited("i1", NOW) is None
        transaction.use_invitations("a1", NOW)
        assert transaction.invited("i2", NOW) is None


def test_failures_are_kept_overwritten_and_forgotten(peopled: Store):
    with peopled.write() as transaction:
        transaction.save_failures("s", 3, NOW)
        transaction.save_failures("s", 4, NOW)
        assert transaction.failures("s") == (4, NOW)
        transaction.save_failures("s", 0, NOW)
        assert transaction.failures("s") is None
        transaction.save_failures("s", 1, NOW)
        transaction.drop_failures(before=NOW + timedelta(microseconds=1))
        assert transaction.failures("s") is None


def test_what_was_done_is_listed_the_newest_first_and_cut_where_it_is_long(peopled: Store):
    with peopled.write() as transaction:
        transaction.note("added", "x" * 600, by=RITA, time=NOW)
        transaction.note("changed", "sam", by=None, time=NOW)
        rows = transaction.notes()
        assert [(row.by, row.what) for row in rows] == [("command line", "changed"), ("Rita Öchs (rita)", "added")]
        assert transaction.notes(subject="x" * 600) == [rows[1]]


def test_tables_of_accounts_take_no_revision(peopled: Store):
    with connected(peopled._engine, writes=False) as connection:
        inspector = inspect(connection)
        for table in ("account", "session", "invitation", "sign_in_failure", "audit", "page_key"):
            assert "revision" not in {column["name"] for column in inspector.get_columns(table)}
