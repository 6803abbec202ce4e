"""Parameters of beliefs under their versions: what a version said is never changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from skillmatch.beliefs.params import BeliefParams
from skillmatch.errors import Conflict, NotFound
from skillmatch.store import schema
from skillmatch.store.rows import Rows, check_text, micros, moment, to_json

TABLE = schema.params


class Parameters(Rows):
    """The part of a transaction that keeps parameters."""

    def __init__(
        self,
        connection: Connection,
        seen_params: dict[int, BeliefParams] | None = None,
        *,
        writes: bool = False,
        as_of: int | None = None,
    ) -> None:
        super().__init__(connection, as_of)
        # A version never changes once it is committed, and takes milliseconds to read. Only readers fill this: what a
        # writer sees of its own may still be rolled back.
        self.seen_params = {} if seen_params is None else seen_params
        self.writes = writes

    def params(self) -> BeliefParams:
        """Return the current parameters; the defaults when none were saved."""
        return self.params_of(self.params_version())

    def params_of(self, version: int) -> BeliefParams:
        """Return the parameters of a version; version 0 are the defaults.

        Raises
        ------
        NotFound
            When that version was never saved.
        """
        if version == 0:
            return BeliefParams()
        if (seen := self.seen_params.get(version)) is not None:
            return seen
        versions = [0, *self._execute(select(TABLE.c.version).order_by(TABLE.c.version)).scalars()]
        if version not in versions:
            raise NotFound(
                f"there are no parameters of version {version}: expected one of {', '.join(map(str, versions))}"
            )
        record = self._execute(select(TABLE.c.record).where(TABLE.c.version == version)).scalar_one()
        found = BeliefParams.from_record(json.loads(record))
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
        self._execute(insert(TABLE).values(version=params.version, record=record, note=note, created=now))

    def all_params(self) -> list[tuple[BeliefParams, str, datetime]]:
        """Return every version of the parameters that was ever saved, with its note and when, by version."""
        rows = self._execute(select(TABLE.c.record, TABLE.c.note, TABLE.c.created).order_by(TABLE.c.version))
        return [(BeliefParams.from_record(json.loads(row.record)), row.note, moment(row.created)) for row in rows]

    def params_version(self) -> int:
        """Return the version of the current parameters; 0 for the defaults."""
        self._check_newest("the version of the parameters")
        return int(self._execute(select(func.max(TABLE.c.version))).scalar() or 0)
