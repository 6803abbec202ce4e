"""One more question: what each answer would say of the causes, and what knowing it would save.

A question is worth asking when an answer would change who is sent. Its worth is the expected value of sample
information (H. Raiffa, R. Schlaifer, Applied Statistical Decision Theory, 1961): the least expected cost now, less the
mean over the answers of the least expected cost after each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from skillmatch.beliefs.table import Floats
from skillmatch.matching.diagnosis.counts import Counts
from skillmatch.matching.diagnosis.marginal import Marginal
from skillmatch.matching.diagnosis.nouns import OTHER, WORD, Cause
from skillmatch.matching.diagnosis.questions import Question, symptom, yes_chances
from skillmatch.matching.diagnosis.signs import Basis, trusted_words

LEAST_SAVED = 1e-9
"""Savings below this are rounding."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a question would bring.

    `saved` is the expected cost saved by asking, before what asking costs; `yes` how likely that answer is. `now`,
    `if_yes`, `if_no` are the workers to send, `causes_if_yes` and `causes_if_no` how likely each cause is then, in the
    order of the diagnosis. `separates` is the cause that the answer changes most.
    """

    question: Question
    saved: float
    yes: float
    now: str
    if_yes: str
    if_no: str
    causes_if_yes: tuple[float, ...]
    causes_if_no: tuple[float, ...]
    separates: str

    @property
    def changes(self) -> bool:
        """Whether an answer would change who is sent."""
        return self.if_yes != self.now or self.if_no != self.now


def questions_for(
    counts: Counts, marginal: Marginal, *, stated: Sequence[Cause] = (), listed: Iterable[Question] = (), most: int = 10
) -> tuple[Question, ...]:
    """Return what could be asked: the questions that are listed, then those that callers' words suggest.

    Left out is what was answered already, and what the caller said of her own accord; of the words come the `most`
    telling ones.
    """
    call = marginal.diagnosis.call
    basis = Basis.of(counts, call, stated)
    said = set(call.features().get(WORD, ()))
    words = [word for word in trusted_words(basis.table) if word not in said][:most]
    found = (*listed, *(symptom(word, basis.causes, basis.table) for word in words))
    return tuple(question for question in found if question.id not in call.answers)


def worth_of(question: Question, marginal: Marginal, counts: Counts, *, stated: Sequence[Cause] = ()) -> Worth:
    """Return what asking a question would bring for the choice of whom to send.

    A cause that is not known here answers as the known ones do on average, so that an answer says nothing of it.
    """
    basis = Basis.of(counts, marginal.diagnosis.call, stated)
    chances = dict(zip(basis.causes, yes_chances(question, basis.causes, basis.table), strict=True))
    prior = marginal.probability
    known = np.array([one.cause != OTHER for one in marginal.diagnosis.likely])
    yes = np.array([chances.get(one.cause, 0.5) for one in marginal.diagnosis.likely])
    if known.any():
        yes[~known] = float(prior[known] @ yes[known]) / float(prior[known].sum())
    chance = float(prior @ yes)
    after = (prior * yes / chance, prior * (1.0 - yes) / (1.0 - chance))
    now, now_cost = _choice(marginal, prior)
    (if_yes, yes_cost), (if_no, no_cost) = (_choice(marginal, each) for each in after)
    saved = now_cost - (chance * yes_cost + (1.0 - chance) * no_cost)
    moved = int(np.argmax(np.abs(after[0] - after[1])))
    return Worth(
        question,
        saved if saved > LEAST_SAVED else 0.0,
        chance,
        now,
        if_yes,
        if_no,
        tuple(after[0].tolist()),
        tuple(after[1].tolist()),
        marginal.diagnosis.likely[moved].cause,
    )


def worth_asking(
    questions: Iterable[Question],
    marginal: Marginal,
    counts: Counts,
    *,
    price: float = 0.0,
    stated: Sequence[Cause] = (),
) -> tuple[Worth, ...]:
    """Return the questions that save more than `price`, the most useful first, ties by id; () when none would."""
    if not marginal.eligible.any():
        return ()
    found = [worth_of(question, marginal, counts, stated=stated) for question in questions]
    kept = [one for one in found if one.changes and one.saved > price]
    return tuple(sorted(kept, key=lambda one: (-one.saved, one.question.id)))


def _choice(marginal: Marginal, probability: Floats) -> tuple[str, float]:
    """Return whom to send under these probabilities of the causes, ties by id, and the expected cost."""
    cost = np.where(marginal.eligible, probability @ marginal.costs, np.inf)
    table = marginal.views[0].table
    best = int(np.lexsort((table.id_order, cost))[0])
    return table.workers[best], float(cost[best])
