"""Long lists in pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a list of `total` things a page stands; pages count from 1."""

    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of the first thing shown, from 1."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last thing shown."""
        return min(self.page * self.size, self.total)


def page_asked_for() -> int:
    """Return the page the address names; what is no page number is the first page."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
