"""What a cause takes: skills, levels, shares of the work and minutes, as listed and as finished jobs showed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from skillmatch.matching.diagnosis.counts import LEVELS, PARTS, SECONDS, Table
from skillmatch.matching.diagnosis.nouns import Cause
from skillmatch.needs import PlainNeed, Requirement, name_of
from skillmatch.scale import LEVEL_MAX

CAUSE_PART = 0.5
"""Share of the work that rests on what a cause needs beside its job type, until finished jobs tell."""
IMAGINED = 4.0
"""How many findings the stated needs and the minutes of the job type count as."""
LEAST_PART = 0.02
"""A skill that finished jobs used for less of their work is not among the needs."""


def needs_of(of_type: Sequence[PlainNeed], listed: Cause | None, cause: str, table: Table) -> tuple[PlainNeed, ...]:
    """Return what a job of the type needs when it has this cause.

    What is listed: the needs of the job type, and on top those of the cause, each for its share of the work. Finished
    jobs with the cause then move shares and levels, and add skills, as far as they are many against `IMAGINED`.
    """
    stated = _joined(of_type, listed.needs if listed else ())
    noted = table.noted.get(cause, 0)
    if not noted:
        return stated
    fresh = noted / (noted + IMAGINED)
    used = {skill: sums for (of, skill), sums in table.used.items() if of == cause}
    kept = {need.skill: need for need in stated if isinstance(need, Requirement)}
    if not kept:
        fresh = 1.0
    merged = []
    for skill in (*kept, *sorted(set(used) - set(kept))):
        before = kept.get(skill)
        part = fresh * (used[skill].parts / (noted * PARTS) if skill in used else 0.0)
        part += (1.0 - fresh) * (before.weight if before else 0.0)
        if part < LEAST_PART and not (before and before.must):
            continue
        level = before.level if before else None
        if skill in used and used[skill].levelled:
            seen = used[skill].levels / (used[skill].levelled * LEVELS)
            share = used[skill].levelled / (used[skill].levelled + IMAGINED) if level is not None else 1.0
            level = min((1.0 - share) * (level or 0.0) + share * seen, LEVEL_MAX)
        merged.append(_moved(before or Requirement(skill), part, level))
    return (*merged, *(need for need in stated if not isinstance(need, Requirement)))


def minutes_of(listed: Cause | None, cause: str, table: Table, of_type: float | None) -> float | None:
    """Return how long a job with this cause takes; None when nothing tells.

    The mean over finished jobs, drawn toward what is listed, else toward the mean of the place, else of the type.
    """
    timed, total = table.timed.get(cause, 0), sum(table.timed.values())
    mean = sum(table.seconds.values()) / (total * SECONDS) if total else of_type
    before = listed.minutes if listed and listed.minutes is not None else mean
    if before is None:
        return None
    return (table.seconds.get(cause, 0) / SECONDS + IMAGINED * before) / (timed + IMAGINED)


def _joined(of_type: Sequence[PlainNeed], of_cause: Sequence[PlainNeed]) -> tuple[PlainNeed, ...]:
    """Return needs of both, skills with shares of the work that sum to 1."""
    part = CAUSE_PART if _total(of_cause) else 0.0
    if not _total(of_type):
        part = 1.0
    found: dict[str, PlainNeed] = {}
    for needs, share in ((of_type, 1.0 - part), (of_cause, part)):
        total = _total(needs)
        for need in needs:
            if not isinstance(need, Requirement):
                found.setdefault(name_of(need), need)
            elif share > 0.0:
                mine = replace(need, weight=share * need.weight / total)
                before = found.get(need.skill)
                found[need.skill] = _both(before, mine) if isinstance(before, Requirement) else mine
    return tuple(found.values())


def _total(needs: Sequence[PlainNeed]) -> float:
    return fsum(need.weight for need in needs if isinstance(need, Requirement))


def _both(one: Requirement, other: Requirement) -> Requirement:
    levels = [need.level for need in (one, other) if need.level is not None]
    moved = _moved(one, one.weight + other.weight, max(levels, default=None))
    return replace(moved, must=one.must or other.must, count=max(one.count, other.count))


def _moved(need: Requirement, weight: float, level: float | None) -> Requirement:
    """Return a need with another weight and level; the level preferred is never below it."""
    preferred = need.preferred_level
    if preferred is not None:
        preferred = None if level is None else max(preferred, level)
    return replace(need, weight=weight, level=level, preferred_level=preferred)
