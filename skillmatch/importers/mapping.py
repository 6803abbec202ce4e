"""The mapping file (TOML): which file holds what, where its columns and names are not ours. docs/import.md shows it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as MappingOf
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)

from skillmatch.errors import Invalid, NotFound
from skillmatch.importers.columns import Column, Kind
from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.evidence_columns import DEFAULT_SOURCE
from skillmatch.importers.forms import ID, NEEDS, TIME
from skillmatch.importers.kinds import KINDS, expected_names
from skillmatch.importers.templates import Template

MOST_BYTES = 1_000_000
_BRANCHES = {"template", "list", "str", "int", "decimal", "datetime", "date"}  # of unions, not keys of a file


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, data: Any) -> Any:
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                raise ValueError(f"unknown key {key!r}: expected {expected_names(key, cls.model_fields)}")
        return data


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"expected a regular expression ({error})") from error
    return text


def _template(text: str) -> str:
    Template(text)
    return text


def _source(text: str) -> str:
    try:
        return str(ID.parse(text))
    except Unfit as error:
        raise ValueError(f"expected {error.expected}") from error


class NeedRule(_Part):
    """One requirement: a skill with its levels, weight and must, a certification, or a language."""

    skill: Annotated[str, AfterValidator(_template)] | None = None
    certification: Annotated[str, AfterValidator(_template)] | None = None
    language: Annotated[str, AfterValidator(_template)] | None = None
    level: str | Decimal | None = None
    preferred_level: str | Decimal | None = None
    weight: str | Decimal | None = None
    count: str | Decimal | None = None
    must: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> NeedRule:
        if [self.skill, self.certification, self.language].count(None) != 2:
            raise ValueError("expected a skill, a certification or a language, and only one of them")
        return self


class TimeRule(_Part):
    """Turns a number into a time: `origin` plus so many times `unit_minutes`, to the microsecond."""

    origin: datetime
    unit_minutes: Annotated[Decimal, Field(gt=0, le=10_000_000)]

    def time(self, cell: str) -> datetime:
        """Return the time a cell with a number stands for."""
        try:
            number = Decimal(cell.replace(",", "."))
            micro = int((number * self.unit_minutes * 60_000_000).to_integral_value())
            return self.start + timedelta(microseconds=micro)
        except (ArithmeticError, ValueError, OverflowError):
            raise Unfit(
                shown(cell), f"a number of {self.unit_minutes} minutes since {TIME.write(self.start)}"
            ) from None

    @property
    def start(self) -> datetime:
        """The origin in UTC."""
        return self.origin.replace(tzinfo=UTC) if self.origin.tzinfo is None else self.origin.astimezone(UTC)


class SkipRule(_Part):
    """Leaves out rows whose cell in `column` of the file matches a regular expression anywhere."""

    column: str
    matches: Annotated[str, AfterValidator(_pattern)]


_Value = Annotated[
    Annotated[Annotated[str, AfterValidator(_template)], Tag("template")]
    | Annotated[tuple[NeedRule, ...], Tag("list")],
    Discriminator(lambda value: "list" if isinstance(value, list) else "template"),
]


class TableRule(_Part):
    """How one table is made from one file, or from one sheet of a workbook."""

    kind: str
    file: str
    sheet: str | None = None
    distinct: bool = False
    columns: dict[str, _Value] = {}
    constants: dict[str, str | int | Decimal | datetime | date] = {}
    values: dict[str, dict[str, str]] = {}
    times: dict[str, TimeRule] = {}
    skip: tuple[SkipRule, ...] = ()

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, name: str) -> str:
        if name not in KINDS:
            raise ValueError(f"expected {expected_names(name)}")
        return name

    @field_validator("file")
    @classmethod
    def _inside_the_folder(cls, name: str) -> str:
        if not name or "/" in name or "\\" in name or name in (".", ".."):
            raise ValueError("expected the name of a file in the imported folder")
        return name

    @model_validator(mode="after")
    def _columns_fit(self) -> TableRule:
        names = [column.name for column in self.what.columns]
        for part in ("columns", "constants", "values", "times"):
            for name in getattr(self, part):
                if name not in names:
                    raise ValueError(f"{part}.{name}: expected a column of {self.kind}, {expected_names(name, names)}")
        for name in sorted(self.values.keys() | self.times.keys()):
            if name not in self.columns:
                raise ValueError(f"values and times of {name!r}: expected {name!r} among the columns as well")
        for column in self.what.columns:
            self._column_fits(column)
        return self

    def _column_fits(self, column: Column) -> None:
        name, value = column.name, self.columns.get(column.name)
        if value is not None and name in self.constants:
            raise ValueError(f"{name!r} stands in columns and in constants: expected it in one of them")
        if isinstance(value, tuple) and column.form is not NEEDS:
            raise ValueError(f"columns.{name} is a list: expected text; only requirements may be a list")
        if name in self.times and column.form is not TIME:
            raise ValueError(f"times.{name}: expected a column that holds times, such as time or created")
        if value is None and name not in self.constants and column.required:
            raise ValueError(f"columns: expected something for {name!r}, which a table of {self.kind} needs")
        if name in self.constants:
            try:
                self.constant(column)
            except Unfit as error:
                raise ValueError(f"constants.{name}: found {error.found}: expected {error.expected}") from error

    def constant(self, column: Column) -> Any:
        """Return the value that a column has in every row."""
        value = self.constants[column.name]
        return column.form.parse(value.isoformat() if isinstance(value, date) else str(value))

    @property
    def what(self) -> Kind:
        """The kind of table."""
        return KINDS[self.kind]


class Mapping(_Part):
    """A whole mapping file: the source that evidence gets, and a rule for each table."""

    source: Annotated[str, AfterValidator(_source)] = DEFAULT_SOURCE
    table: tuple[TableRule, ...]


def load(path: Path) -> Mapping:
    """Return the mapping that a file describes.

    Raises
    ------
    NotFound
        When there is no such file.
    Invalid
        When it is no TOML, or not what a mapping must be; the message names the file, the key and what is expected.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"there is no mapping file {str(path)!r}") from error
    except OSError as error:
        raise Invalid(f"the mapping file {str(path)!r} cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise Invalid(f"{path.name} has {len(raw):,} bytes: expected a mapping file of at most {MOST_BYTES:,}")
    try:
        content = tomllib.loads(raw.decode(), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid(f"{path.name} is no TOML: {error}: expected a mapping file as docs/import.md shows it") from error
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        raise Invalid("\n".join(f"{path.name}: {_message(one)}" for one in error.errors())) from error


def _message(error: MappingOf[str, Any]) -> str:
    """Return where a mapping is wrong, tables counted from 1, and what is expected."""
    where = ""
    for step in error["loc"]:
        if isinstance(step, int):
            where += f" {step + 1}"
        elif step not in _BRANCHES:
            where += f".{step}" if where else str(step)
    found = "" if isinstance(error["input"], dict | list | tuple | _Part) else f"found {shown(error['input'])}: "
    reason = str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    reason = "expected it there" if error["type"] == "missing" else reason
    return f"{where or 'the file'}: {found}{reason}"
