"""Skills that may be one under two names: pairs in order, each with what speaks for it and against it, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from skillmatch.model import Link, LinkKind, Skill
from skillmatch.skills.linking.pairs import Name, candidates, names_of, words_used
from skillmatch.skills.names import Alike, compare, negations, numbers
from skillmatch.wording import said, said_many

LEAST = 0.2
"""Pairs with a lower score are not proposed."""
OF_OTHER_NAME, OF_OTHER_NAMES = 0.9, 0.5
"""What a match counts when one of the two names, or both, is not the name but another name of its skill."""
SAME_SOURCE = 0.95
FEWEST_SHARED = 3
"""So many workers must have shown both skills before their levels say whether these are two."""
CLEARLY = 2.0
"""Levels that lie so many standard deviations apart are clearly different."""

TOGETHER, LINKED, OTHER_KIND, OTHER_NUMBERS, ONE_NUMBER, OTHER_LEVELS = 0.4, 0.3, 0.7, 0.1, 0.4, 0.3
"""By how much each of what speaks against a pair lowers its score."""

Pair = tuple[str, str]


class Levels(NamedTuple):
    """Who has shown a skill, in numbers that are the same for all skills, and what is believed; (workers,) each."""

    workers: npt.NDArray[np.intp]
    means: npt.NDArray[np.float64]
    vars: npt.NDArray[np.float64]


NOBODY = Levels(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two skills that may be one; merging would put `skill` into `into`, which more workers have shown.

    `score` from 0 to 1 orders the pairs; it is no chance, since nothing was there to calibrate it on.
    """

    skill: Skill
    into: Skill
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]


def duplicates(
    skills: Sequence[Skill],
    links: Iterable[Link] = (),
    *,
    apart: Collection[Pair] = (),
    together: Iterable[Collection[str]] = (),
    levels: Callable[[str], Levels] = lambda _skill: NOBODY,
) -> tuple[Duplicate, ...]:
    """Return pairs of skills that may be one, the surest first.

    Parameters
    ----------
    apart
        Pairs, the lower id first, of which somebody has said that they are two.
    together
        Sets of skills that one piece of work needs: who lists both means two.
    levels
        What is believed of the workers who have shown a skill.
    """
    names = names_of(skills)
    found = candidates(skills, names)
    _add_sources(found, skills)
    used, called = words_used(names), _called(names)
    pairs = {_pair(skills[one].id, skills[other].id): (one, other) for one, other in found}
    closed = set(apart)
    jointly = _jointly(together, pairs)
    linked = {_pair(link.source, link.target): link for link in links if link.kind is not LinkKind.RELATED}
    proposals = []
    for ids, (one, other) in pairs.items():
        if ids in closed:
            continue
        reasons = _reasons(skills[one], skills[other], found[one, other], used, called)
        if _joint(reason.chance for reason in reasons) < LEAST:
            continue
        against = [*_against(skills[one], skills[other], linked.get(ids), jointly[ids])]
        against += _levels_against(levels(ids[0]), levels(ids[1]))
        proposal = _proposal(skills[one], skills[other], reasons, against, levels)
        if proposal.score >= LEAST:
            proposals.append(proposal)
    return tuple(sorted(proposals, key=lambda one: (-one.score, one.skill.id, one.into.id)))


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _add_sources(found: dict[tuple[int, int], list[tuple[Name, Name]]], skills: Sequence[Skill]) -> None:
    """Add the pairs that come from the same entry of the same publisher."""
    first: dict[str, int] = {}
    for number, skill in enumerate(skills):
        if skill.source_uri and (earlier := first.setdefault(skill.source_uri, number)) != number:
            found.setdefault((earlier, number), [])


def _jointly(together: Iterable[Collection[str]], pairs: Mapping[Pair, object]) -> Counter[Pair]:
    """Return how many of the sets hold both skills of each pair."""
    partners: dict[str, set[str]] = {}
    for one, other in pairs:
        partners.setdefault(one, set()).add(other)
    found: Counter[Pair] = Counter()
    for skills in together:
        for one in skills:
            for other in partners.get(one, set()).intersection(skills):
                found[one, other] += 1
    return found


def _joint(chances: Iterable[float]) -> float:
    """Return the chance that at least one of independent reasons is right."""
    left = 1.0
    for chance in chances:
        left *= 1.0 - chance
    return 1.0 - left


def _called(names: Iterable[Name]) -> dict[int, set[tuple[str, ...]]]:
    """Return by the number of a skill all of its names, whatever the order of their words."""
    found: dict[int, set[tuple[str, ...]]] = {}
    for name in names:
        found.setdefault(name.skill, set()).add(tuple(sorted(name.stems)))
    return found


def _reasons(
    one: Skill,
    other: Skill,
    names: Iterable[tuple[Name, Name]],
    used: Mapping[str, int],
    called: Mapping[int, set[tuple[str, ...]]],
) -> list[Alike]:
    """Return what speaks for a pair: of the names the best match only, since the others mostly repeat it."""
    found = [match for left, right in names if (match := _of_names(left, right, used, called)) is not None]
    best = [max(found)] if found else []
    if one.source_uri and one.source_uri == other.source_uri:
        best.append(Alike(SAME_SOURCE, said("the same entry of the same source: {source}", source=one.source_uri)))
    return best


def _of_names(
    left: Name, right: Name, used: Mapping[str, int], called: Mapping[int, set[tuple[str, ...]]]
) -> Alike | None:
    """Return what two names say of their skills.

    Another name is often a wider or a looser one. How far it is to be believed shows in how many names the two skills
    share, out of those of the one with fewer.
    """
    match = compare(left, right, used)
    if match is None or (left.full and right.full):
        return match
    ours, theirs = called[left.skill], called[right.skill]
    fewer, shared = min(len(ours), len(theirs)), len(ours & theirs)
    believed = (max(shared, 1) / fewer) ** 0.25
    factor = OF_OTHER_NAME if left.full or right.full else OF_OTHER_NAMES
    text = left.text if right.full else right.text
    whose = said("another name") if left.full or right.full else said("a name of both")
    count = ""
    if fewer > 1 and shared:
        count = said("; {shared} of {fewer} names in common", shared=shared, fewer=fewer)
    told = said("{why}, {text!r} being {whose}{count}", why=match.why, text=text, whose=whose, count=count)
    return Alike(factor * believed * match.chance, told)


def _against(one: Skill, other: Skill, link: Link | None, jointly: int) -> Iterator[Alike]:
    left, right = numbers(one.name), numbers(other.name)
    if left != right:
        factor = OTHER_NUMBERS if left and right else ONE_NUMBER
        here, there = (", ".join(sorted(each)) or said("none") for each in (left, right))
        yield Alike(
            factor, said("different numbers or classes in the names: {here} and {there}", here=here, there=there)
        )
    if negations(one.name) != negations(other.name):
        yield Alike(OTHER_NUMBERS, said("one excludes what the other names"))
    if link is not None:
        yield Alike(LINKED, said("one is linked to the other as {kind}", kind=link.kind))
    if jointly:
        yield Alike(TOGETHER, said_many("{num:,} job needs both", "{num:,} jobs need both", jointly))
    if one.kind is not other.kind:
        yield Alike(OTHER_KIND, said("different kinds: {one} and {other}", one=one.kind, other=other.kind))


def _levels_against(left: Levels, right: Levels) -> Iterator[Alike]:
    _workers, here, there = np.intersect1d(left.workers, right.workers, assume_unique=True, return_indices=True)
    if len(here) < FEWEST_SHARED:
        return
    apart = np.abs(left.means[here] - right.means[there])
    clear = int((apart > CLEARLY * np.sqrt(left.vars[here] + right.vars[there])).sum())
    if 2 * clear >= len(here):
        told = said(
            "{clear:,} of {all:,} workers who have shown both are clearly better at one", clear=clear, all=len(here)
        )
        yield Alike(OTHER_LEVELS, told)


def _proposal(
    one: Skill, other: Skill, reasons: Sequence[Alike], against: Sequence[Alike], levels: Callable[[str], Levels]
) -> Duplicate:
    score = _joint(reason.chance for reason in reasons)
    for each in against:
        score *= each.chance

    def weight(skill: Skill) -> tuple[int, bool, int]:
        return (len(levels(skill.id).workers), skill.source_uri is not None, len(skill.alt_names))

    kept, given_up = (one, other) if (weight(one), other.id) >= (weight(other), one.id) else (other, one)
    texts = (tuple(each.why for each in found) for found in (reasons, against))
    return Duplicate(given_up, kept, score, *texts)
