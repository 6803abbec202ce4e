"""How tests open databases: several processes the same one at once, or one that an older version made."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, inspect, select

from skillmatch.store import schema, upgrade
from skillmatch.store.connect import address, engine_for, transaction
from skillmatch.store.store import Store


class OlderStore(Store):
    """Takes what the newest version takes; once closed, the database has the tables of an older one, filled with what
    these have in common with the newest.
    """

    def __init__(self, url: str, version: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        newest = Store.open(str(Path(self._folder.name) / "newest.db"))
        super().__init__(newest._engine)
        self._older, self._version = url, version

    def close(self) -> None:
        """Make the older database."""
        engine = engine_for(address(self._older))
        with transaction(engine, writes=True) as older, transaction(self._engine, writes=False) as newest:
            _migrate(older, self._version)
            for table in schema.metadata.sorted_tables:
                if inspect(older).has_table(table.name):
                    _copy(newest, older, table)
        engine.dispose()
        super().close()
        self._folder.cleanup()


def _migrate(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _copy(newest: Connection, older: Connection, table: Table) -> None:
    """Copy the rows of a table; rows that count themselves are numbered anew, in their order."""
    there = Table(table.name, MetaData(), autoload_with=older)
    shared = [column for column in table.c if column.name in there.c and column.name != "seq"]
    rows = [row._asdict() for row in newest.execute(select(*shared).order_by(*table.primary_key))]
    if table is schema.counter:
        older.execute(there.delete())
    if rows:
        older.execute(there.insert(), rows)


def database_of_version(url: str, version: str) -> Store:
    """Return a store that leaves a database of an older version in an empty one when it is closed."""
    return OlderStore(url, version)


def open_all(barrier: Barrier, urls: Sequence[str]) -> None:
    """Open each database at the same moment as the other processes, and take a number."""
    for url in urls:
        barrier.wait()
        store = Store.open(url)
        with store.write() as transaction:
            transaction.next_revision()
        store.close()
