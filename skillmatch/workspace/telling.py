"""What speaks for and against a cause, in words for people with a telephone at their ear."""

from __future__ import annotations

from skillmatch import wording
from skillmatch.explanation import Explanation, Term, add_in_order
from skillmatch.matching.diagnosis.estimate import Diagnosis, Likely
from skillmatch.matching.diagnosis.nouns import OTHER
from skillmatch.model import PlainNeed, Requirement
from skillmatch.needs import name_of
from skillmatch.workspace.prospects import tidy

LEAST_TOLD = 0.15
"""Logits below which a sign is not worth a word."""
MOST_TOLD = 3
PARTS = {
    "visit": wording.said("a visit"),
    "work": wording.said("time and way"),
    "second": wording.said("a second visit"),
}
"""What an expected cost is made of, by the beginning of the keys of its terms."""


def speaks_for(likely: Likely, most: int = MOST_TOLD) -> tuple[str, ...]:
    """Return the signs that make a cause likelier than it is on average, the strongest first."""
    return _told(likely, 1.0, most)


def speaks_against(likely: Likely, most: int = MOST_TOLD) -> tuple[str, ...]:
    """Return the signs that make a cause less likely than it is on average, the strongest first."""
    return _told(likely, -1.0, most)


def how_often(likely: Likely, findings: int) -> str:
    """Return in how many finished jobs a cause was found.

    >>> from skillmatch.explanation import Explanation
    >>> how_often(Likely("leak", 0.5, (), None, 7, Explanation.of((), unit="")), 1200)
    'found in 7 of 1,200 finished jobs'
    """
    if not findings:
        return wording.said("no finished job tells yet")
    if findings == 1:
        if likely.findings:
            return wording.said("found in the only finished job so far")
        return wording.said("not found in the only finished job so far")
    if not likely.findings:
        return wording.said("not found in any of {all:,} finished jobs", all=findings)
    return wording.said("found in {some:,} of {all:,} finished jobs", some=likely.findings, all=findings)


def beside_the_usual(likely: Likely, diagnosis: Diagnosis) -> tuple[PlainNeed, ...]:
    """Return what a cause needs that jobs of the type do not need as it is, rounded as people write it."""
    usual = {name_of(need): need for one in diagnosis.likely if one.cause == OTHER for need in tidy(one.needs)}
    return tuple(need for need in tidy(likely.needs) if _asks_more(need, usual.get(name_of(need))))


def _asks_more(need: PlainNeed, usual: PlainNeed | None) -> bool:
    if isinstance(need, Requirement) and isinstance(usual, Requirement):
        return (need.level or 0.0) > (usual.level or 0.0) or need.must > usual.must
    return usual is None


def in_parts(explanation: Explanation) -> Explanation:
    """Return an expected cost, or a difference of two, in three parts: the visit, time and way, a second visit."""
    parts = [
        Term(key, add_in_order(term.points for term in explanation.terms if term.key.partition(":")[0] == key), label)
        for key, label in PARTS.items()
    ]
    return Explanation.of(parts, unit=explanation.unit)


def _told(likely: Likely, sign: float, most: int) -> tuple[str, ...]:
    told = [(-sign * term.points, words) for term in likely.explanation.terms if (words := said(term))]
    return tuple(words for points, words in sorted(told) if points <= -LEAST_TOLD)[:most]


def said(term: Term) -> str:
    """Return a sign in words, "" for a term that is no sign of the call itself.

    >>> said(Term("word:ice", 1.2, "says 'ice'")), said(Term("season: winter", 0.4, "season: winter"))
    ('“ice” is said', 'winter')
    """
    if term.key in ("frequency", "others", "other"):
        return ""
    if term.key.startswith("word:"):
        return wording.said("“{word}” is said", word=term.key.removeprefix("word:"))
    if term.key == "unsaid":
        return wording.said("callers usually say more in that case")
    kind, _, value = term.key.partition(": ")
    if kind == "age" and value:
        return wording.said("machine {age} old", age=wording.said(value))
    if kind == "season" and value:
        return wording.said(value)
    return value if kind in ("asset", "site") and value else term.label
