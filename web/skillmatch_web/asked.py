"""What an address asks for: numbers, words, one of a list, days; what cannot be meant is as if it were not there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask import request

LONGEST = 200
"""Characters of a search that are looked for."""


def words(name: str) -> str:
    """Return a text of the address, without what cannot be seen, and cut where it is overlong."""
    text = request.args.get(name, "")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST]


def one_of(name: str, known: Collection[str], usual: str = "") -> str:
    """Return what the address chooses of some words, or else what is usual."""
    found = request.args.get(name, "")
    return found if found in known else usual


def number(name: str) -> int:
    """Return a number of the address that counts from 1; 1 for what is none."""
    asked = request.args.get(name, "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1


def day(name: str) -> tuple[date | None, bool]:
    """Return a day of the address, None for none, and whether what stands there is good."""
    text = words(name)
    if not text:
        return None, True
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None, False
    return (found, True) if 1971 <= found.year <= 2199 else (None, False)
