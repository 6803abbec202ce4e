"""Templates of a mapping: text with the names of columns in braces, filled from the cells of a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from string import Formatter

from skillmatch.errors import Invalid
from skillmatch.importers.draft import Unfit
from skillmatch.importers.excel import BadCell

_ALIGNMENT = re.compile(r".?[<>^][1-9][0-9]{0,2}")
EXPECTED = "text with columns in braces such as '{name}' or '{number:0>8}' (a fill, < > or ^, and a width)"

Text = Callable[[Sequence[str]], str]


class Template:
    """A text with columns in it. A bare word without braces is the name of a column.

    >>> Template("{bug:0>4}-{step}").fill({"bug": 0, "step": 1}.get)(["17", "2"])
    '0017-2'

    Raises
    ------
    Invalid
        When braces do not match, or hold anything but a column's name and how wide it is filled up.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if "{" not in text and "}" not in text:
            self._parts: list[tuple[str, str | None, str]] = [("", text.strip(), "")]
            return
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            raise Invalid(f"{text!r} is no template ({error}): expected {EXPECTED}") from error
        for _, name, spec, conversion in parts:
            if name == "" or conversion or (spec and not _ALIGNMENT.fullmatch(spec)):
                raise Invalid(f"{text!r} is no template: expected {EXPECTED}")
        self._parts = [(literal, name, spec or "") for literal, name, spec, _ in parts]

    @property
    def columns(self) -> list[str]:
        """The names of the columns it takes from."""
        return [name for _, name, _ in self._parts if name is not None]

    def fill(self, find: Callable[[str], int | None]) -> Text:
        """Return what fills the template from a row; `find` gives the index of a column by its name.

        Where all the cells it takes from are empty, so is the result.
        """
        parts = [(literal, None if name is None else find(name), spec) for literal, name, spec in self._parts]
        if len(parts) == 1 and not parts[0][0] and not parts[0][2] and parts[0][1] is not None:
            return _single(parts[0][1])

        fixed = not self.columns

        def text(cells: Sequence[str]) -> str:
            filled, something = "", fixed
            for literal, index, spec in parts:
                filled += literal
                if index is not None and index < len(cells):
                    cell = cells[index]
                    if cell.__class__ is BadCell:
                        raise Unfit(cell, BadCell.expected)
                    cell = cell.strip()
                    something = something or cell != ""
                    filled += format(cell, spec) if spec else cell
            return filled if something else ""

        return text


def _single(index: int) -> Text:
    return lambda cells: cells[index] if index < len(cells) else ""
