"""What a job needs: skills at levels, certifications, languages, joined by all-of and any-of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

from skillmatch.errors import Invalid
from skillmatch.scale import check_id, check_level

MOST_WAYS = 16
"""Ways to meet a job's needs; each is ranked on its own, so more would make one ranking cost as much as many."""
MOST_COUNT = 50
LEAST = 1e-9
"""A share of a weight is at least this, so that it stays above 0."""
DEEPEST = 20
"""Choices within choices."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A skill a job needs. `level` None asks for the skill at no particular level; `must` makes it a hard rule.

    `weight` is the share of the work that rests on this skill, relative to the job's other requirements. From
    `preferred_level` on nobody is better for being better still; None means the level itself. `count` is how many
    members of a crew must have it.
    """

    skill: str
    level: float | None = None
    weight: float = 1.0
    must: bool = False
    preferred_level: float | None = None
    count: int = 1

    def __post_init__(self) -> None:
        check_id(self.skill, "skill")
        if self.level is not None:
            check_level(self.level, f"level required of {self.skill!r}")
        if not 0.0 < self.weight <= 1000.0:
            raise Invalid(f"weight of requirement {self.skill!r} is {self.weight:g}: expected above 0, up to 1000")
        if self.must and self.level is None:
            raise Invalid(f"requirement {self.skill!r} is a must without a level: say which level is needed")
        if self.preferred_level is not None:
            check_level(self.preferred_level, f"level preferred of {self.skill!r}")
            if self.level is None or self.preferred_level < self.level:
                needed = "none" if self.level is None else f"{self.level:g}"
                raise Invalid(
                    f"level preferred of {self.skill!r} is {self.preferred_level:g} and the level needed is {needed}: "
                    "expected a level that is needed, and one preferred that is not below it"
                )
        _check_count(self.count, f"requirement {self.skill!r}")


@dataclass(frozen=True, slots=True)
class CertificationRequirement:
    """A certification that must be valid on the day of the job, of `count` members of a crew. Always a hard rule."""

    type: str
    count: int = 1

    def __post_init__(self) -> None:
        check_id(self.type, "certification type")
        _check_count(self.count, f"certification {self.type!r}")


@dataclass(frozen=True, slots=True)
class LanguageRequirement:
    """A language that the worker must speak, written as in her record. Always a hard rule."""

    language: str

    def __post_init__(self) -> None:
        check_id(self.language, "language")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these is enough."""

    needs: tuple[Need, ...]

    def __post_init__(self) -> None:
        if len(self.needs) < 2:
            raise Invalid(f"any of {len(self.needs)} requirements: expected at least two to choose from")


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these together: one of the choices of an `AnyOf`."""

    needs: tuple[Need, ...]

    def __post_init__(self) -> None:
        if not self.needs:
            raise Invalid("all of no requirements: expected at least one")


PlainNeed: TypeAlias = Requirement | CertificationRequirement | LanguageRequirement
Need: TypeAlias = PlainNeed | AnyOf | AllOf


def ways(needs: Iterable[Need]) -> tuple[tuple[PlainNeed, ...], ...]:
    """Return the ways to meet all of `needs`, each a list of plain needs; one way when there is no choice.

    A skill that a way names twice is needed at the higher level, with both weights together.

    >>> [[need.skill for need in way] for way in ways([Requirement("a"), AnyOf((Requirement("b"), Requirement("c")))])]
    [['a', 'b'], ['a', 'c']]
    """
    return tuple(_merged(way) for way in _ways(needs))


def count_ways(needs: Iterable[Need]) -> int:
    """Return how many ways there are, without making them; above `MOST_WAYS` one more than that."""
    number = 1
    for need in needs:
        if isinstance(need, AllOf):
            number *= count_ways(need.needs)
        elif isinstance(need, AnyOf):
            number *= sum(count_ways((choice,)) for choice in need.needs)
        number = min(number, MOST_WAYS + 1)
    return number


def depth(needs: Iterable[Need]) -> int:
    """Return how deep choices lie within each other: 0 for plain needs."""
    level = tuple(needs)
    for found in range(DEEPEST + 2):
        inner = [need for need in level if isinstance(need, AnyOf | AllOf)]
        if not inner:
            return found
        level = tuple(need for group in inner for need in group.needs)
    return DEEPEST + 1


def _ways(needs: Iterable[Need]) -> Iterator[tuple[PlainNeed, ...]]:
    for choice in product(*(list(_choices(need)) for need in needs)):
        yield tuple(plain for part in choice for plain in part)


def _choices(need: Need) -> Iterator[tuple[PlainNeed, ...]]:
    if isinstance(need, AllOf):
        yield from _ways(need.needs)
    elif isinstance(need, AnyOf):
        for choice in need.needs:
            yield from _choices(choice)
    else:
        yield (need,)


def _merged(way: tuple[PlainNeed, ...]) -> tuple[PlainNeed, ...]:
    kept: dict[str, PlainNeed] = {}
    for need in way:
        name = name_of(need)
        before = kept.get(name)
        kept[name] = need if before is None else _both(before, need)
    return tuple(kept.values())


def _both(one: PlainNeed, other: PlainNeed) -> PlainNeed:
    """Return what two needs of one name ask for together."""
    if isinstance(one, Requirement) and isinstance(other, Requirement):
        levels = [level for level in (one.level, other.level) if level is not None]
        level = max(levels, default=None)
        preferred = [need.preferred_level for need in (one, other) if need.preferred_level is not None]
        return Requirement(
            one.skill,
            level,
            min(one.weight + other.weight, 1000.0),
            one.must or other.must,
            max([*preferred, level or 0.0]) if preferred else None,
            max(one.count, other.count),
        )
    if isinstance(one, CertificationRequirement) and isinstance(other, CertificationRequirement):
        return CertificationRequirement(one.type, max(one.count, other.count))
    return one


def name_of(need: PlainNeed) -> str:
    """Return what tells a plain need from the others of a job."""
    if isinstance(need, Requirement):
        return need.skill
    if isinstance(need, CertificationRequirement):
        return f"certification {need.type}"
    return f"language {need.language}"


def plain_needs(needs: Iterable[Need]) -> Iterator[PlainNeed]:
    """Yield every plain need, also those among choices, in their order."""
    for need in needs:
        if isinstance(need, AnyOf | AllOf):
            yield from plain_needs(need.needs)
        else:
            yield need


def skill_needs(needs: Iterable[Need]) -> tuple[Requirement, ...]:
    """Return the skill requirements among `needs`, in their order, each skill once.

    The weight of a choice is divided among what one may choose: when it is not known which was used, each was used in
    so many cases. This is what the outcome of a job says it was about unless it says more.
    """
    found: dict[str, Requirement] = {}
    for need in _divided(needs, 1.0):
        before = found.get(need.skill)
        merged = need if before is None else _both(before, need)
        if isinstance(merged, Requirement):
            found[need.skill] = merged
    return tuple(found.values())


def _divided(needs: Iterable[Need], share: float) -> Iterator[Requirement]:
    for need in needs:
        if isinstance(need, Requirement):
            yield need if share == 1.0 else replace(need, weight=max(need.weight * share, LEAST))
        elif isinstance(need, AllOf):
            yield from _divided(need.needs, share)
        elif isinstance(need, AnyOf):
            yield from _divided(need.needs, share / len(need.needs))


def with_skills(needs: tuple[Need, ...], meant: Mapping[str, str]) -> tuple[Need, ...]:
    """Return the needs with every skill that is a key of `meant` replaced by what it means there.

    A skill that is then named twice is needed once, as `ways` has it; a choice between equal things is none.

    >>> with_skills((Requirement("a", 2.0), Requirement("b", 3.0)), {"a": "b"})[0].level
    3.0
    """
    if not any(isinstance(need, Requirement) and need.skill in meant for need in plain_needs(needs)):
        return needs
    kept: dict[object, Need] = {}
    for place, old in enumerate(needs):
        need = _with_skill(old, meant)
        if isinstance(need, AnyOf | AllOf):
            kept[place] = need
            continue
        before = kept.get(name_of(need))
        kept[name_of(need)] = need if before is None or isinstance(before, AnyOf | AllOf) else _both(before, need)
    return tuple(kept.values())


def _with_skill(need: Need, meant: Mapping[str, str]) -> Need:
    if isinstance(need, Requirement):
        return replace(need, skill=meant.get(need.skill, need.skill))
    if isinstance(need, AllOf):
        inner = with_skills(need.needs, meant)
        return AllOf(inner) if len(inner) > 1 else inner[0]
    if isinstance(need, AnyOf):
        choices = tuple(dict.fromkeys(_with_skill(choice, meant) for choice in need.needs))
        return AnyOf(choices) if len(choices) > 1 else choices[0]
    return need


def check_needs(needs: tuple[Need, ...], what: str) -> None:
    """Raise Invalid for needs that name one thing twice or can be met in too many ways."""
    names = [name_of(need) for need in needs if not isinstance(need, AnyOf | AllOf)]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(names) > 1 else []
    if twice:
        raise Invalid(f"{what} names {', '.join(map(repr, twice))} more than once among its requirements: keep one")
    if len(names) == len(needs):
        return
    if depth(needs) > DEEPEST:
        raise Invalid(f"the requirements of {what} lie more than {DEEPEST} deep within each other: write them flatter")
    if count_ways(needs) > MOST_WAYS:
        raise Invalid(
            f"the requirements of {what} can be met in more than {MOST_WAYS} ways: expected up to {MOST_WAYS}, so "
            "leave out choices"
        )


def _check_count(count: int, what: str) -> None:
    if not 1 <= count <= MOST_COUNT:
        raise Invalid(f"{what} asks for {count} members of the crew: expected 1 to {MOST_COUNT}")
