"""The use-case of reviewing decisions: by month and by decider, and whether the chances shown came true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np

from skillmatch.decision import Decision
from skillmatch.gaps.reliability import Bin, reliability
from skillmatch.importers.matrix_sheets import csv_line
from skillmatch.importers.tables import guarded
from skillmatch.model import Job
from skillmatch.workspace.reporting import (
    DecisionReport,
    Reporting,
    Share,
    Turnout,
    outcomes_of,
    report_on,
    turnout,
)

NOBODY = ""
"""The decider of whom no name was kept."""


@dataclass(frozen=True, slots=True)
class DecisionGroup:
    """The decisions of one month, as 2026-11, or of one decider: how often the first was `taken`, how they turned out.

    `reasons` are those of the overrides, the most frequent first.
    """

    name: str
    taken: Share
    first: Turnout
    overridden: Turnout
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DecisionReview:
    """A report on decisions with its parts: by month and by decider.

    `bins` compare the chances that were shown for whoever was chosen with what happened, by rising chance; none when
    nothing is known yet. `error` is how far chance and share lie apart on average, weighted by how many they are.
    `policies` are those that the decisions of the period were made with. `lines` are the decisions, the newest first.
    """

    report: DecisionReport
    months: tuple[DecisionGroup, ...]
    deciders: tuple[DecisionGroup, ...]
    bins: tuple[Bin, ...]
    error: float | None
    policies: tuple[str, ...]
    lines: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision with what came of it: whether it was done `well`, None when nothing is known, and the chance shown
    for whom was chosen, None when she was not shown.
    """

    decision: Decision
    chance: float | None
    well: bool | None


class Reviewing(Reporting):
    """The part of the workspace that reviews decisions."""

    def review_decisions(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        policy: str = "",
        counts: Callable[[Decision], bool] = lambda _decision: True,
    ) -> DecisionReview:
        """Return how decisions turned out, of those that it `counts`: asked from `since` to before `until`, with one
        policy or any. Months are those of the company's clock.
        """
        shown, outcomes, policies = self._gathered(since, until, policy, counts)
        decided = [one for one in shown if one.chosen]
        bins, error = _calibration(decided, outcomes)
        return DecisionReview(
            report_on(shown, outcomes, since),
            _grouped(decided, outcomes, lambda one: _month(one, self.zone), newest_first=True),
            _grouped(decided, outcomes, lambda one: one.by or NOBODY),
            bins,
            error,
            policies,
            tuple(_lines(shown, outcomes)),
        )

    def decision_lines(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        policy: str = "",
        counts: Callable[[Decision], bool] = lambda _decision: True,
    ) -> Iterator[DecisionLine]:
        """Return decisions as in `review_decisions`, the newest first, each with what came of it."""
        shown, outcomes, _policies = self._gathered(since, until, policy, counts)
        return _lines(shown, outcomes)

    def decided_jobs(self, decisions: Iterable[Decision]) -> dict[str, Job]:
        """Return the jobs that decisions are about, by id."""
        with self._store.read() as transaction:
            return {job.id: job for job in transaction.nouns(Job, {one.job for one in decisions})}

    def _gathered(
        self,
        since: datetime | None,
        until: datetime | None,
        policy: str,
        counts: Callable[[Decision], bool],
    ) -> tuple[list[Decision], dict[int, bool], tuple[str, ...]]:
        with self._store.read() as transaction:
            found = [one for one in transaction.decisions(since=since) if until is None or one.moment < until]
            found = [one for one in found if counts(one)]
            shown = [one for one in found if not policy or one.policy == policy]
            outcomes = outcomes_of(transaction, [one for one in shown if one.chosen])
        return shown, outcomes, tuple(sorted({one.policy for one in found}))


HEADINGS = (
    *("number", "asked", "job", "policy", "ranked first", "chosen", "overridden", "reason", "decided by", "decided"),
    *("chance shown", "done well"),
)


def decision_table(rows: Iterable[DecisionLine], names: Mapping[str, str], zone: tzinfo) -> Iterator[str]:
    """Yield decisions as the lines of a CSV; `names` are what workers are called, by id."""
    yield csv_line(HEADINGS)
    for row in rows:
        one = row.decision
        cells = (
            str(one.number),
            f"{one.moment.astimezone(zone):%Y-%m-%d %H:%M}",
            one.job,
            one.policy,
            names.get(one.first or "", one.first or ""),
            ", ".join(names.get(id, id) for id in one.chosen),
            "yes" if one.overridden else "no" if one.chosen else "",
            one.reason,
            one.by,
            f"{one.decided.astimezone(zone):%Y-%m-%d %H:%M}" if one.decided else "",
            "" if row.chance is None else f"{row.chance:.3f}",
            "" if row.well is None else "yes" if row.well else "no",
        )
        yield csv_line([guarded(cell) for cell in cells])


def _lines(shown: list[Decision], outcomes: dict[int, bool]) -> Iterator[DecisionLine]:
    return (DecisionLine(one, _chance(one), outcomes.get(one.number)) for one in shown)


def _month(one: Decision, zone: tzinfo) -> str:
    return f"{one.moment.astimezone(zone):%Y-%m}"


def _chance(one: Decision) -> float | None:
    return next((row.chance for row in one.shown if row.worker == one.chosen[0]), None) if one.chosen else None


def _grouped(
    decided: list[Decision],
    outcomes: dict[int, bool],
    key: Callable[[Decision], str],
    *,
    newest_first: bool = False,
) -> tuple[DecisionGroup, ...]:
    groups: dict[str, list[Decision]] = {}
    for one in decided:
        groups.setdefault(key(one), []).append(one)
    names = sorted(groups, key=lambda name: (-len(groups[name]), name))
    names = sorted(groups, reverse=True) if newest_first else names
    return tuple(_group(name, groups[name], outcomes) for name in names)


def _group(name: str, decided: list[Decision], outcomes: dict[int, bool]) -> DecisionGroup:
    report = report_on(decided, outcomes, None)
    first = [one for one in decided if not one.overridden]
    other = [one for one in decided if one.overridden]
    return DecisionGroup(name, report.taken, turnout(first, outcomes), turnout(other, outcomes), report.reasons)


def _calibration(decided: list[Decision], outcomes: dict[int, bool]) -> tuple[tuple[Bin, ...], float | None]:
    pairs = [
        (chance, outcomes[one.number])
        for one in decided
        if one.number in outcomes and (chance := _chance(one)) is not None
    ]
    if not pairs:
        return (), None
    chances, hits = (np.array(column) for column in zip(*sorted(pairs), strict=True))
    bins, _histogram = reliability(hits.astype(np.bool_), chances.astype(np.float64))
    total = sum(each.count for each in bins)
    return bins, sum(abs(each.predicted - each.observed) * each.count for each in bins) / total
