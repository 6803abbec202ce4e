"""Reaching the database: addresses, engines, transactions, and what their errors mean to people."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from skillmatch.errors import NotFound, SkillmatchError, StoreError

WAIT_SECONDS = 30
"""How long a transaction waits for another one before it gives up."""

CONNECT_SECONDS = 10
POSTGRESQL_NAMES = ("postgresql", "postgresql+psycopg", "postgres")

LOCKED = f"another transaction has held it for more than {WAIT_SECONDS} seconds, probably an import: try again later"
ADVICE = {
    "database is locked": LOCKED,
    "lock timeout": LOCKED,
    "deadlock detected": "two writers got in each other's way and this one gave up: try again",
    "could not serialize": "another writer was faster: try again",
    "not a database": "the file is something else: name another file, or leave it out to start a new one",
    "malformed": "the file is damaged: restore it from a backup",
    "disk is full": "make room on the disk and try again",
    "disk full": "make room on the disk and try again",
    "no space left": "make room on the disk and try again",
    "unable to open": "check that the folder exists and that you may write to it",
    "readonly database": "check that you may write to the file and its folder",
    "read-only transaction": "writing belongs into write(), not into read()",
    "password": "check user name and password in the address",
    "role": "check the user name in the address",
    "permission denied": "give this user the right to use and create tables in the schema",
    'database "': "create it with createdb, or correct the name in the address",
    "connection": "check that the server runs and that host and port in the address are right",
    "resolve": "check the host in the address",
}
"""What to do, by a piece of the driver's message; the first that fits counts."""


def address(place: str) -> URL:
    """Return the address of a database given as URL or as path of a SQLite file.

    Raises
    ------
    StoreError
        When it is neither, or names a kind of database that is not supported.
    """
    if "://" not in place:
        return _file_address(place)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        # The text is not repeated: it may hold a password.
        raise StoreError(
            "the address of the database cannot be read: expected sqlite:///folder/file.db or"
            " postgresql://user:password@host:5432/name; write @ : / in a password as %40 %3A %2F"
        ) from None
    if url.drivername in POSTGRESQL_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _file_address(url.database or "", url.query)
    raise StoreError(
        f"databases of kind {url.drivername!r} are not supported: expected sqlite:///folder/file.db or"
        " postgresql://user:password@host:5432/name"
    )


def _file_address(file: str, query: Any = None) -> URL:
    if file in ("", ":memory:"):
        raise StoreError("a database in memory would be lost at the end: name a file, as in sqlite:///folder/file.db")
    path = Path(file)
    if path.is_dir():
        raise StoreError(f"{file!r} is a folder: name a file in it, as in {str(path / 'skillmatch.db')!r}")
    if not path.parent.is_dir():
        raise StoreError(f"the folder {str(path.parent)!r} does not exist: create it, or name another place")
    return URL.create("sqlite+pysqlite", database=file, query=query or {})


def shown(url: URL) -> str:
    """Return the address for people, without its password."""
    plain = url.set(drivername=url.get_backend_name())
    secrets = [name for name in url.query if "password" in name]
    return plain.difference_update_query(secrets).render_as_string(hide_password=True)


def engine_for(url: URL) -> Engine:
    """Return an engine whose errors come out as StoreError; it survives a fork of the process."""
    sqlite = url.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"timeout": WAIT_SECONDS}
    if not sqlite:
        # No prepared statements: their plan is made while a table is small and ruins the import that fills it.
        options = {"connect_timeout": CONNECT_SECONDS, "prepare_threshold": None}
    options = {name: value for name, value in options.items() if name not in url.query}
    engine = create_engine(url, connect_args=options, hide_parameters=True, pool_pre_ping=not sqlite)
    event.listen(engine, "handle_error", _translate)
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    _engines.add(engine)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Python's driver would begin transactions late, after the reads they depend on: updates got lost.
    connection.isolation_level = None
    # A finished job must survive a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writes, migrates = options.get("writes", False), options.get("migrates", False)
    # A migration may rebuild a table that others point to.
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if migrates else 'ON'}")
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {WAIT_SECONDS * 1000}")
    connection.commit()


_engines: WeakSet[Engine] = WeakSet()


def _forget_connections() -> None:
    # A connection shared by two processes ends in damage: a forked child opens its own and leaves ours open.
    for engine in _engines:
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_connections)


@contextmanager
def transaction(engine: Engine, *, writes: bool, migrates: bool = False) -> Iterator[Connection]:
    """Run the body in one transaction: committed at its end, rolled back on any exception.

    With `writes`, SQLite lets one writer in at a time and PostgreSQL sees what others have committed; without, the
    body sees one unchanging state and cannot write.
    """
    options: dict[str, Any] = {"writes": writes, "migrates": migrates}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED" if writes else "REPEATABLE READ"
        options["postgresql_readonly"] = not writes
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(**options)
            with connection.begin():
                yield connection
    except SQLAlchemyError as error:
        raise explained(error, engine.url) from error


def use_write_ahead_log(engine: Engine) -> None:
    """Let a SQLite file be read while it is written. It stays so; a restored backup may need it anew."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise explained(error, engine.url) from error
    finally:
        raw.close()


def explained(error: BaseException, url: URL) -> SkillmatchError:
    """Return our error for one of the driver's or of SQLAlchemy's, with advice."""
    original = getattr(error, "orig", None) or error
    text = (str(original).strip() or type(original).__name__).splitlines()[0]
    if "foreign key" in text.lower():
        return NotFound(
            f"a worker, skill or job that was named is not in the database ({text}): save workers and skills first,"
            " then jobs"
        )
    advice = next((advice for piece, advice in ADVICE.items() if piece in text.lower()), None)
    return StoreError(f"the database {shown(url)} cannot be used: {text}" + (f"; {advice}" if advice else ""))


def _translate(context: ExceptionContext) -> None:
    if context.engine is None or context.is_pre_ping:
        return
    error = context.sqlalchemy_exception or context.original_exception
    if isinstance(error, SQLAlchemyError):
        raise explained(error, context.engine.url) from error
