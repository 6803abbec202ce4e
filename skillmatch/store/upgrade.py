"""Bringing a database to the version of this code."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, inspect, text

from skillmatch.errors import StoreError
from skillmatch.store.connect import WAIT_SECONDS, shown, transaction, use_write_ahead_log
from skillmatch.store.schema import HEAD, VERSION_TABLE, metadata

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number will do, as long as all of ours wait for the same one.
_LOCK = 7_305_001

# Alembic keeps what it is doing in a global, so its threads must take turns.
_one_at_a_time = Lock()


def upgrade(engine: Engine) -> None:
    """Migrate an empty or older database up to this code's version, in one transaction; safe among several processes.

    Raises
    ------
    StoreError
        When the database belongs to another program or was written by a newer version of this one.
    """
    with transaction(engine, writes=False) as connection:
        current = checked_version(connection)
    if engine.dialect.name == "sqlite":
        _use_write_ahead_log(engine)
    if current == HEAD:
        return
    with transaction(engine, writes=True, migrates=True) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if checked_version(connection) != HEAD:  # nobody else did it while we waited
            _migrate(connection)


def _use_write_ahead_log(engine: Engine) -> None:
    # SQLite does not wait here while another process is at the same.
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return use_write_ahead_log(engine)
        except StoreError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def checked_version(connection: Connection) -> str | None:
    """Return the version of the database, None for an empty one; refuse what is not ours to touch."""
    tables = set(inspect(connection).get_table_names())
    place = shown(connection.engine.url)
    if VERSION_TABLE not in tables:
        # A schema of a server may be shared, a file may not.
        others = tables if connection.dialect.name == "sqlite" else tables & set(metadata.tables)
        if others:
            raise StoreError(
                f"the database {place} belongs to another program: it holds the table {min(others)!r} but was not"
                " made by skillmatch; name another database"
            )
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    if version is not None and version not in known_versions():
        raise StoreError(
            f"the database {place} was written by a newer skillmatch (revision {version}; this one knows up to"
            f" {HEAD}): upgrade skillmatch, or restore a backup from before that upgrade"
        )
    return version


def known_versions() -> set[str]:
    """Return the number of every migration this code has."""
    return {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def _migrate(connection: Connection) -> None:
    # Takes a while to import, and is seldom needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _one_at_a_time:
        command.upgrade(config, "head")
