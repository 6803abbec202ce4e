"""Questions that separate causes, listed by the company or learned from words, and how they would be answered."""

from __future__ import annotations

from collections.abc import Sequence

from skillmatch import wording
from skillmatch.causes import Question
from skillmatch.matching.diagnosis.counts import Table
from skillmatch.matching.diagnosis.nouns import ANSWER, WORD

__all__ = ["SYMPTOM", "Question", "symptom", "yes_chances"]

SYMPTOM = "word:"
"""Questions whose ids begin so ask for a word that callers use of their own accord."""
LEAST_YES, MOST_YES = 0.03, 0.9
"""How often a customer answers yes, at least and at most, whatever the cause: people mishear and overlook."""
IMAGINED = 6.0
"""How many answers the chances of yes that are listed, or learned from words, count as."""


def yes_chances(question: Question, causes: Sequence[str], table: Table) -> tuple[float, ...]:
    """Return how likely yes is under each cause, (causes,): as listed, moved by the answers of finished jobs."""
    listed = dict(question.yes)
    kind = f"{ANSWER}:{question.id}"
    asked, said = table.known.get(kind, {}), table.seen.get((kind, "yes"), {})
    return tuple(
        (said.get(cause, 0) + IMAGINED * listed.get(cause, question.otherwise)) / (asked.get(cause, 0) + IMAGINED)
        for cause in causes
    )


def symptom(word: str, causes: Sequence[str], table: Table) -> Question:
    """Return the question whether there is what a word stands for, as far as callers' own words can tell.

    Callers leave out much of what they would say when asked. It is taken that under the cause that goes most with the
    word `MOST_YES` of them would say yes, and under the others in proportion to how often they use it; those who have
    not used it of their own accord are the ones who are asked.
    """
    seen, known = table.seen.get((WORD, word), {}), table.known.get(WORD, {})
    overall = sum(seen.values()) / max(sum(known.values()), 1)
    rates = {cause: (seen.get(cause, 0) + overall) / (known.get(cause, 0) + 1.0) for cause in causes}
    top = max(rates.values(), default=0.0)
    if not top:
        return Question(SYMPTOM + word, _ask(word))
    yes = []
    for cause, rate in rates.items():
        would = MOST_YES * rate / top
        unsaid = min(rate, would)
        yes.append((cause, min(max((would - unsaid) / (1.0 - unsaid), LEAST_YES), MOST_YES)))
    return Question(SYMPTOM + word, _ask(word), tuple(yes))


def _ask(word: str) -> str:
    return wording.said("Does the customer notice anything to do with {word!r}?", word=word)
