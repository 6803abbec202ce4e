"""Skills under two names: planted ones found in a company, beside simpler ways, and how long 14,000 skills take."""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmarks.duplicates.planted import WAYS, planted
from benchmarks.report import Report, Row
from skillmatch.demo.catalogue import read_catalogue
from skillmatch.importers.batch import Known
from skillmatch.importers.registry import read
from skillmatch.model import Link, Skill
from skillmatch.skills.duplicates import duplicates

SEEDS = range(1, 11)
RATIO = 0.85
FILES = ("esco/skills_en.csv",)

Pairs = Sequence[frozenset[str]]
Find = Callable[[Sequence[Skill], Sequence[Link]], Pairs]


def run(data: Path) -> Report:
    """Return the figures on the skills of the sample company with copies, and on ESCO in `data`."""
    catalogue = read_catalogue()
    ways: dict[str, Find] = {"": proposed, "equal names": equal, f"difflib from {RATIO}": by_ratio}
    found = {name: over_seeds(find, catalogue.skills, catalogue.links) for name, find in ways.items()}
    own = found.pop("")
    esco = read(data / "esco", known=Known.nothing(), mapping=None, now=datetime.now(UTC))
    skills = esco.skills
    seconds, size, count = spent(skills)

    def row(key: str, what: str, reach: str = "") -> Row:
        return Row(key, what, own[key], "", reach, {name: figures[key] for name, figures in found.items()})

    ratio = per_pair(skills) * len(skills) * (len(skills) - 1) / 2
    rows = [
        row("recall", "share of the planted pairs that are proposed", ">= 0.9"),
        row("precision", "share of the proposals that were planted", ">= 0.9"),
        row("precision_first", "the same among the first, as many as were planted", ">= 0.9"),
        *(row(f"recall_{way.__name__}", f"recall, {way.__name__.replace('_', ' ')}") for way in WAYS),
        Row("seconds", f"proposals for the {len(skills):,} skills of ESCO", seconds, "s", "<= 30",
            {"difflib on all pairs, from a sample": ratio}),
        Row("mb", "memory at most", size, "MB", "<= 500"),
        Row("proposals", "how many there are", float(count), ""),
    ]  # fmt: skip
    notes = (
        f"{len(catalogue.skills)} skills of the sample company, half of them copied, {len(SEEDS)} draws",
        "ESCO holds other names that are wider than the skill, so its proposals are no measure of precision",
    )
    return Report("duplicates", tuple(rows), notes)


def over_seeds(find: Find, skills: Sequence[Skill], links: Sequence[Link]) -> dict[str, float]:
    """Return means over the draws; recall by way of copying over all of them."""
    figures: dict[str, list[float]] = defaultdict(list)
    made: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for seed in SEEDS:
        every, pairs = planted(skills, seed)
        found = find(every, links)
        right = [pair in pairs for pair in found]
        figures["recall"].append(sum(right) / len(pairs))
        figures["precision"].append(float(np.mean(right)) if right else 1.0)
        first = right[: len(pairs)]
        figures["precision_first"].append(float(np.mean(first)) if first else 1.0)
        made.update(pairs.values())
        hit.update(pairs[pair] for pair in found if pair in pairs)
    by_way = {f"recall_{way.__name__}": hit[way.__name__] / max(made[way.__name__], 1) for way in WAYS}
    return {**{key: float(np.mean(values)) for key, values in figures.items()}, **by_way}


def proposed(skills: Sequence[Skill], links: Sequence[Link]) -> Pairs:
    """Return what the engine proposes, in its order."""
    return [frozenset((one.skill.id, one.into.id)) for one in duplicates(skills, links)]


def equal(skills: Sequence[Skill], _links: Sequence[Link]) -> Pairs:
    """Return the pairs of which the names are equal in small letters."""
    return [
        frozenset((one.id, other.id))
        for one, other in combinations(skills, 2)
        if one.name.lower() == other.name.lower()
    ]


def by_ratio(skills: Sequence[Skill], _links: Sequence[Link]) -> Pairs:
    """Return the pairs whose names have enough letters in order in common, the most first."""
    found = []
    for one, other in combinations(skills, 2):
        ratio = SequenceMatcher(None, one.name.lower(), other.name.lower(), autojunk=False).ratio()
        if ratio >= RATIO:
            found.append((ratio, frozenset((one.id, other.id))))
    return [pair for _ratio, pair in sorted(found, key=lambda one: (-one[0], sorted(one[1])))]


def spent(skills: Sequence[Skill]) -> tuple[float, float, int]:
    """Return the seconds, the megabytes at most, and how many proposals there are."""
    duplicates(skills[:50])  # so that libraries are loaded
    started = time.perf_counter()
    count = len(duplicates(skills))
    seconds = time.perf_counter() - started
    tracemalloc.start()
    duplicates(skills)
    size = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return seconds, size, count


def per_pair(skills: Iterable[Skill]) -> float:
    """Return the seconds that difflib takes for one pair."""
    some = list(skills)[:80]
    started = time.perf_counter()
    by_ratio(some, ())
    return (time.perf_counter() - started) / (len(some) * (len(some) - 1) / 2)
