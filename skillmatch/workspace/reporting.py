"""The use-case of looking back at decisions: how often the first was taken, and how the others turned out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import DONE, SUCCESS
from skillmatch.decision import Decision
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.crewing import Crewing

Z_95 = 1.959963984540054
CAVEAT = said(
    "Overrides are not a random sample: deciders override where they know more, or where the ranking looked wrong. "
    "The chances shown at the time account for how hard each job was as far as the model knows; the difference between "
    "what happened and what was expected is the fairer comparison, and with few jobs it says little."
)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval of the share (E. B. Wilson, Probable Inference, JASA 22, 1927)."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """From where to where the true share lies in 95 % of cases."""
        if not self.total:
            return None
        n, share, z2 = self.total, self.count / self.total, Z_95 * Z_95
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return middle - half, middle + half


@dataclass(frozen=True, slots=True)
class Turnout:
    """How a group of decisions turned out: those with an outcome since, done well, and the mean chance shown for whom
    was chosen. `surplus` is the share done well less the mean chance, with its 95 % interval; None without outcomes.
    """

    decisions: int
    done_well: Share
    expected: float | None
    surplus: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """What became of the decisions since a day. `taken` is how often the first of the ranking was chosen."""

    since: datetime | None
    shown: int
    decided: int
    taken: Share
    first: Turnout
    overridden: Turnout
    forgone: float | None
    reasons: tuple[tuple[str, int], ...]
    caveat: str = CAVEAT


class Reporting(Crewing):
    """The part of the workspace that looks back."""

    def decision_report(
        self, *, since: datetime | None = None, counts: Callable[[Decision], bool] = lambda _decision: True
    ) -> DecisionReport:
        """Return how often the top of the ranking was taken, and how overrides turned out against the top choices.

        Only decisions that it `counts` are looked at.

        An override is compared with what was expected of whom was chosen, and `forgone` is the mean chance that the
        first of the ranking had in those jobs, which nobody tried.
        """
        with self._store.read() as transaction:
            shown = [one for one in transaction.decisions(since=since) if counts(one)]
            outcomes = outcomes_of(transaction, [one for one in shown if one.chosen])
        return report_on(shown, outcomes, since)


def report_on(shown: list[Decision], outcomes: dict[int, bool], since: datetime | None) -> DecisionReport:
    """Return the report on some decisions, with what is known of how those that were made turned out."""
    decided = [one for one in shown if one.chosen]
    first = [one for one in decided if not one.overridden]
    other = [one for one in decided if one.overridden]
    tops = [row.chance for one in other for row in one.shown[:1] if row.rank == 1]
    reasons: dict[str, int] = {}
    for one in other:
        reason = one.reason.partition(" [against:")[0] or "no reason given"
        reasons[reason] = reasons.get(reason, 0) + 1
    return DecisionReport(
        since,
        len(shown),
        len(decided),
        Share(len(first), len(decided)),
        turnout(first, outcomes),
        turnout(other, outcomes),
        sum(tops) / len(tops) if tops else None,
        tuple(sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))[:10]),
    )


def outcomes_of(transaction: Transaction, decided: list[Decision]) -> dict[int, bool]:
    """Return for each decision with an outcome since whether whom was chosen did the job well, by its number."""
    found, outcomes = {}, transaction.outcomes_by_job(one.job for one in decided)
    for one in decided:
        results = [
            fact
            for fact in outcomes.get(one.job, ())
            if fact.worker in one.chosen and one.decided is not None and fact.time >= one.decided
        ]
        if results:
            found[one.number] = SUCCESS[_first(results).result] >= DONE
    return found


def _first(results: list[JobOutcome]) -> JobOutcome:
    return min(results, key=lambda fact: fact.order)


def turnout(decisions: list[Decision], outcomes: dict[int, bool]) -> Turnout:
    """Return how some decisions turned out."""
    pairs = []
    for one in decisions:
        chances = {row.worker: row.chance for row in one.shown}
        if one.number in outcomes and one.chosen[0] in chances:
            pairs.append((outcomes[one.number], chances[one.chosen[0]]))
    known = [outcomes[one.number] for one in decisions if one.number in outcomes]
    share = Share(sum(known), len(known))
    if not pairs:
        return Turnout(len(decisions), share, None, None)
    expected = sum(chance for _well, chance in pairs) / len(pairs)
    surplus = sum(well for well, _chance in pairs) / len(pairs) - expected
    half = Z_95 * sqrt(sum(chance * (1 - chance) for _well, chance in pairs)) / len(pairs)
    low, high = max(surplus - half, -expected), min(surplus + half, 1.0 - expected)
    return Turnout(len(decisions), share, expected, (surplus, low, high))
