"""The taxonomy and the labelled sentences as the benchmark and the fitting read them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from skillmatch.model import Skill
from skillmatch.skills.linking.words import keys

LABELS = "esco_linking/skills_en_label.txt"
SKILLS = "esco/skills_en.csv"
ALIKE = 0.6
"""Sentences that share so much of their words are one sentence as far as holding out goes."""


@dataclass(frozen=True, slots=True)
class Query:
    """A text with the ids of the skills that people found in it, and the number of the sentences it belongs to."""

    text: str
    skills: frozenset[str]
    group: int = 0


def taxonomy(data: Path) -> tuple[Skill, ...]:
    """Return a skill for each target label, with the other names and the description that ESCO gives it."""
    with (data / SKILLS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = {row["preferredLabel"].strip().lower(): row for row in rows}
    labels = ids(data)
    known = {label.lower() for label in labels}
    # Some labels are the names of an earlier release, which the present one keeps as other names.
    former: dict[str, dict[str, str]] = {}
    for name, row in named.items():
        if name not in known:
            for other in _lines(row["altLabels"]):
                former.setdefault(other.lower(), row)
    return tuple(
        _skill(id, label, named.get(label.lower()) or former.get(label.lower())) for label, id in labels.items()
    )


def ids(data: Path) -> dict[str, str]:
    """Return the id that each target label has here: its place in the file."""
    lines = (data / LABELS).read_text(encoding="utf-8").split("\n")
    return {line.strip(): f"label-{number}" for number, line in enumerate(lines, 1) if line.strip()}


def _skill(id: str, label: str, row: dict[str, str] | None) -> Skill:
    if row is None:
        return Skill(id, label)
    others = [row["preferredLabel"].strip(), *_lines(row["altLabels"]), *_lines(row["hiddenLabels"])]
    names = tuple(dict.fromkeys(other for other in others if other.lower() != label.lower()))
    return Skill(id, label, description=row["description"].strip(), alt_names=names)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def labelled(data: Path, name: str, *, spans: bool = False) -> list[Query]:
    """Return the labelled sentences of a file, or the labelled pieces of them; no skills where people found none."""
    known = ids(data)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    with (data / "esco_linking" / f"{name}_annotations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            own = found[row["sentence"], (row["sub_span"] or row["span"]) if spans else ""]
            label = row["label"].strip()
            own |= {known[label]} if label in known else set()
    texts: dict[str, set[str]] = {}
    return [
        Query(piece or sentence, frozenset(skills))
        for (sentence, piece), skills in found.items()
        if texts.setdefault(piece or sentence, skills) is skills
    ]


def validation(data: Path) -> list[Query]:
    """Return the sentences of both validation files and their labelled pieces, without any that the test file has.

    Sentences much alike share a group, and so does a piece with the sentence it is from.
    """
    tested = [_words(query.text) for query in labelled(data, "tech_test")]
    groups: list[frozenset[str]] = []
    kept: list[Query] = []
    for name in ("tech_validation", "house_validation"):
        sentences = [query for query in labelled(data, name) if not _near(_words(query.text), tested)]
        numbered: dict[str, int] = {}
        for query in sentences:
            own = _words(query.text)
            near = _near(own, groups)
            numbered[query.text] = near[0] if near else len(groups)
            if not near:
                groups.append(own)
            kept.append(Query(query.text, query.skills, numbered[query.text]))
        for piece in labelled(data, name, spans=True):
            home = [number for text, number in numbered.items() if piece.text in text]
            if home and piece.text not in numbered:
                kept.append(Query(piece.text, piece.skills, home[0]))
    return kept


def _words(text: str) -> frozenset[str]:
    return frozenset(keys(text))


def _near(words: frozenset[str], others: Sequence[frozenset[str]]) -> list[int]:
    return [number for number, other in enumerate(others) if len(words & other) >= ALIKE * max(len(words | other), 1)]
