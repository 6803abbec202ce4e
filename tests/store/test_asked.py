"""What jobs ask for, read as plain rows, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import Job, JobStatus, Merge, Requirement, Risk
from skillmatch.store.store import Store

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
NEEDS = (Requirement("controls", 3.0, must=True),)
DONE, OPEN, CANCELLED = JobStatus.DONE, JobStatus.OPEN, JobStatus.CANCELLED


def fill(store: Store, *nouns: Job | Merge) -> None:
    with store.write() as transaction:
        revision = transaction.next_revision()
        for noun in nouns:
            transaction.save_nouns(type(noun), [noun], revision=revision)


def test_open_jobs_are_those_that_are_open(filled: Store):
    fill(filled, Job("b", "B"), Job("a", "A", requirements=NEEDS), Job("c", "C", status=DONE))
    with filled.read() as transaction:
        assert [(job.id, job.requirements) for job in transaction.jobs_open()] == [("a", NEEDS), ("b", ())]


def test_finished_jobs_are_counted_by_what_they_asked_for(filled: Store):
    fill(
        filled,
        Job("a", "A", requirements=NEEDS, status=DONE, created=NOW, type="x"),
        Job("b", "B", requirements=NEEDS, status=DONE, created=NOW - timedelta(days=5), type="x"),
        Job("c", "C", requirements=NEEDS, status=DONE, created=NOW, type="x", risk=Risk.HIGH),
        Job("d", "D", requirements=NEEDS, status=DONE, due=date(2026, 5, 20), type="x"),
        Job("e", "E", requirements=NEEDS, status=DONE, due=date(2025, 5, 20), type="x"),
        Job("f", "F", requirements=NEEDS, status=DONE, created=NOW - timedelta(days=500), due=date(2026, 5, 20)),
        Job("g", "G", requirements=NEEDS, status=CANCELLED, created=NOW),
        Job("h", "H", requirements=NEEDS, status=OPEN, created=NOW),
    )
    with filled.read() as transaction:
        found = transaction.asked_of_done(since=date(2026, 1, 1))
    assert sorted((row.type, row.needs, row.risk, row.jobs) for row in found if row.risk is None) == [
        ("x", NEEDS, None, 3)
    ]
    assert [row.jobs for row in found if row.risk is Risk.HIGH] == [1]


def test_what_was_merged_is_asked_for_as_what_it_became(filled: Store):
    fill(filled, Job("a", "A", requirements=NEEDS, status=DONE, created=NOW), Job("b", "B", requirements=NEEDS))
    fill(filled, Merge("controls", "hydraulics", NOW))
    with filled.read() as transaction:
        assert transaction.asked_of_done(since=date(2026, 1, 1))[0].needs[0].skill == "hydraulics"  # type: ignore[union-attr]
        assert transaction.jobs_open()[0].requirements[0].skill == "hydraulics"  # type: ignore[union-attr]


def test_what_workers_did_comes_with_what_the_jobs_were(filled: Store):
    fill(filled, Job("a", "A", priority=1, requirements=NEEDS, risk=Risk.HIGH, type="x", status=DONE))
    facts = [
        JobOutcome(id="1", worker="ben", time=NOW, job="a", result=Result.FAILED, minutes=30.0, estimate=50.0),
        JobOutcome(id="2", worker="anna", time=NOW, job="a", result=Result.FAILED, estimate=50.0),
        JobOutcome(id="3", worker="anna", time=NOW - timedelta(days=40), job="a", result=Result.FAILED),
        JobOutcome(id="4", worker="carla", time=NOW, job="a", result=Result.FAILED),
        JobOutcome(id="5", worker="anna", time=NOW, job="nowhere", result=Result.FAILED),
    ]
    with filled.write() as transaction:
        transaction.append(facts, revision=transaction.next_revision())
    with filled.read() as transaction:
        found = transaction.done_by(["ben", "anna"], after=NOW - timedelta(days=28))
    assert [(row.worker, row.minutes) for row in found] == [("anna", 50.0), ("ben", 30.0)]
    assert {(row.priority, row.type, row.needs, row.risk) for row in found} == {(1, "x", NEEDS, Risk.HIGH)}
