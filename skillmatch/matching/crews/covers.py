"""The smallest crews that meet the rules, whatever they score: a search over kinds of workers, not over workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skillmatch.matching.crews.scores import Scorer

MOST_NODES = 20_000
"""After so many steps the search stops and says that it did not finish."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Places of a smallest set of workers who meet the rules; None when there is none of the allowed size.

    `proven` is false when the search was broken off; then a smaller set, or any at all, may exist.
    """

    places: tuple[int, ...] | None
    proven: bool


def demands_of(scorer: Scorer) -> tuple[list[int], list[int]]:
    """Return the heads that the rules demand and, for each worker, the bits of the demands she serves.

    One demand for each hard head count, and one head for the lead where one is needed.
    """
    problem = scorer.problem
    flags = [scorer.surely[:, number] for number in np.flatnonzero(problem.hard)]
    heads = [int(count) for count in problem.counts[problem.hard]]
    if problem.lead_floor is not None:
        flags.append(scorer.can_lead)
        heads.append(1)
    bits = [0] * len(scorer)
    for number, flag in enumerate(flags):
        for place in np.flatnonzero(flag):
            bits[place] |= 1 << number
    return heads, bits


def smallest_cover(scorer: Scorer, *, most: int, taken: Sequence[int] = ()) -> Cover:
    """Return a smallest set of at most `most` workers that contains `taken` and meets every hard rule.

    Of workers who serve the same demands the ones with the best scores alone are named.
    """
    heads, bits = demands_of(scorer)
    for place in taken:
        heads = _served(heads, bits[place])
    free = [place for place in range(len(scorer)) if place not in set(taken)]
    search = _Search(Counter(bits[place] for place in free))
    for extra in range(most - len(taken) + 1):
        kinds = search.run(heads, extra)
        if kinds is not None:
            return Cover((*taken, *_named(kinds, bits, free, scorer)), True)
        if search.nodes > MOST_NODES:
            return Cover(None, False)
    return Cover(None, True)


def _named(kinds: Sequence[int], bits: Sequence[int], free: Sequence[int], scorer: Scorer) -> list[int]:
    places: list[int] = []
    ranked = sorted(free, key=lambda place: (-scorer.alone[place], place))
    for kind, times in Counter(kinds).items():
        places += [place for place in ranked if bits[place] == kind][:times]
    return places


def _served(heads: Sequence[int], kind: int) -> list[int]:
    """Return the heads still demanded after a worker who serves the demands in `kind`."""
    return [max(count - (kind >> number & 1), 0) for number, count in enumerate(heads)]


class _Search:
    """Depth first over kinds of workers, a kind being the bits of the demands it serves."""

    def __init__(self, left: Counter[int]) -> None:
        self.left = left
        self.nodes = 0

    def run(self, heads: Sequence[int], size: int) -> list[int] | None:
        """Return at most `size` kinds that serve all `heads`, or None."""
        self.nodes += 1
        open_bits = sum(1 << number for number, count in enumerate(heads) if count)
        if not open_bits:
            return []
        most_served = max(((kind & open_bits).bit_count() for kind, times in self.left.items() if times), default=0)
        if self.nodes > MOST_NODES or max(heads) > size or sum(heads) > size * most_served:
            return None
        for kind in self._choices(heads, open_bits):
            self.left[kind] -= 1
            rest = self.run(_served(heads, kind), size - 1)
            self.left[kind] += 1
            if rest is not None:
                return [kind, *rest]
        return None

    def _choices(self, heads: Sequence[int], open_bits: int) -> list[int]:
        """Return the kinds to try for the demand with the fewest workers to spare; none when it cannot be met.

        A kind that serves a part of what another serves is left out: with the other in its place, or before it, the
        rest stays as easy or becomes easier.
        """
        there = [kind for kind, times in self.left.items() if times]
        supply = {
            number: sum(self.left[kind] for kind in there if kind >> number & 1)
            for number, count in enumerate(heads)
            if count
        }
        if any(supply[number] < heads[number] for number in supply):
            return []
        tightest = min(supply, key=lambda number: (supply[number] - heads[number], number))
        useful: dict[int, int] = {}
        for kind in sorted(there):
            if kind >> tightest & 1:
                useful.setdefault(kind & open_bits, kind)
        maximal = [mask for mask in useful if not any(mask != other and mask & other == mask for other in useful)]
        return [useful[mask] for mask in sorted(maximal, key=lambda mask: (-mask.bit_count(), mask))]
