"""How well each skill fits a stretch of words: a fixed list of figures per skill, from its names and description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skillmatch.skills.linking.index import FULL, Arrays, Floats, Index, Places
from skillmatch.skills.linking.words import FRAME, Word

Flags = npt.NDArray[np.bool_]

NAMES_LOOKED_AT, TEXTS_LOOKED_AT = 60, 40
"""So many names, by either of two simple scores, and descriptions are looked at more closely for each clause."""
MATCHED = 0.5
"""From here on a word of a name counts as found."""
FRAMING = 0.4
"""What a word counts that only says that a skill is meant, not which."""
ENOUGH = 1.2
"""Words found that together say so much need no more to be sure; the rarest single word says 1."""
AGREEING = 3
"""So many names of one skill are heard on whether they agree."""

FEATURES = (
    "coverage fit found exact window clause leader agreement preferred preferred_fit words text text_leader leading"
).split()
"""Share of a name's words found; the fit of the best name; what its words say; all found to the letter; share of the
words between the first and the last found one, and of the clause, that the name explains; fit over the best fit of any
skill; mean fit of the three best names; the same for the preferred name; length of the name; description against all
words, and its best over that of any skill; whether the clause begins with it."""
OF_THE_BEST = [*range(7), 10, 13]


@dataclass(frozen=True, slots=True)
class Fits:
    """Skills that may be meant in some words, (skills,), their figures, and the name and words that speak for each."""

    skills: Places
    figures: Floats
    """(skills, features), in the order of `FEATURES`."""
    names: Places
    """The best name of each; -1 where no name has a word in common."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is written, against the taxonomy: `weight` says how much each word says, `alike` what it may mean."""

    weight: Floats
    """(words written,)."""
    alike: Floats
    """(words of the taxonomy, words written), from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Near:
    """The names of the skills looked at, with their words one after another."""

    names: Places
    of: Places
    """The row of each name's skill, (names,)."""
    begin: Places
    """Where the words of each name begin, (names,)."""
    rarity: Floats
    alike: Floats
    """(words of these names, words written)."""
    mass: Floats
    sizes: Places
    preferred: Flags
    turn: Places


@dataclass(frozen=True, slots=True)
class Matched:
    """How the names fit one clause, (names,) each."""

    figures: Floats
    """(names, 5): coverage, fit, found, exact, window."""
    clause: Floats
    leading: Flags


def hear(index: Index, words: Sequence[Word]) -> Heard:
    """Return what the written words may mean."""
    rarity, places = index.arrays.rarity, index.vocabulary.places
    weight, alike = np.zeros(len(words)), np.zeros((len(index.vocabulary), len(words)))
    for number, word in enumerate(words):
        near, likeness = index.vocabulary.alike(word.key)
        own = places.get(word.key)
        framing = FRAMING if word.key in FRAME else 1.0
        if own is not None:
            weight[number] = framing * rarity[own]
        else:
            # Of several words that are as near, the rarest: the first one would depend on the order they came in.
            nearest = near[likeness == likeness.max(initial=0.0)]
            weight[number] = framing * (rarity[nearest].max() if len(nearest) else 0.5)
        alike[near, number] = framing * likeness
    return Heard(weight, alike)


def fits(index: Index, heard: Heard, parts: Sequence[Sequence[int]], extra: Places) -> Fits:
    """Return the skills that may be meant in what was heard, and `extra` ones; each part lists words by place."""
    arrays = index.arrays
    columns = np.stack([heard.alike[:, part].max(axis=1) for part in parts], axis=1)
    used = np.flatnonzero(columns.any(axis=1))
    used = used[np.argsort(arrays.alphabet[used])]  # so that sums do not depend on the order words came in
    found = np.asarray(arrays.names[used].T @ columns[used])
    texts = np.asarray(arrays.texts[used].T @ columns[used])
    chosen = np.union1d(_chosen(arrays, found, texts), extra)
    rows = np.full(len(index.skills), -1)
    rows[chosen] = np.arange(len(chosen))
    figures, names = np.zeros((len(chosen), len(FEATURES))), np.full(len(chosen), -1)
    near = _near(arrays, rows, heard)
    if len(near.names):
        _take_names(near, heard, parts, figures, names)
    if len(chosen):
        text = texts[chosen]
        figures[:, 11] = text[:, -1]
        figures[:, 12] = (text / np.maximum(texts.max(axis=0), 1e-9)).max(axis=1)
    return Fits(chosen, figures, names)


def _chosen(arrays: Arrays, found: Floats, texts: Floats) -> Places:
    """Return the skills worth a closer look."""
    picked = [_top(column, TEXTS_LOOKED_AT) for column in texts.T]
    for column in found.T:
        covered = column / arrays.mass * np.sqrt(column)
        picked += [arrays.skill_of[_top(score, NAMES_LOOKED_AT)] for score in (covered, column * column / arrays.mass)]
    return np.unique(np.concatenate(picked)).astype(np.int64)


def _top(scores: Floats, number: int) -> Places:
    """Return the places of the highest scores above 0, about so many: all that are as high as the last one."""
    # Most have hardly a word in common; looking at the others only is what keeps this fast.
    positive = np.flatnonzero(scores > 0.2 * scores.max(initial=0.0))
    if len(positive) < number:
        positive = np.flatnonzero(scores > 0.0)
    if len(positive) <= number:
        return positive
    cut = np.partition(scores[positive], -number)[-number]
    return np.asarray(positive[scores[positive] >= cut])


def _near(arrays: Arrays, rows: Places, heard: Heard) -> Near:
    """Return the names of the skills that have a row."""
    names = np.flatnonzero(rows[arrays.skill_of] >= 0)
    sizes = np.diff(arrays.starts)[names]
    begin = np.cumsum(sizes) - sizes
    words = arrays.words[np.repeat(arrays.starts[names] - begin, sizes) + np.arange(int(sizes.sum()))]
    return Near(
        names,
        rows[arrays.skill_of[names]],
        begin,
        arrays.rarity[words],
        heard.alike[words],
        arrays.mass[names],
        sizes,
        arrays.sort_of[names] == FULL,
        arrays.turn[names],
    )


def _take_names(near: Near, heard: Heard, parts: Sequence[Sequence[int]], figures: Floats, names: Places) -> None:
    """Fill in what the names say, from the clause where each skill fits best."""
    for part in parts:
        matched = _matched(near, heard, np.array(part))
        fit = matched.figures[:, 1]
        order = np.lexsort((near.turn, -fit, near.of))
        heads = np.flatnonzero(np.diff(near.of[order], prepend=-1))
        place = np.arange(len(order)) - np.repeat(heads, np.diff(heads, append=len(order)))
        heard_on = order[place < AGREEING]
        agreement = np.bincount(near.of[heard_on], weights=fit[heard_on], minlength=len(names)) / AGREEING
        figures[:, 7] = np.maximum(figures[:, 7], agreement)
        for column, values in ((8, matched.figures[:, 0]), (9, fit)):
            np.maximum.at(figures[:, column], near.of[near.preferred], values[near.preferred])
        best = order[heads]
        won = best[(fit[best] > figures[near.of[best], 1]) | (names[near.of[best]] < 0)]
        leader = fit[won] / max(float(fit.max()), 1e-9)
        columns = (
            *matched.figures[won].T,
            matched.clause[won],
            leader,
            np.log1p(near.sizes[won]),
            matched.leading[won],
        )
        figures[near.of[won][:, None], OF_THE_BEST] = np.stack(columns, axis=1)
        names[near.of[won]] = near.names[won]


def _matched(near: Near, heard: Heard, part: Places) -> Matched:
    """Return how each name fits the words of one clause."""
    alike = near.alike[:, part]
    at = alike.argmax(axis=1)
    best = alike[np.arange(len(at)), at]
    at = part[at]
    found = np.add.reduceat(near.rarity * best, near.begin)
    hit = best >= MATCHED
    low = np.minimum.reduceat(np.where(hit, at, len(heard.weight)), near.begin)
    high = np.maximum.reduceat(np.where(hit, at, -1), near.begin)
    some = high >= 0
    total = np.concatenate([[0.0], np.cumsum(heard.weight)])
    between = np.where(some, total[high + 1] - total[np.where(some, low, 0)], np.inf)
    window = np.minimum(found / np.maximum(between, 1e-9), 1.0)
    clause = np.minimum(found / max(float(heard.weight[part].sum()), 1e-9), 1.0)
    coverage = found / near.mass
    fit = coverage * (0.3 + 0.4 * window + 0.3 * clause) * np.sqrt(np.minimum(found, ENOUGH) / ENOUGH)
    exact = np.minimum.reduceat(best, near.begin) >= 0.999
    return Matched(np.stack((coverage, fit, found, exact, window), axis=1), clause, some & (low == part[0]))
