"""Databases in which nothing is yet, brought up to this version once and handed out from then on.

To migrate one takes a fifth of a second, and a whole one with PostgreSQL; a run of all tests needs some two thousand. A
SQLite file is copied. A PostgreSQL database is emptied after use, which is ten times as quick as copying one.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path

import psycopg

from skillmatch.store.schema import VERSION_TABLE, metadata
from skillmatch.store.store import Store
from tests.kit import postgres

TABLES = frozenset((*metadata.tables, VERSION_TABLE))
_spare: dict[str, list[str]] = defaultdict(list)


def new_file(path: Path) -> str:
    """Put a database into a file that is not there yet; return its URL."""
    with path.open("xb") as file:
        file.write(_file())
    return f"sqlite:///{path}"


@cache
def _file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "new.db")
        Store.open(f"sqlite:///{path}").close()
        return path.read_bytes()


def lend_database(server: str) -> str:
    """Return the URL of a database on a PostgreSQL server that is nobody else's until it is given back."""
    if _spare[server]:
        return _spare[server].pop()
    url = postgres.fresh_database(server)
    Store.open(url).close()
    _rows(server, url)
    return url


def give_back(server: str, url: str) -> None:
    """Empty a database that was lent, whoever is still connected to it; one whose tables have changed is dropped."""
    with postgres.connected(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if _tables(connection) == TABLES:
            _empty(connection, _rows(server, url))
            _spare[server].append(url)
            return
    postgres.drop_database(server, url)


def _tables(connection: psycopg.Connection) -> frozenset[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return frozenset(name for (name,) in found)


def _empty(connection: psycopg.Connection, rows: dict[str, bytes]) -> None:
    """Make the content that of a database that was only just made; what refers to what does not matter meanwhile."""
    deletes = "; ".join(f'DELETE FROM "{table}"' for table in sorted(TABLES))
    connection.execute(f"SET session_replication_role = replica; {deletes}".encode())
    for table, content in rows.items():
        with connection.cursor().copy(f'COPY "{table}" FROM STDIN'.encode()) as copy:
            copy.write(content)
    connection.execute("SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences")


_first_rows: dict[str, dict[str, bytes]] = {}


def _rows(server: str, url: str) -> dict[str, bytes]:
    """Return what a database holds that was only just made, by table; `url` is one, the first time."""
    if server not in _first_rows:
        with postgres.connected(url) as connection:
            content = {}
            for table in sorted(TABLES):
                with connection.cursor().copy(f'COPY "{table}" TO STDOUT'.encode()) as copy:
                    content[table] = b"".join(map(bytes, copy))
        _first_rows[server] = {table: rows for table, rows in content.items() if rows}
    return _first_rows[server]
