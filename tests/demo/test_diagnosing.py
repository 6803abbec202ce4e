"""What the sample firm knows of causes: the list, the questions, and what its people noted; the truth stays apart."""

from __future__ import annotations

import re
from datetime import date

import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.demo.catalogue import read_catalogue
from skillmatch.demo.company import Company, generate
from skillmatch.demo.diagnosing import listed_causes, listed_questions

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def company() -> Company:
    return generate(seed=1, workers=15, today=TODAY)


def test_every_call_whose_cause_is_open_has_causes_with_needs_that_exist(company: Company) -> None:
    natures = {nature.id: nature for nature in read_catalogue().natures}
    skills = {skill.id for skill in company.skills}
    assert {cause.job_type for cause in company.causes} == {id for id, one in natures.items() if not one.planned}
    assert {need.skill for cause in company.causes for need in cause.needs} <= skills  # type: ignore[union-attr]
    assert all(cause.chance is None and cause.minutes is None for cause in company.causes)


def test_questions_are_about_causes_of_their_job_type_and_tell_them_apart() -> None:
    listed = {(cause.job_type, cause.id) for cause in listed_causes(read_catalogue())}
    questions = listed_questions()
    assert len(questions) >= 10
    for question in questions:
        assert {(question.job_type, cause) for cause, _chance in question.yes} <= listed, question.id
        assert max(chance for _cause, chance in (*question.yes, ("", question.otherwise))) >= 0.8


def test_an_outcome_has_the_cause_that_its_note_names_and_no_other(company: Company) -> None:
    outcomes = [fact for fact in company.evidence if isinstance(fact, JobOutcome)]
    listed = {(cause.job_type, cause.id) for cause in company.causes}
    types = {job.id: job.type or "" for job in company.jobs}
    named = [fact for fact in outcomes if fact.note.startswith("cause: ")]
    assert len(named) > len(outcomes) / 3
    for fact in outcomes:
        assert fact.cause == (re.split("; ", fact.note)[0].removeprefix("cause: ") if fact in named else None)
        assert fact.cause is None or (types[fact.job], fact.cause) in listed


def test_what_was_noted_is_not_always_the_truth(company: Company) -> None:
    truth = {row.job: row.cause for row in company.truth.jobs}
    noted = [fact for fact in company.evidence if isinstance(fact, JobOutcome) and fact.cause]
    right = sum(fact.cause == truth[fact.job] for fact in noted)
    assert 0.85 * len(noted) < right < len(noted)


def test_sites_have_a_kind_and_machines_the_day_on_which_they_were_put_in(company: Company) -> None:
    kinds = {sector.name for sector in read_catalogue().sectors}
    assert {site.kind for site in company.sites} <= kinds
    for asset in company.assets:
        assert asset.installed is not None
        assert date(1985, 1, 1) < asset.installed <= TODAY
        assert abs(asset.installed.year - int(asset.model[-5:-1])) <= 1
