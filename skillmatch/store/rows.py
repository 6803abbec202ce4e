"""How values become rows: times, JSON, chunks, and the statements that all parts of a transaction share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Row,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from skillmatch.beliefs.evidence import EPOCH
from skillmatch.errors import Invalid
from skillmatch.store import schema
from skillmatch.store.connect import explained
from skillmatch.wording import said

CHUNK = 5_000
"""Rows looked up or written at once: far below what either database takes, enough to hide its overhead."""

_MICROSECOND = timedelta(microseconds=1)
_encode = json.JSONEncoder(separators=(",", ":")).encode
_encode_rows = json.JSONEncoder(default=str).encode

T = TypeVar("T")


def micros(time: datetime) -> int:
    """Return a time as whole microseconds since 1970-01-01T00:00Z.

    >>> from datetime import UTC
    >>> micros(datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC))
    2000000
    """
    return (time - EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """Return the time so many microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(microseconds=micros)


def to_json(value: Any) -> str:
    """Return a value as short JSON in plain ASCII, which every database keeps as it is; floats to the bit."""
    return _encode(value)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the values in lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def check_text(value: object, what: str) -> None:
    """Raise Invalid for a text that a database cannot keep."""
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return
    if "\0" in value:
        raise Invalid(said("{what} contains the character NUL, which a database cannot keep: remove it", what=what))
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Invalid(
            said(
                "{what} contains half a character ({half!r}): save the file as UTF-8 and try again",
                what=what,
                half=value[error.start],
            )
        ) from error


def printable(*ids: str) -> bool:
    """Return whether these can be ids of something; others cannot even be asked for."""
    return all(id.isprintable() for id in ids)


class Rows:
    """Base of the parts of a transaction: the statements they share, over one connection.

    `as_of` is the revision that is looked back to; None for the newest.
    """

    def __init__(self, connection: Connection, as_of: int | None = None) -> None:
        self._connection = connection
        self.as_of = as_of

    def _check_newest(self, what: str) -> None:
        """Raise Invalid for a question to which only the newest state has an answer."""
        if self.as_of is not None:
            raise Invalid(
                f"{what} cannot be read as of revision {self.as_of}, only the newest: read without `as_of`, or make"
                " them from the nouns and the evidence of that revision"
            )

    @property
    def _on_postgresql(self) -> bool:
        return self._connection.dialect.name == "postgresql"

    def _execute(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        try:
            return self._connection.execute(statement, rows)
        except SQLAlchemyError as error:
            raise explained(error, self._connection.engine.url) from error

    def _wait_in_line(self) -> None:
        """Wait until no other writer is at work; what is read from now on is what they left.

        SQLite lets one writer in at a time; on PostgreSQL the line is the lock of the revision counter. Everybody
        takes it before any other lock, so that two writers never wait for each other.
        """
        if self._on_postgresql:
            self._execute(select(schema.counter.c.value).with_for_update())

    def _stream(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        """Yield the rows of a large result without holding all of them."""
        try:
            yield from self._connection.execute(statement, execution_options={"yield_per": CHUNK})
        except SQLAlchemyError as error:
            raise explained(error, self._connection.engine.url) from error

    def _among(self, column: Column[Any], values: Collection[Any]) -> ColumnElement[bool]:
        """Return the condition that a column holds one of the values."""
        if not self._on_postgresql:
            return column.in_(values)
        return column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))

    def _write(self, table: Table, rows: Iterable[dict[str, Any]], *, overwrite: bool = False) -> None:
        """Insert rows, all with values for the same columns; with `overwrite`, also over rows of the same key."""
        for part in chunks(rows):
            statement = _writing(table, tuple(part[0]), self._on_postgresql, overwrite)
            self._execute(statement, {"rows": _encode_rows(part)} if self._on_postgresql else part)


@cache
def _writing(table: Table, names: tuple[str, ...], on_postgresql: bool, overwrite: bool) -> Executable:
    statement = postgresql.insert(table) if on_postgresql else sqlite.insert(table)
    if on_postgresql:
        statement = statement.from_select(names, _rows_of_json(table, names))
    if overwrite:
        rest = {name: statement.excluded[name] for name in names if not table.c[name].primary_key}
        statement = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)
    return statement


def _rows_of_json(table: Table, names: Iterable[str]) -> Select[Any]:
    """Return the rows of a JSON text, which PostgreSQL takes faster than one statement for each row."""
    text = cast(bindparam("rows", type_=Text()), postgresql.JSON())
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.json_to_recordset(text).table_valued(*columns).render_derived(with_types=True)
    return select(*(rows.c[name] for name in names))
