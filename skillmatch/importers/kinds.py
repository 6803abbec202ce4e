"""Every kind of table, and how it is recognised by the name of a file or sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from skillmatch.beliefs import evidence
from skillmatch.importers.columns import NOUN_KINDS, Kind
from skillmatch.importers.evidence_columns import evidence_kind
from skillmatch.importers.forms import plain

EVIDENCE_KINDS = tuple(map(evidence_kind, evidence.KINDS.values()))
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*NOUN_KINDS, *EVIDENCE_KINDS)}
"""Every kind of table by its name, what is referred to before what refers to it."""

KIND_OF_CLASS: dict[type, Kind] = {kind.cls: kind for kind in KINDS.values()}

_FILE_NAMES = [
    (re.compile(name.replace("_", "[ _-]?") + r"(?![a-z])"), KINDS[name])
    # The longest first: what is called "skills declined" is no table of skills.
    for name in sorted(KINDS, key=len, reverse=True)
]


def kind_of_name(name: str) -> Kind | None:
    """Return the kind of table that the name of a file or sheet says, or None.

    >>> kind_of_name("Job-Types 2026").name
    'job_types'
    """
    return next((kind for pattern, kind in _FILE_NAMES if pattern.match(name.strip().casefold())), None)


def expected_names(found: str, known: Iterable[str] = KINDS) -> str:
    """Return the advice for a name that is none of `known`: all of them, and the nearest."""
    names = list(known)
    near = nearest(found, names)
    return "one of " + ", ".join(names) + (f"; did you mean {near!r}?" if near else "")


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.65) -> str | None:
    """Return the one of the `known` names that was probably meant, or None."""
    by_plain = {plain(each): each for each in known}
    near = get_close_matches(plain(name), by_plain, n=1, cutoff=cutoff)
    return by_plain[near[0]] if near else None
