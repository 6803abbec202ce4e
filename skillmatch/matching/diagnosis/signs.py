"""What speaks for each cause of a call: logarithms of frequencies and of what was said, in counts that are smoothed.

A sign counts by how much likelier it is under a cause than over all calls of the place, which is
``ln P(cause | sign) - ln P(cause)`` with ``P(cause | sign) = (seen with cause + s P(cause)) / (seen + s)``: with no
findings it counts nothing. This is naive Bayes on Dirichlet-multinomial counts whose blocks then get
weights (`weights`, `fitting`), which makes up for signs that come together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from skillmatch import wording
from skillmatch.matching.diagnosis.counts import ALL, MACHINE, TYPE, Counts, Table, Tally
from skillmatch.matching.diagnosis.nouns import ANSWER, WORD, Call, Cause, Features
from skillmatch.matching.diagnosis.questions import SYMPTOM, Question, symptom, yes_chances
from skillmatch.matching.diagnosis.weights import BLOCKS, Weights

FREQUENCY, SAID, UNSAID, CIRCUMSTANCES, ANSWERS = range(len(BLOCKS))
UNLIKELY = 1e-3
"""Chance of a cause at which its frequency is held, whatever the counts say."""
SURE = 0.99
"""Chance of a word at which it is held: somebody may always leave it out."""
MOST_UNSAID = 3
"""Missing words that are looked at for each cause."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for or against causes; `points` (causes,) in logits before the weight of its block."""

    block: int
    key: str
    label: str
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a diagnosis rests on: counts of the nearest place that is known, and the causes it may have.

    `kind` is where the counts are from, None when there are none at all; `stated` says how many of the causes, the
    first ones, the company lists.
    """

    table: Table
    kind: str | None
    causes: tuple[str, ...]
    stated: int

    @classmethod
    def of(cls, counts: Counts, call: Call, stated: Sequence[Cause] = ()) -> Basis:
        """Return the counts of the job type, else of the machine, else of everything; a list of causes keeps to its
        own job type.
        """
        listed = tuple(cause.id for cause in stated)
        for kind, name in ((TYPE, call.job_type), (MACHINE, call.asset_type), (ALL, "")):
            table = counts.table(kind, name)
            if table is not None:
                more = sorted(set(table.total) - set(listed))
                return cls(table, kind, (*listed, *more), len(listed))
            if listed:
                break
        return cls(Table(), None, listed, len(listed))


def signs_of(
    counts: Counts,
    call: Call,
    basis: Basis,
    *,
    stated: Sequence[Cause],
    weights: Weights,
    questions: Mapping[str, Question],
) -> list[Sign]:
    """Return everything that speaks for the causes of `basis`, words first, the most telling of them before others."""
    features = call.features()
    found = [_frequency(counts, call, basis, stated, weights)]
    found += _words(basis, features, weights)
    for kind, (value, *_more) in features.items():
        if kind.startswith(ANSWER):
            found.append(_answer(basis, kind, value, questions))
        elif kind != WORD and kind in basis.table.known:
            label = f"{kind}: {value}"
            found.append(Sign(CIRCUMSTANCES, label, label, _likelier(basis, kind, value, weights.signs)))
    return found


def _answer(basis: Basis, kind: str, value: str, questions: Mapping[str, Question]) -> Sign:
    """Return what an answer says of each cause. To a question that nobody lists or answered before it says nothing."""
    id = kind.removeprefix(f"{ANSWER}:")
    if id in questions:
        question = questions[id]
    elif id.startswith(SYMPTOM):
        question = symptom(id.removeprefix(SYMPTOM), basis.causes, basis.table)
    else:
        question = Question(id, id)
    yes = yes_chances(question, basis.causes, basis.table)
    chances = yes if value == "yes" else tuple(1.0 - chance for chance in yes)
    mean = sum(chances) / max(len(chances), 1)
    return Sign(
        ANSWERS,
        kind,
        wording.said("{question} {answer}", question=question.text, answer=wording.said(value)),
        tuple(log(chance / mean) for chance in chances),
    )


def trusted_words(table: Table) -> list[str]:
    """Return the words of a place that say something of its causes, the most telling first.

    Telling is by how much the likelihood ratio statistic of the word exceeds what chance alone brings.
    """
    known = table.known.get(WORD, {})
    size = sum(known.values())
    found = []
    for (kind, word), seen in table.seen.items():
        if kind == WORD:
            excess = _surprise(seen, known, sum(seen.values()), size) - (len(known) - 1)
            if excess > 0.0:
                found.append((-excess, word))
    return [word for _telling, word in sorted(found)]


def other_chance(basis: Basis) -> float:
    """Return how likely the cause is one that is not known here: 1 when nothing is known.

    Good and Turing's share of what was seen once, (once + 1) / (findings + 2 causes + 1), where causes that the
    company lists are no surprise (I. J. Good, The population frequencies of species, Biometrika 40, 1953).
    """
    known = set(basis.causes[: basis.stated])
    once = sum(1 for cause, number in basis.table.total.items() if number == 1 and cause not in known)
    return (once + 1.0) / (basis.table.size + 2.0 * len(basis.causes) + 1.0)


def _frequency(counts: Counts, call: Call, basis: Basis, stated: Sequence[Cause], weights: Weights) -> Sign:
    expected = _expected(counts, call, basis, stated, weights)
    behind = weights.prior + (weights.stated if any(cause.chance for cause in stated) else 0.0)
    size = basis.table.size
    points = tuple(
        log(max((basis.table.total.get(cause, 0) + behind * before) / (size + behind), UNLIKELY))
        for cause, before in zip(basis.causes, expected, strict=True)
    )
    return Sign(FREQUENCY, "frequency", "how often it was the cause", points)


def _expected(counts: Counts, call: Call, basis: Basis, stated: Sequence[Cause], weights: Weights) -> tuple[float, ...]:
    """Return how likely each cause is before the calls of this type are counted, (causes,), sum 1.

    From how often it was the cause in the other job types that have it, and from what the company states.
    """
    even = 1.0 / max(len(basis.causes), 1)
    told = {cause.id: cause.chance for cause in stated if cause.chance is not None}
    found = []
    for cause in basis.causes:
        elsewhere = counts.homes.get(cause, {})
        others = [place for place in elsewhere if place != call.job_type] if basis.kind == TYPE else []
        seen = sum(elsewhere[place] for place in others)
        of = sum(_size(counts, place) for place in others)
        rate = (seen + weights.prior * even) / (of + weights.prior)
        if cause in told:
            rate = (weights.prior * rate + weights.stated * told[cause]) / (weights.prior + weights.stated)
        found.append(rate)
    total = sum(found)
    return tuple(rate / total for rate in found)


def _size(counts: Counts, job_type: str) -> int:
    table = counts.table(TYPE, job_type)
    return 0 if table is None else table.size


def _likelier(basis: Basis, kind: str, value: str, smoothing: float) -> tuple[float, ...]:
    """Return by how many logits a value of a feature is likelier under each cause than over all, (causes,)."""
    seen, known = basis.table.seen.get((kind, value), {}), basis.table.known.get(kind, {})
    number, size = sum(seen.values()), sum(known.values())
    trust = _trust(seen, known, number, size)
    if trust == 0.0:
        return (0.0,) * len(basis.causes)
    return tuple(trust * log(_times(seen, known, cause, number, size, smoothing)) for cause in basis.causes)


def _trust(seen: Tally, known: Tally, number: int, size: int) -> float:
    """Return how much of what a sign seems to say is more than chance, 0 to 1.

    ``1 - (causes - 1) / G`` with the likelihood ratio statistic G of the sign against the causes, whose mean under
    chance is its degrees of freedom: the positive part of a James-Stein estimate (B. Efron, C. Morris, Stein's
    estimation rule and its competitors, Journal of the American Statistical Association 68, 1973).
    """
    surprise = _surprise(seen, known, number, size)
    return max(0.0, 1.0 - (len(known) - 1) / surprise) if surprise > 0.0 else 0.0


def _surprise(seen: Tally, known: Tally, number: int, size: int) -> float:
    """Return the likelihood ratio statistic of a sign against the causes, 2 sum of observed x ln(observed/expected)."""
    surprise = 0.0
    for cause in sorted(known):
        with_, without = seen.get(cause, 0), known[cause] - seen.get(cause, 0)
        if with_:
            surprise += with_ * log(with_ * size / (number * known[cause]))
        if without:
            surprise += without * log(without * size / ((size - number) * known[cause]))
    return 2.0 * surprise


def _times(seen: Tally, known: Tally, cause: str, number: int, size: int, smoothing: float) -> float:
    """Return how many times likelier a sign is under a cause than over all; 1 for a cause never found.

    The findings with the sign are shared out among the causes as those imagined are, by the frequency of the causes:
    ``P(cause | sign) / P(cause)``. So a word heard once says little, also of the causes it was not heard with.
    """
    of = known.get(cause, 0)
    if not of:
        return 1.0
    return (seen.get(cause, 0) * (size / of) + smoothing) / (number + smoothing)


def _words(basis: Basis, features: Features, weights: Weights) -> list[Sign]:
    """Return the words that were said, the most telling first, and for each cause the words that one would expect."""
    if WORD not in features or not basis.causes:
        return []
    known = [word for word in features[WORD] if (WORD, word) in basis.table.seen]
    points = {word: _likelier(basis, WORD, word, weights.signs) for word in known}
    ordered = sorted(known, key=lambda word: (min(points[word]) - max(points[word]), word))
    found = []
    for number, word in enumerate(ordered, start=1):
        part = number**-weights.discount
        found.append(
            Sign(
                SAID,
                f"word:{word}",
                wording.said("says {word!r}", word=word),
                tuple(part * each for each in points[word]),
            )
        )
    return [*found, _unsaid(basis, frozenset(features[WORD]), weights)]


def _unsaid(basis: Basis, said: frozenset[str], weights: Weights) -> Sign:
    """Return what it says of each cause that words are missing which its callers often use."""
    known = basis.table.known.get(WORD, {})
    size = sum(known.values())
    place = {cause: number for number, cause in enumerate(basis.causes)}
    least: list[list[float]] = [[] for _ in basis.causes]
    for (kind, word), seen in basis.table.seen.items():
        if kind == WORD and word not in said:
            number = sum(seen.values())
            trust = _trust(seen, known, number, size)
            if trust == 0.0:
                continue
            overall = number / (size + 1.0)
            for cause in seen:
                times = _times(seen, known, cause, number, size, weights.signs)
                if times > 1.0:
                    least[place[cause]].append(trust * log((1.0 - min(times * overall, SURE)) / (1.0 - overall)))
    points = tuple(
        sum(n**-weights.discount * gain for n, gain in enumerate(sorted(gains)[:MOST_UNSAID], start=1))
        for gains in least
    )
    return Sign(UNSAID, "unsaid", "does not say what callers often say then", points)
