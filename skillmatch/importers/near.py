"""The id that was probably meant, found in little time however many ids there are."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from difflib import get_close_matches

MOST_SEARCHES = 20
MOST_COMPARED = 1_000


class Near:
    """Looks for the nearest known id; gives up looking after 20 ids, when the file is of another company anyway."""

    def __init__(self) -> None:
        self._found: dict[tuple[type, str], str | None] = {}

    def find(self, cls: type, id: str, *known: AbstractSet[str]) -> str | None:
        """Return the id in one of the `known` sets that is most like `id`, or None."""
        if (cls, id) not in self._found:
            if len(self._found) >= MOST_SEARCHES:
                return None
            self._found[cls, id] = _nearest(id, known)
        return self._found[cls, id]


def _nearest(id: str, known: tuple[AbstractSet[str], ...]) -> str | None:
    similar = [other for ids in known for other in ids if abs(len(other) - len(id)) <= 3]
    if len(similar) > MOST_COMPARED:
        ends = (id[:2].casefold(), id[-2:].casefold())
        similar = [other for other in similar if other[:2].casefold() == ends[0] or other[-2:].casefold() == ends[1]]
    by_folded = {other.casefold(): other for other in sorted(similar)[:MOST_COMPARED]}
    near = get_close_matches(id.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None
