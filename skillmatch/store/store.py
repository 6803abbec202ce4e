"""The store: one database, SQLite or PostgreSQL, that takes and returns nouns, evidence and beliefs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, insert, select, update

from skillmatch.beliefs.params import BeliefParams
from skillmatch.errors import Conflict
from skillmatch.store import connect, schema
from skillmatch.store.beliefs import Beliefs
from skillmatch.store.log import Log
from skillmatch.store.nouns import Nouns
from skillmatch.store.rows import check_text, micros, moment, to_json
from skillmatch.store.upgrade import upgrade
from skillmatch.store.versions import Appended

__all__ = ["Appended", "Store", "Transaction"]


class Transaction(Nouns, Log, Beliefs):
    """What can be read and written between two moments; made by `Store.read` and `Store.write`."""

    def __init__(
        self, connection: Connection, seen_params: dict[int, BeliefParams] | None = None, *, writes: bool = False
    ) -> None:
        super().__init__(connection)
        # A version never changes once it is committed, and takes milliseconds to read. Only readers fill this: what a
        # writer sees of its own may still be rolled back.
        self.seen_params = {} if seen_params is None else seen_params
        self.writes = writes

    def params(self) -> BeliefParams:
        """Return the current parameters; the defaults when none were saved."""
        version = self.params_version()
        if version == 0:
            return BeliefParams()
        if (seen := self.seen_params.get(version)) is not None:
            return seen
        wanted = select(schema.params.c.record).where(schema.params.c.version == version)
        found = BeliefParams.from_record(json.loads(self._execute(wanted).scalar_one()))
        if not self.writes:
            self.seen_params[version] = found
        return found

    def save_params(self, params: BeliefParams, *, note: str) -> None:
        """Keep parameters under their version, which becomes the current one; `note` says why, for people.

        Raises
        ------
        Conflict
            When the version is not above the current one.
        """
        self._wait_in_line()
        current = self.params_version()
        if params.version <= current:
            raise Conflict(
                f"parameters of version {params.version} cannot be saved, the current version is {current}:"
                f" give the new ones version {current + 1}"
            )
        check_text(note, "the note on the parameters")
        record, now = to_json(params.to_record()), micros(datetime.now(UTC))
        self._execute(insert(schema.params).values(version=params.version, record=record, note=note, created=now))

    def all_params(self) -> list[tuple[BeliefParams, str, datetime]]:
        """Return every version of the parameters that was ever saved, with its note and when, by version."""
        table = schema.params
        rows = self._execute(select(table.c.record, table.c.note, table.c.created).order_by(table.c.version))
        return [(BeliefParams.from_record(json.loads(row.record)), row.note, moment(row.created)) for row in rows]

    def params_version(self) -> int:
        """Return the version of the current parameters; 0 for the defaults."""
        return int(self._execute(select(func.max(schema.params.c.version))).scalar() or 0)

    def revision(self) -> int:
        """Return the number of the last write; 0 before the first."""
        return int(self._execute(select(schema.counter.c.value)).scalar_one())

    def next_revision(self) -> int:
        """Take the number of this write, after waiting for earlier writers: numbers appear in order, without gaps."""
        counter = schema.counter  # updating it waits in line
        self._execute(update(counter).values(value=counter.c.value + 1))
        return self.revision()


class Store:
    """A database of skillmatch. Threads may share it; each transaction belongs to one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen_params: dict[int, BeliefParams] = {}

    @classmethod
    def open(cls, url: str) -> Store:
        """Open a database, and create its tables or bring them up to this version where needed.

        Parameters
        ----------
        url
            `sqlite:///folder/file.db`, `postgresql://user:password@host:5432/name`, or the path of a SQLite file.

        Raises
        ------
        StoreError
            When it cannot be reached, belongs to another program, or was written by a newer skillmatch.
        """
        engine = connect.engine_for(connect.address(url))
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @property
    def url(self) -> str:
        """The address of the database, for people: without its password."""
        return connect.shown(self._engine.url)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a transaction that sees one unchanging state of the database and cannot write."""
        with connect.transaction(self._engine, writes=False) as connection:
            yield Transaction(connection, self._seen_params)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction that is committed as a whole at the end of the block, or not at all on any exception."""
        with connect.transaction(self._engine, writes=True) as connection:
            yield Transaction(connection, self._seen_params, writes=True)
