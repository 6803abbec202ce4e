"""Finding the best crews: every crew where they are few, else greedy starts improved by exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain, combinations, islice
from math import comb

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.matching.crews.covers import smallest_cover
from skillmatch.matching.crews.scores import Key, Rows, Scorer

BLOCK = 8_192
"""Crews scored in one go: large enough for numpy, small enough to stay in the cache."""
STARTS = 24
"""Greedy crews that exchange starts from."""
SMALL = 120
"""Up to so many candidates all of them take part in every exchange; of more, only the most promising in the first."""
PER_LIST = 16
"""Candidates kept from each of the lists of promising ones."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best crews in order, their places ascending; whether all crews were looked at; a bound on any score."""

    crews: tuple[tuple[int, ...], ...]
    optimal: bool
    bound: float | None


def search(scorer: Scorer, *, limit: int, exact_up_to: int, forced: tuple[int, ...] = ()) -> Found:
    """Return the best crews that meet the hard rules and contain the places in `forced`."""
    sizes = possible_sizes(scorer, forced)
    free = len(scorer) - len(forced)
    if sum(comb(free, size - len(forced)) for size in sizes) <= exact_up_to:
        return Found(_possible(enumerate_all(scorer, sizes, limit=limit, forced=forced), limit), True, None)
    crews = _possible(exchange(scorer, limit=limit, forced=forced), limit)
    return Found(crews, False, upper_bound(scorer, crews[0], forced) if crews else None)


def possible_sizes(scorer: Scorer, forced: Sequence[int] = ()) -> range:
    """Return the sizes a crew may have with so many candidates."""
    return range(max(scorer.problem.least, len(forced)), min(scorer.problem.most, len(scorer)) + 1)


def _possible(keys: Sequence[Key], limit: int) -> tuple[tuple[int, ...], ...]:
    return tuple(crew for missing, _loss, crew in nsmallest(limit, set(keys)) if not missing)


def enumerate_all(scorer: Scorer, sizes: range, *, limit: int, forced: tuple[int, ...]) -> list[Key]:
    """Return the keys of the best of all crews, those of each block of them at least."""
    keys: list[Key] = []
    for size in sizes:
        for rows in _blocks(len(scorer), size, forced):
            keys = nsmallest(limit, [*keys, *scorer.scored(rows).best(limit)])
    return keys


def _blocks(workers: int, size: int, forced: tuple[int, ...]) -> Iterator[Rows]:
    """Yield all crews of one size that contain the `forced`, in blocks of (at most BLOCK, size)."""
    rest = [place for place in range(workers) if place not in forced]
    width = size - len(forced)
    subsets = combinations(rest, width)
    while block := list(islice(subsets, BLOCK)):
        flat = np.fromiter(chain.from_iterable(block), dtype=np.int64, count=len(block) * width)
        rows = np.empty((len(block), size), dtype=np.int64)
        rows[:, :width] = flat.reshape(len(block), width)
        rows[:, width:] = forced
        rows.sort(axis=1)
        yield rows


def exchange(scorer: Scorer, *, limit: int, forced: tuple[int, ...]) -> list[Key]:
    """Return the keys of good crews: greedy from several starts, then exchange until no single change helps."""
    walk = Walk(scorer, limit, forced)
    smallest = smallest_cover(scorer, most=scorer.problem.most, taken=forced)
    if smallest.places is None and smallest.proven:
        return []
    cover = smallest.places or forced
    pool = promising(scorer, cover)
    ends = {walk.climb(walk.grow(start, pool), pool) for start in starts(scorer, pool, forced, cover)}
    if len(pool) < len(scorer):
        everybody = np.arange(len(scorer), dtype=np.int64)
        for _missing, _loss, crew in nsmallest(limit, (walk.key(end) for end in ends if end)):
            walk.climb(crew, everybody)
    return list(walk.keys)


def starts(scorer: Scorer, pool: Rows, forced: tuple[int, ...], cover: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return what greedy crews begin with: a crew that meets the rules, each possible lead, other good workers."""
    ranked = sorted(pool.tolist(), key=lambda place: (-scorer.alone[place], place))
    leads = [place for place in ranked if scorer.can_lead[place]]
    singles = dict.fromkeys((*leads[: STARTS // 2], *ranked[:STARTS], *leads))
    begun = [tuple(sorted({*forced, place})) for place in islice(singles, STARTS)]
    fitting = [start for start in begun if len(start) <= scorer.problem.most]
    return list(dict.fromkeys((tuple(sorted(cover)), forced, *fitting)))


def promising(scorer: Scorer, cover: Sequence[int]) -> Rows:
    """Return the places of candidates who could matter: the best by each term and each rule, ascending.

    Who is left out is tried again when the best crews are exchanged with everybody.
    """
    size = len(scorer)
    if size <= SMALL:
        return np.arange(size, dtype=np.int64)
    alone = scorer.alone
    lists: list[tuple[Floats, ...]] = [
        (alone,),
        (scorer.points,),
        (-scorer.cost,),
        (alone, scorer.can_lead.astype(np.float64)),
    ]
    for number in range(len(scorer.share)):
        lists.append((scorer.holds[:, number],))
        lists.extend((alone, flags[:, number].astype(np.float64)) for flags in (scorer.surely, scorer.learns))
    kept = {place for keys in lists for place in np.lexsort(tuple(-key for key in keys))[:PER_LIST].tolist()}
    return np.array(sorted(kept | set(cover)), dtype=np.int64)


class Walk:
    """Steps from crew to crew; remembers the best crews it saw and where it has been."""

    def __init__(self, scorer: Scorer, limit: int, forced: tuple[int, ...]) -> None:
        self.scorer, self.limit, self.forced = scorer, limit, forced
        self.keys: set[Key] = set()
        self._ends: dict[tuple[tuple[int, ...], int], tuple[int, ...]] = {}

    def key(self, crew: tuple[int, ...]) -> Key:
        """Return what a crew is ordered by."""
        return self.scorer.scored(np.array([crew], dtype=np.int64)).best(1)[0]

    def grow(self, start: tuple[int, ...], pool: Rows) -> tuple[int, ...]:
        """Return `start` with the best worker added again and again, while it helps or the crew is too small."""
        crew, least, most = start, self.scorer.problem.least, self.scorer.problem.most
        while len(crew) < most:
            grown = self._best([_added(crew, _without(pool, crew))])
            if grown is None or (len(crew) >= max(least, 1) and grown >= self.key(crew)):
                break
            crew = grown[2]
        return crew

    def climb(self, crew: tuple[int, ...], pool: Rows) -> tuple[int, ...]:
        """Return where the best single change (swap, add, drop), made again and again, leads."""
        passed = []
        while (crew, len(pool)) not in self._ends and self.scorer.problem.least <= len(crew):
            passed.append((crew, len(pool)))
            self._ends[crew, len(pool)] = crew
            key = self.key(crew)
            self.keys.add(key)
            best = self._best(self._neighbours(crew, pool))
            if best is None or best >= key:
                break
            crew = best[2]
        end = self._ends.get((crew, len(pool)), crew)
        self._ends.update(dict.fromkeys(passed, end))
        return end

    def _neighbours(self, crew: tuple[int, ...], pool: Rows) -> Iterator[Rows]:
        """Yield the crews that one swap, one addition or one removal makes of `crew`."""
        others, least, most = _without(pool, crew), self.scorer.problem.least, self.scorer.problem.most
        smaller = [tuple(one for one in crew if one != gone) for gone in crew if gone not in self.forced]
        if smaller:
            yield np.concatenate([_added(rest, others) for rest in smaller])
        if len(crew) < most:
            yield _added(crew, others)
        if smaller and len(crew) > max(least, 1):
            yield np.array(smaller, dtype=np.int64)

    def _best(self, batches: Iterator[Rows] | Sequence[Rows]) -> Key | None:
        """Return the best key of all rows and remember those worth showing."""
        best: Key | None = None
        for rows in batches:
            keys = self.scorer.scored(rows).best(self.limit)
            if not keys:
                continue
            if keys[0][0] == 0 and rows.shape[1] >= self.scorer.problem.least:
                self.keys.update(keys)
            best = keys[0] if best is None else min(best, keys[0])
        return best


def _without(pool: Rows, crew: tuple[int, ...]) -> Rows:
    """Return the places of an ascending `pool` that are not in `crew`."""
    kept = np.ones(len(pool), dtype=np.bool_)
    for one in crew:
        at = int(np.searchsorted(pool, one))
        if at < len(pool) and pool[at] == one:
            kept[at] = False
    return np.asarray(pool[kept])


def _added(crew: tuple[int, ...], others: Rows) -> Rows:
    """Return the crews that have one of `others` more than `crew`, (others, size + 1)."""
    rows = np.empty((len(others), len(crew) + 1), dtype=np.int64)
    rows[:, :-1] = crew
    rows[:, -1] = others
    rows.sort(axis=1)
    return rows


def upper_bound(scorer: Scorer, crew: tuple[int, ...], forced: tuple[int, ...] = ()) -> float:
    """Return a score that no crew exceeds, from the crew found.

    Coverage is monotone and submodular, so that of any crew is at most that of `crew` plus what each other member adds
    to it (G. Nemhauser, L. Wolsey, M. Fisher, An analysis of approximations for maximizing submodular set functions I,
    Mathematical Programming 14, 1978); the other terms are sums over members once the pairs are replaced by each
    member's closest. The smaller of two such bounds, from `crew` and from nobody, is taken for each size.
    """
    terms = scorer.problem.terms
    worth = terms.coverage * scorer.share
    covered = float(scorer.coverage(np.array([crew], dtype=np.int64))[0] @ worth)
    first = scorer.coverage(np.arange(len(scorer), dtype=np.int64)[:, None]) @ worth
    gain = np.zeros(len(scorer))
    others = _without(np.arange(len(scorer), dtype=np.int64), crew)
    gain[others] = scorer.coverage(_added(crew, others)) @ worth - covered
    training = terms.training * bool((scorer.learns.any(axis=0) & scorer.teaches.any(axis=0)).any())
    highest = -np.inf
    for size in possible_sizes(scorer, forced):
        rest = _rest(scorer, size)
        values = (covered + _top_sum(rest + gain, size, forced), _top_sum(rest + first, size, forced))
        # Coverage alone can never be worth more than all of it.
        ceiling = terms.coverage * float(scorer.share.sum()) + _top_sum(rest, size, forced)
        highest = max(highest, min(*values, ceiling))
    return highest + training


def _rest(scorer: Scorer, size: int) -> Floats:
    """Return for each worker her part of points, cost and pairs in a crew of `size`, at best, (workers,)."""
    terms = scorer.problem.terms
    closest = scorer.problem.together[scorer.order].max(axis=1, initial=0.0) if size > 1 else 0.0
    parts = (terms.points / 100.0 * scorer.points + terms.pairs * closest) / size
    return np.asarray(parts - terms.cost / scorer.problem.cost_scale * scorer.cost)


def _top_sum(values: Floats, size: int, forced: tuple[int, ...]) -> float:
    """Return the largest sum of `size` values with the forced ones among them."""
    free = np.delete(values, forced)
    wanted = size - len(forced)
    top = np.partition(free, len(free) - wanted)[len(free) - wanted :] if wanted > 0 else free[:0]
    return float(values[list(forced)].sum() + top.sum())
