"""Vague calls of the sample company: the cause foreseen, call by call, and who is sent for it.

Needs no data but what it generates. The engine sees the books and a list of causes for each job type with what they
need; how likely each is it learns from the notes of finished jobs, every call predicted before it is learned from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path

import numpy as np

from benchmarks.diagnosis.calls import events_of
from benchmarks.diagnosis.sending import QUESTION, Office, Sent, job_needs, mean_and_low
from benchmarks.report import Report, Row
from skillmatch.demo.company import books, live
from skillmatch.gaps.metrics import score_outcomes
from skillmatch.matching.diagnosis.counts import TYPE, Counts
from skillmatch.matching.diagnosis.estimate import Diagnosis, diagnose
from skillmatch.matching.diagnosis.fitting import fit
from skillmatch.matching.diagnosis.marginal import Prices
from skillmatch.matching.diagnosis.nouns import Call, Cause, Finding
from skillmatch.matching.diagnosis.weights import DEFAULTS, Weights

TODAY = date(2026, 6, 1)
SEEDS = (1, 2, 3)
FIRST_FIT = 250
"""Findings at which the weights are learned first; then whenever the findings have doubled."""
REPLAYED_DAYS = 365


@dataclass(frozen=True, slots=True)
class Predicted:
    """What was said of the cause of one call, before anything of its job was known.

    `logs` and `of_type`, `uniform` are logarithms of the probability of the true cause; `told` says whether the caller
    noticed something that points to it.
    """

    logs: float
    of_type: float
    uniform: float
    top: float
    hit: bool
    chances: tuple[tuple[float, bool], ...]
    told: bool
    last_year: bool


@dataclass(slots=True)
class Learner:
    """Counts, and the weights that are learned anew whenever the findings have doubled."""

    stated: dict[str, tuple[Cause, ...]]
    counts: Counts = field(default_factory=Counts)
    weights: Weights = DEFAULTS
    findings: list[Finding] = field(default_factory=list)
    _next: int = FIRST_FIT

    def list_of(self, call: Call) -> tuple[Cause, ...]:
        """Return the causes that the company lists for the job type of a call."""
        return self.stated.get(call.job_type or "", ())

    def learn(self, finding: Finding) -> None:
        """Add what a finished job turned out to be."""
        self.counts.add(finding)
        self.findings.append(finding)
        if len(self.findings) == self._next:
            self.weights, self._next = fit(self.counts, self.findings, stated=self.list_of), 2 * self._next


def run(data: Path) -> Report:
    """Return the figures over three companies; `data` is not read."""
    started = time.process_time()
    found = [measure(seed) for seed in SEEDS]
    predicted = [one for part, _sent in found for one in part]
    sent = [one for _predicted, part in found for one in part]
    seconds = Row("seconds", "all of it, in processor seconds", time.process_time() - started, "s")
    notes = (
        f"{len(SEEDS)} generated companies, seeds {SEEDS}: {len(predicted):,} calls of two years whose cause is open "
        "(no planned visits), each predicted before it is learned from",
        "the causes of a job type with their needs are the company's own list; frequency, words, seasons, ages and "
        "minutes are learned from notes, of which some are wrong or missing",
        f"{len(sent):,} calls of the last {REPLAYED_DAYS} days are played out with the true chances; money is that of "
        f"the hourly rates (22 to 45), a visit costs {Prices().visit:g} besides time and way; a question {QUESTION:g}",
        *(f"seed {seed} alone: {in_short(*part)}" for seed, part in zip(SEEDS, found, strict=True)),
        "intervals take the jobs of one type in a company as one piece; all choose with the same beliefs and prices, "
        "except where it is said",
    )
    return Report("diagnosis", (*cause_rows(predicted), *cost_rows(sent), seconds), notes)


def in_short(predicted: Sequence[Predicted], sent: Sequence[Sent]) -> str:
    """Return the figures with a target for one company."""
    rows = {row.key: row.value for row in (*cause_rows(predicted), *cost_rows(sent))}
    keys = ("gain_over_job_type", "gain_over_uniform", "ece", "cost_saved", "cost_saved_low")
    return ", ".join(f"{key} {rows[key]:.3f}" for key in keys)


def measure(seed: int) -> tuple[list[Predicted], list[Sent]]:
    """Return what was foreseen of each call of one company, and what sending somebody cost in the last year."""
    world = live(seed=seed, today=TODAY)
    company = books(world)
    natures = {nature.id: nature for nature in world.firm.catalogue.natures if not nature.planned}
    learner = Learner({id: tuple(Cause(c.name, c.needs) for c in nature.causes) for id, nature in natures.items()})
    start = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) - timedelta(days=REPLAYED_DAYS)
    office = Office(world, company, start, np.random.default_rng(seed))
    predicted: list[Predicted] = []
    sent: list[Sent] = []
    for event in events_of(company, vague=frozenset(natures)):
        if event.finding is not None:
            learner.learn(event.finding)
            continue
        case, nature = office.cases[event.job.id], natures[event.job.type or ""]
        diagnosis = diagnose(
            learner.counts,
            event.call,
            needs=job_needs(world, case),
            minutes=nature.minutes,
            stated=learner.list_of(event.call),
            weights=learner.weights,
        )
        told = any(cause.hint and cause.hint in event.call.text for cause in nature.causes)
        predicted.append(compare(diagnosis, learner, case.call.cause.name, told=told, late=event.time >= start))
        if event.time >= start:
            played = office.send(event, diagnosis, learner.counts, learner.list_of(event.call))
            sent += [played] if played else []
    return predicted, sent


def compare(diagnosis: Diagnosis, learner: Learner, cause: str, *, told: bool, late: bool) -> Predicted:
    """Return how likely the true cause was taken to be, beside its frequency in the job type and an even chance.

    The frequency is that of the notes so far with one imagined finding for each cause.
    """
    causes = len(learner.list_of(diagnosis.call))
    table = learner.counts.table(TYPE, diagnosis.call.job_type)
    seen, size = (table.total.get(cause, 0), table.size) if table else (0, 0)
    top = diagnosis.likely[0]
    return Predicted(
        log(diagnosis.probability(cause)),
        log((seen + 1.0) / (size + causes)),
        -log(causes),
        top.probability,
        top.cause == cause,
        tuple((one.probability, one.cause == cause) for one in diagnosis.likely),
        told,
        late,
    )


def cause_rows(predicted: Sequence[Predicted]) -> tuple[Row, ...]:
    """Return the figures on causes."""

    def gain(base: Callable[[Predicted], float], among: Callable[[Predicted], bool] = lambda _one: True) -> float:
        chosen = [one for one in predicted if among(one)]
        return 1.0 - sum(one.logs for one in chosen) / sum(base(one) for one in chosen)

    def of_type(one: Predicted) -> float:
        return one.of_type

    pairs = [pair for one in predicted for pair in one.chances]
    losses: Mapping[str, float] = {
        "job-type frequency": -float(np.mean([one.of_type for one in predicted])),
        "uniform": -float(np.mean([one.uniform for one in predicted])),
    }
    return (
        Row("gain_over_job_type", "log-loss of the cause below job-type frequency", gain(of_type), "", ">= 0.10",
            {"its last year alone": gain(of_type, lambda one: one.last_year),
             "calls in which nothing was noticed": gain(of_type, lambda one: not one.told)}),
        Row("gain_over_uniform", "log-loss of the cause below uniform", gain(lambda one: one.uniform), "", ">= 0.10",
            {"job-type frequency": 1.0 - losses["job-type frequency"] / losses["uniform"]}),
        Row("log_loss", "log-loss of the cause", -float(np.mean([one.logs for one in predicted])), "", "", losses),
        Row("ece", "calibration error of the likeliest cause", calibration([(p.top, p.hit) for p in predicted]),
            "", "<= 0.05"),
        Row("ece_all", "calibration error over all causes", calibration(pairs), ""),
        Row("top", "share of calls whose likeliest cause it was", float(np.mean([p.hit for p in predicted])), ""),
    )  # fmt: skip


def calibration(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return the calibration error of pairs of a probability and whether it came true."""
    chance, true = np.array(pairs, dtype=np.float64).T
    return float(score_outcomes(true, chance).ece)


def saved(
    sent: Sequence[Sent],
    cost: Callable[[Sent], float] = lambda one: one.diagnosed,
    base: Callable[[Sent], float] = lambda one: one.blind,
) -> tuple[float, float]:
    """Return by how much the mean cost per job is below that of `base`, and the lower end of its 90 % interval."""
    return mean_and_low((base(one) - cost(one) for one in sent), (one.work for one in sent))


def cost_rows(sent: Sequence[Sent]) -> tuple[Row, ...]:
    """Return the figures on who is sent."""
    mean, low = saved(sent)
    some = [one for one in sent if one.asked is not None]
    asked, asked_low = saved(some, lambda one: one.asked or 0.0)
    learned, learned_low = saved(sent, lambda one: one.fixed)
    alone, alone_low = saved(sent, base=lambda one: one.fixed)
    in_full, in_full_low = saved(sent, lambda one: one.in_full, lambda one: one.fixed_in_full)
    blind = float(np.mean([one.blind for one in sent]))
    fixed = float(np.mean([one.fixed for one in sent]))
    fixed_in_full = float(np.mean([one.fixed_in_full for one in sent]))
    return (
        Row("cost_saved", "cost per job below that of a firm that knows job types only", mean, "money", "> 0",
            {"by the likeliest cause alone": saved(sent, lambda one: one.likeliest)[0],
             "by the true cause": saved(sent, lambda one: one.known)[0],
             "by true abilities": saved(sent, lambda one: one.best)[0]}),
        Row("cost_saved_low", "lower end of its 90 % interval", low, "money", "> 0"),
        Row("cost", "cost per job by the diagnosis", blind - mean, "money", "",
            {"a firm that knows job types only": blind, "job type's requirements, the same beliefs": fixed,
             "these, taken at their word": fixed_in_full}),
        Row("saved_by_diagnosis", "cost saved against the job type's requirements with the same beliefs", alone,
            "money", "", {"lower end": alone_low, "beliefs taken at their word": in_full,
                          "their lower end": in_full_low}),
        Row("saved_by_beliefs", "cost saved under the job type's requirements by learning from causes", learned,
            "money", "", {"lower end": learned_low}),
        Row("changed", "share of jobs to which somebody else is sent", float(np.mean([s.changed for s in sent])), ""),
        Row("asked_saved", "cost saved per job with one question where it is worth it", asked, "money", "",
            {"lower end": asked_low, "without": saved(some)[0]}),
        Row("asked", "share of jobs for which a question is offered", float(np.mean([s.offered for s in some])), ""),
    )  # fmt: skip
