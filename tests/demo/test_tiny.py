"""The tiny company: three workers with a story each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import CertificationGranted, CustomerRating, JobOutcome, Override
from skillmatch.beliefs.observation import Result
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.registry import read
from skillmatch.model import JobStatus

TINY = Path(__file__).parents[2] / "sample_data" / "tiny"


@pytest.fixture(scope="module")
def tiny() -> Batch:
    return read(TINY, known=Known.nothing(), now=datetime(2026, 11, 21, tzinfo=UTC))


def test_it_has_three_workers_six_skills_and_five_jobs_and_no_problem(tiny: Batch) -> None:
    assert tiny.problems == []
    assert [worker.id for worker in tiny.workers] == ["anna", "ben", "chen"]
    assert (len(tiny.skills), len(tiny.jobs)) == (6, 5)
    assert [job.id for job in tiny.jobs if job.status is JobStatus.OPEN] == ["J3", "J4", "J5"]


def test_annas_certificate_expires_between_two_open_jobs(tiny: Batch) -> None:
    anna = next(fact for fact in tiny.evidence if isinstance(fact, CertificationGranted) and fact.worker == "anna")
    due = {job.id: job.due for job in tiny.jobs}
    assert anna.expires == date(2026, 12, 31)
    assert due["J3"] is not None
    assert due["J4"] is not None
    assert due["J3"] < anna.expires < due["J4"]


def test_chen_handed_on_what_ben_then_fixed(tiny: Batch) -> None:
    visits = [fact for fact in tiny.evidence if isinstance(fact, JobOutcome) and fact.job == "J2"]
    assert [(fact.worker, fact.result) for fact in sorted(visits, key=lambda fact: fact.time)] == [
        ("chen", Result.HANDED_ON),
        ("ben", Result.FIRST_TIME_FIX),
    ]


def test_the_bakery_praised_anna_and_a_manager_holds_chen_back(tiny: Batch) -> None:
    (rating,) = [fact for fact in tiny.evidence if isinstance(fact, CustomerRating)]
    assert (rating.worker, rating.job, rating.customer, rating.stars) == ("anna", "J1", "bakery", 5.0)
    (override,) = [fact for fact in tiny.evidence if isinstance(fact, Override)]
    assert (override.worker, override.skill, override.level) == ("chen", "heating", 2.0)
    assert override.note


def test_no_heating_has_two_causes_and_a_question_that_tells_them_apart(tiny: Batch) -> None:
    assert [(cause.job_type, cause.id) for cause in tiny.causes] == [
        ("no-heating", "seized circulation pump"),
        ("no-heating", "gas valve stuck"),
    ]
    (question,) = tiny.questions
    assert dict(question.yes).keys() == {cause.id for cause in tiny.causes}
    found = {fact.job: fact.cause for fact in tiny.evidence if isinstance(fact, JobOutcome) and fact.cause}
    assert found == {"J1": "defrost heater failed", "J2": "seized circulation pump"}
