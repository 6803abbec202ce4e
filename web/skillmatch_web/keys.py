"""Which letter leads to which page: after `g`, the first letter of its name that no page before it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from skillmatch_web.languages import say


class Named(Protocol):
    """Something with a label, "" or None for none."""

    label: str | None


P = TypeVar("P", bound=Named)


def with_keys(pages: Iterable[P]) -> list[tuple[str, P]]:
    """Return pages with their letters in the reader's language; a page without a letter that is free is left out.

    >>> from types import SimpleNamespace
    >>> [letter for letter, _ in with_keys([SimpleNamespace(label=name) for name in ("Jobs", "Day", "Decisions")])]
    ['j', 'd', 'e']
    """
    taken: dict[str, P] = {}
    for page in pages:
        letters = (letter for letter in say(page.label or "").casefold() if letter.isascii() and letter.isalpha())
        free = next((letter for letter in letters if letter not in taken), "")
        if free:
            taken[free] = page
    return list(taken.items())
