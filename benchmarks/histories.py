"""Real histories as job outcomes, each cut into what may be learned from beforehand and what is predicted.

The protocols are those of benchmarks/README.md: predict each outcome before learning from it, never look ahead.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scipy.sparse import load_npz

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Demand, Result

ECLIPSE_FILES = ("eclipse/jobs.csv.gz", "eclipse/handovers.csv.gz")
ASSISTMENTS_FILES = ("assistments09/train.csv.gz", "assistments09/test.csv.gz", "assistments09/item_skill.npz")

NO_PERSON = re.compile("inbox|triage|nobody|webmaster")
TRAIN_SHARE = 0.8
FIRST_BUG = datetime(2001, 10, 10, tzinfo=UTC)
PER_BUG = timedelta(minutes=14.4)
"""As in benchmarks/eclipse/mapping.toml: a made-up clock that keeps the bugs' order."""
FIRST_ANSWER = datetime(2009, 9, 1, tzinfo=UTC)
PER_ANSWER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Split:
    """Outcomes to learn from beforehand, and outcomes to predict one after the other; both in order."""

    train: tuple[JobOutcome, ...]
    test: tuple[JobOutcome, ...]


def by_worker(outcomes: Iterable[JobOutcome]) -> dict[str, list[JobOutcome]]:
    """Return each worker's outcomes in the order given."""
    found: dict[str, list[JobOutcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.worker, []).append(outcome)
    return found


def read_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a compressed CSV file without its header."""
    with gzip.open(path, mode="rt", newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def eclipse(data: Path) -> Split:
    """Return the hand-overs of `data`/eclipse: protocol A, the last fifth to be predicted."""
    jobs = {bug: (product, part) for bug, product, part, _fixer in read_rows(data / ECLIPSE_FILES[0])}
    outcomes = [
        outcome_of_handover(row, jobs[row[0]])
        for row in read_rows(data / ECLIPSE_FILES[1])
        if not NO_PERSON.search(row[2])
    ]
    outcomes.sort(key=lambda outcome: outcome.order)
    cut = int(len(outcomes) * TRAIN_SHARE)
    return Split(tuple(outcomes[:cut]), tuple(outcomes[cut:]))


def outcome_of_handover(row: list[str], job: tuple[str, str]) -> JobOutcome:
    """Return one hand-over as the import with benchmarks/eclipse/mapping.toml gives it."""
    bug, step, worker, fixed = row
    component = " / ".join(job)
    return JobOutcome(
        id=f"{bug:0>8}-{step:0>2}",
        worker=worker,
        time=FIRST_BUG + int(bug) * PER_BUG,
        job=bug,
        result=result_of(fixed),
        demands=(Demand(component, None, 1.0), Demand(job[0], None, 0.25)),
        job_type=component,
        source="eclipse",
    )


def assistments(data: Path) -> Split:
    """Return the answers of `data`/assistments09: persons are workers, items are job types, and train and test
    have different persons. The files hold no times: a person's answers lie one minute apart in the order of the rows.
    """
    skills = load_npz(data / ASSISTMENTS_FILES[2]).tocsr()
    demands = [
        tuple(Demand(f"skill-{skill}") for skill in skills.indices[start:stop])
        for start, stop in zip(skills.indptr, skills.indptr[1:], strict=False)
    ]
    train, test = (tuple(answers(data / file, demands)) for file in ASSISTMENTS_FILES[:2])
    return Split(train, test)


def answers(path: Path, demands: list[tuple[Demand, ...]]) -> Iterator[JobOutcome]:
    """Yield the answers of one file; `demands` has each item's skills."""
    given: dict[str, int] = {}
    for person, item, _time, correct, _skills in read_rows(path):
        number = given[person] = given.get(person, -1) + 1
        yield JobOutcome(
            id=f"{person}-{number:05d}",
            worker=f"person-{person}",
            time=FIRST_ANSWER + number * PER_ANSWER,
            job=f"{person}-{number:05d}",
            result=result_of(correct),
            demands=demands[int(item)],
            job_type=f"item-{item}",
            source="assistments",
        )


def result_of(flag: str) -> Result:
    return Result.FIRST_TIME_FIX if flag == "1" else Result.HANDED_ON
