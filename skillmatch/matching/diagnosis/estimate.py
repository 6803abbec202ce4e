"""The likely causes of a call, each with its probability, what speaks for it, its needs and its minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from skillmatch.explanation import Explanation, Term
from skillmatch.matching.diagnosis.counts import ALL, MACHINE, Counts
from skillmatch.matching.diagnosis.nouns import ANSWER, OTHER, WORD, Call, Cause
from skillmatch.matching.diagnosis.questions import SYMPTOM, Question
from skillmatch.matching.diagnosis.signs import Basis, Sign, other_chance, signs_of
from skillmatch.matching.diagnosis.use import minutes_of, needs_of
from skillmatch.matching.diagnosis.weights import BLOCKS, DEFAULTS, Weights
from skillmatch.needs import PlainNeed
from skillmatch.wording import said

OTHER_NAME = said("something else")
_OF_MACHINES = said("no finished job of this job type: the causes are those of machines of type {type!r}")


@dataclass(frozen=True, slots=True)
class Likely:
    """One cause of a call: how likely, and what it would take.

    `explanation` sums to the logarithm of the probability. `findings` is how many finished jobs here had the cause.
    """

    cause: str
    probability: float
    needs: tuple[PlainNeed, ...]
    minutes: float | None
    findings: int
    explanation: Explanation

    @property
    def name(self) -> str:
        """The cause in words."""
        return self.cause if self.cause != OTHER else OTHER_NAME


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What may be behind a call, the likeliest first, `OTHER` included: probabilities sum to 1.

    `notes` say in words what the call and the history did not give. `findings` is how many finished jobs it rests on.
    """

    call: Call
    likely: tuple[Likely, ...]
    findings: int
    notes: tuple[str, ...] = ()

    def probability(self, cause: str) -> float:
        """Return how likely a cause is; 0 for one that is not among them."""
        return next((one.probability for one in self.likely if one.cause == cause), 0.0)


def diagnose(
    counts: Counts,
    call: Call,
    *,
    needs: Sequence[PlainNeed] = (),
    minutes: float | None = None,
    stated: Sequence[Cause] = (),
    questions: Iterable[Question] = (),
    weights: Weights = DEFAULTS,
) -> Diagnosis:
    """Return the likely causes of a call.

    P(cause) is proportional to ``exp(sum of weight x sign)`` over the signs of `signs`, times the chance that it is one
    of the known causes at all. Costs a pass over the words of the job type.

    Parameters
    ----------
    needs, minutes
        What the job type asks for, and how long its jobs take: the needs of a cause come on top of them.
    stated
        The causes that the company lists for the job type; () leaves it to the finished jobs.
    questions
        Those that the company lists, so that it is known what answers to them say.
    """
    basis = Basis.of(counts, call, stated)
    asked = {question.id: question for question in questions}
    signs = signs_of(counts, call, basis, stated=stated, weights=weights, questions=asked)
    other = other_chance(basis)
    logs = combine(signs, weights, len(basis.causes))
    shift = _log_sum(logs) - log(1.0 - other) if basis.causes else 0.0
    listed = {cause.id: cause for cause in stated}
    found = [
        Likely(
            cause,
            exp(explanation.total),
            needs_of(needs, listed.get(cause), cause, basis.table),
            minutes_of(listed.get(cause), cause, basis.table, minutes),
            basis.table.total.get(cause, 0),
            explanation,
        )
        for place, cause in enumerate(basis.causes)
        for explanation in (_explain(signs, weights, place, shift),)
    ]
    found.sort(key=lambda one: (-one.probability, one.cause))
    unknown = Explanation.of([Term("other", log(other), "none of the causes known here")], unit="log-probability")
    found.append(
        Likely(OTHER, exp(unknown.total), tuple(needs), minutes_of(None, OTHER, basis.table, minutes), 0, unknown)
    )
    return Diagnosis(call, tuple(found), basis.table.size, _notes(call, basis, signs, set(asked)))


def combine(signs: Sequence[Sign], weights: Weights, causes: int) -> list[float]:
    """Return the weighted sum of the signs for each cause, in logits, added in their order."""
    totals = [0.0] * causes
    by_block = weights.blocks
    for sign in signs:
        for place in range(causes):
            totals[place] = totals[place] + by_block[sign.block] * sign.points[place]
    return totals


def _log_sum(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + log(sum(exp(each - top) for each in logs))


def _explain(signs: Sequence[Sign], weights: Weights, place: int, shift: float) -> Explanation:
    terms = [Term(s.key, weights.blocks[s.block] * s.points[place], s.label, BLOCKS[s.block]) for s in signs]
    return Explanation.of([*terms, Term("others", -shift, "against the other causes")], unit="log-probability")


def _notes(call: Call, basis: Basis, signs: Sequence[Sign], listed: set[str]) -> tuple[str, ...]:
    found = []
    features: Mapping[str, tuple[str, ...]] = call.features()
    if call.is_cut:
        found.append(said("the text is very long: its beginning was read"))
    if not call.text.strip():
        found.append(said("the call has no text"))
    elif WORD not in features:
        found.append(said("the text has no words that count"))
    elif basis.table.known.get(WORD) and not any(sign.key.startswith("word:") for sign in signs):
        found.append(said("none of its words was seen in finished jobs of this kind"))
    if basis.kind is None:
        found.append(said("no finished job tells what such calls turn out to be"))
    elif basis.kind in (MACHINE, ALL):
        if basis.kind == MACHINE:
            found.append(said(_OF_MACHINES, type=call.asset_type))
        else:
            found.append(said("no finished job of this job type: the causes are those of all kinds"))
    for id in sorted(set(call.answers) - listed):
        if not id.startswith(SYMPTOM) and f"{ANSWER}:{id}" not in basis.table.known:
            told = said("the answer to {id!r} says nothing: nobody lists that question or answered it before", id=id)
            found.append(told)
    return tuple(found)
