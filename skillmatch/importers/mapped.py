"""How the rows of a table are read when a mapping says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from skillmatch.errors import Invalid
from skillmatch.importers import needs
from skillmatch.importers.columns import Column
from skillmatch.importers.draft import Unfit, shown
from skillmatch.importers.intake import Header, Plan, Produce, parsed
from skillmatch.importers.kinds import expected_names
from skillmatch.importers.mapping import NeedRule, SkipRule, TableRule
from skillmatch.importers.templates import Template, Text


def plan_by_rule(rule: TableRule, header: Header, *, source: str, where: str) -> Plan:
    """Return how to read a table by a rule of a mapping; `where` names the rule for messages.

    Raises
    ------
    Invalid
        When the rule takes from a column that the table does not have.
    """
    fill = _Filler(header, rule, where)
    columns = []
    for column in rule.what.columns:
        if column.name in rule.constants:
            columns.append((column, _constant(rule.constant(column))))
        elif column.name in rule.columns:
            columns.append((column, _produce(rule, column, fill)))
    return Plan(rule.what, tuple(columns), _skip(rule.skip, fill), distinct=rule.distinct, source=source)


class _Filler:
    """Makes texts out of templates, with the columns of one header."""

    def __init__(self, header: Header, rule: TableRule, where: str) -> None:
        self._header, self._rule, self._where = header, rule, where

    def index(self, name: str, key: str) -> int:
        index = self._header.find(name)
        if index is None:
            raise Invalid(
                f"{self._where}.{key}: {self._rule.file} has no column {name!r}: "
                f"expected {expected_names(name, self._header.names)}"
            )
        return index

    def text(self, template: str, key: str) -> Text:
        made = Template(template)
        indices = {name: self.index(name, key) for name in made.columns}
        return made.fill(indices.get)


def _constant(value: Any) -> Produce:
    return lambda cells: value


def _produce(rule: TableRule, column: Column, fill: _Filler) -> Produce:
    value, name = rule.columns[column.name], column.name
    text = _needs(value, fill) if isinstance(value, tuple) else fill.text(value, f"columns.{name}")
    if name in rule.values:
        text = _translated(text, rule.values[name])
    if name in rule.times:
        return _timed(text, rule.times[name].time)
    return parsed(column, text, repeats=column.repeats or rule.distinct)


def _timed(text: Text, time: Callable[[str], Any]) -> Produce:
    def produce(cells: Sequence[str]) -> Any:
        cell = text(cells).strip()
        return time(cell) if cell else None

    return produce


def _translated(text: Text, values: dict[str, str]) -> Text:
    def translate(cells: Sequence[str]) -> str:
        cell = text(cells).strip()
        if cell in values:
            return values[cell]
        if cell:
            raise Unfit(shown(cell), f"{expected_names(cell, values)}: the values that the mapping translates")
        return cell

    return translate


def _needs(rules: Sequence[NeedRule], fill: _Filler) -> Text:
    parts = [_need(rule, fill) for rule in rules]
    return lambda cells: ";".join(filter(None, (part(cells) for part in parts)))


def _need(rule: NeedRule, fill: _Filler) -> Text:
    """Return what writes one requirement as it would stand in a cell; '' where its skill is empty."""
    key = "columns.requirements"
    name = fill.text(rule.skill or rule.certification or rule.language or "", key)
    level, preferred, weight, count = (
        fill.text(value, key) if isinstance(value, str) else _fixed(value)
        for value in (rule.level, rule.preferred_level, rule.weight, rule.count)
    )
    must = "!" if rule.must else ""

    def text(cells: Sequence[str]) -> str:
        id = name(cells).strip()
        if not id:
            return ""
        if rule.language is not None:
            return f"lang:{needs.quoted(id)}"
        people = _after("*", count(cells))
        if rule.certification is not None:
            return f"cert:{needs.quoted(id)}{people}"
        tail = f":{level(cells).strip()}{_after('-', preferred(cells))}:{weight(cells).strip()}".rstrip(":")
        return needs.quoted(id) + tail + people + must

    return text


def _after(sign: str, cell: str) -> str:
    return sign + cell.strip() if cell.strip() else ""


def _fixed(value: object) -> Text:
    text = "" if value is None else str(value)
    return lambda cells: text


def _skip(rules: Sequence[SkipRule], fill: _Filler) -> Callable[[Sequence[str]], bool] | None:
    if not rules:
        return None
    tests = [(fill.index(rule.column, "skip"), re.compile(rule.matches)) for rule in rules]
    known: dict[tuple[int, str], bool] = {}

    def skip(cells: Sequence[str]) -> bool:
        for index, pattern in tests:
            cell = cells[index].strip() if index < len(cells) else ""
            if (index, cell) not in known:
                known[index, cell] = pattern.search(cell) is not None
            if known[index, cell]:
                return True
        return False

    return skip
