"""Now and the coming weeks of the sample company: plausible, and without a trace in its history."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import pytest

from skillmatch.beliefs.evidence import (
    CertificationGranted,
    CertificationRevoked,
    Evidence,
    ExemptionGranted,
    JobDeclined,
    LearningWish,
)
from skillmatch.demo import Company, appointments, bookings, company, generate
from skillmatch.demo.appointments import job_type
from skillmatch.demo.catalogue import read_catalogue
from skillmatch.demo.morning import is_working, working_day
from skillmatch.demo.outlook import Outlook
from skillmatch.model import (
    AnyOf,
    Certification,
    CertificationRequirement,
    Job,
    JobStatus,
    LanguageRequirement,
    Requirement,
    Risk,
    Shift,
    plain_needs,
)

SUNDAY, TUESDAY = date(2026, 11, 22), date(2026, 11, 24)
Fact = TypeVar("Fact", bound=Evidence)
NEW = (CertificationRevoked, ExemptionGranted, JobDeclined, LearningWish)


@pytest.fixture(scope="module", params=[SUNDAY, TUESDAY], ids=["Sunday", "Tuesday"])
def firm(request: pytest.FixtureRequest) -> Company:
    """A firm of half the full size with half a year of history."""
    return generate(seed=1, workers=150, days=180, today=request.param)


def open_jobs(firm: Company) -> list[Job]:
    return [job for job in firm.jobs if job.status is JobStatus.OPEN]


def facts(firm: Company, kind: type[Fact]) -> list[Fact]:
    return [fact for fact in firm.evidence if isinstance(fact, kind)]


def hours(firm: Company, worker: str, day: date) -> list[Shift]:
    return [
        shift
        for shift in firm.shifts
        if shift.worker == worker
        and shift.weekday == day.weekday()
        and (shift.first is None or shift.first <= day)
        and (shift.last is None or day <= shift.last)
    ]


def crew_of(firm: Company, job: Job) -> int:
    return job.crew or next(type.crew for type in firm.job_types if type.id == job.type)


def test_history_and_truth_are_the_same_without_an_outlook(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = generate(seed=3, workers=20, days=180, today=SUNDAY)

    def none(morning: company.Morning, jobs: list[Job], customers: tuple[company.Customer, ...]) -> Outlook:
        return Outlook(tuple(morning.staff.workers), customers, tuple(jobs), (), (), (), ())

    monkeypatch.setattr(company, "look_ahead", none)
    without = generate(seed=3, workers=20, days=180, today=SUNDAY)
    assert [fact for fact in with_it.evidence if not isinstance(fact, NEW)] == list(without.evidence)
    assert with_it.truth == without.truth
    assert [job for job in with_it.jobs if job.status is not JobStatus.OPEN] == [
        job for job in without.jobs if job.status is not JobStatus.OPEN
    ]
    assert [(w.id, w.name, w.team, w.languages) for w in with_it.workers] == [
        (w.id, w.name, w.team, w.languages) for w in without.workers
    ]


def test_whoever_is_with_the_firm_has_shifts_of_about_her_hours(firm: Company) -> None:
    for worker in firm.workers:
        worked = sum(
            shift.end - shift.start - 60
            for day in range(7)
            for shift in hours(firm, worker.id, firm.today + timedelta(days=day))
        )
        gone = worker.active_to is not None and worker.active_to < firm.today
        # Rounded to the minute on each day.
        assert worked / 60 == pytest.approx(0.0 if gone else worker.capacity, abs=0.1)


def test_each_day_and_evening_has_its_people_but_few_work_at_the_weekend(firm: Company) -> None:
    there = [len({shift.worker for shift in firm.shifts if shift.weekday == day}) for day in range(7)]
    assert min(there[:5]) > 90
    assert 5 <= there[5] <= there[6] <= 25
    assert sum(shift.start == 13 * 60 for shift in firm.shifts) >= 5 * 5


def test_some_are_away_now_some_later_and_nobody_twice_on_one_day(firm: Company) -> None:
    away = {one.worker for one in firm.leave if one.first <= firm.today <= one.last}
    assert 8 <= len(away) <= 30
    assert {one.reason for one in firm.leave if one.worker in away} >= {"holiday", "sick"}
    assert any(one.first > firm.today + timedelta(days=14) for one in firm.leave)
    assert any(one.cancelled for one in firm.leave)
    by_worker = defaultdict(list)
    for one in sorted(firm.leave, key=lambda one: one.first):
        by_worker[one.worker].append(one)
    for own in by_worker.values():
        assert all(before.last < after.first for before, after in pairwise(own))


def test_appointments_are_on_the_coming_working_days_and_agree_with_the_day_due(firm: Company) -> None:
    dated = [job for job in open_jobs(firm) if job.earliest and job.latest]
    assert len(dated) >= 6
    for job in dated:
        assert job.earliest is not None
        assert job.latest is not None
        assert job.due == job.earliest.date() == job.latest.date()
        assert is_working(job.due)
        assert firm.today < job.due <= firm.today + timedelta(days=10)
        assert 8 <= job.earliest.hour < job.latest.hour <= 16
    for job in open_jobs(firm):
        assert job.due is not None
        assert job.priority == 1 or job.due < firm.today or is_working(job.due)


def test_who_is_booked_can_go_then(firm: Company) -> None:
    jobs, types = {job.id: job for job in open_jobs(firm)}, {type.id: type for type in firm.job_types}
    held: dict[tuple[str, str], list[Certification]] = defaultdict(list)
    for fact in facts(firm, CertificationGranted):
        held[fact.worker, fact.type].append(fact.certification())
    revoked = {(fact.worker, fact.type) for fact in facts(firm, CertificationRevoked)}
    busy = defaultdict(list)
    assert len(firm.bookings) >= 3
    for booking in firm.bookings:
        job, day, worker = jobs[booking.job], booking.start.date(), booking.worker
        assert job.earliest is not None
        assert job.latest is not None
        assert job.earliest <= booking.start <= job.latest
        minute = booking.start.hour * 60 + booking.start.minute
        assert any(s.start <= minute and minute + booking.minutes <= s.end for s in hours(firm, worker, day))
        assert not any(
            one.worker == worker and one.first <= day <= one.last and not one.cancelled for one in firm.leave
        )
        assert worker not in job.excluded
        for need in types[job.type or ""].requirements:
            if isinstance(need, CertificationRequirement):
                assert any(one.valid_on(day) for one in held[worker, need.type])
                assert (worker, need.type) not in revoked
        if not booking.cancelled:
            busy[worker].append((booking.start, booking.start + timedelta(minutes=booking.minutes)))
    for spans in busy.values():
        spans.sort()
        assert all(end < start for (_, end), (start, _) in pairwise(spans))
    for id, size in Counter(booking.job for booking in firm.bookings).items():
        assert size == crew_of(firm, jobs[id])
        assert len({booking.start for booking in firm.bookings if booking.job == id}) == 1


def test_nobody_is_booked_twice_at_one_time_however_many_ask_for_the_same_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appointments, "SLOTS", ((8, 9),))
    monkeypatch.setattr(appointments, "HORIZON", 1)
    for setting in ("PROMISED", "AGREED"):
        monkeypatch.setattr(appointments, setting, 1.0)
    monkeypatch.setattr(bookings, "BOOKED", 1.0)
    for seed in range(4):
        firm = generate(seed=seed, workers=12, days=180, today=SUNDAY)
        held = [booking for booking in firm.bookings if not booking.cancelled]
        # All of these begin within one hour of one day, and none lasts less.
        assert len({booking.worker for booking in held}) == len(held) > 1


def test_who_goes_together_begins_together_and_one_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appointments, "TOGETHER", 100)
    monkeypatch.setattr(appointments, "AGREED", 1.0)
    monkeypatch.setattr(bookings, "BOOKED", 1.0)
    firm = generate(seed=1, workers=60, days=180, today=SUNDAY)
    crews = defaultdict(list)
    for booking in firm.bookings:
        crews[booking.job].append(booking)
    together = [crew for crew in crews.values() if len(crew) > 1]
    assert together
    for crew in together:
        assert len({booking.worker for booking in crew}) == 2
        assert len({booking.start for booking in crew}) == 1
        assert sum(booking.lead for booking in crew) == 1


def test_some_jobs_name_workers_ask_for_a_language_or_send_two(firm: Company) -> None:
    jobs, ids = open_jobs(firm), {worker.id for worker in firm.workers}
    named = [worker for job in jobs for worker in (*job.preferred, *job.excluded)]
    assert any(job.preferred for job in jobs)
    assert named
    assert set(named) <= ids
    assert any(crew_of(firm, job) == 2 for job in jobs)
    spoken = {language for worker in firm.workers for language in worker.languages}
    asked = {
        need.language for job in jobs for need in plain_needs(job.requirements) if isinstance(need, LanguageRequirement)
    }
    assert asked
    assert asked <= spoken - {"en"}
    assert all(job.crew is None and not job.preferred for job in firm.jobs if job.status is JobStatus.DONE)


def test_some_of_what_the_office_would_like_to_know_is_unknown(firm: Company) -> None:
    for unknown in ("home", "cost_per_hour"):
        missing = sum(getattr(worker, unknown) is None for worker in firm.workers)
        assert 1 <= missing <= 15
    assert 10 <= sum(worker.max_travel is not None for worker in firm.workers) <= 40


def test_some_wishes_of_customers_end_and_some_have_ended(firm: Company) -> None:
    ends = [day for customer in firm.customers for _, day in customer.until]
    assert any(day > firm.today for day in ends)


def test_papers_are_of_before_today_and_bite(firm: Company) -> None:
    midnight = datetime(firm.today.year, firm.today.month, firm.today.day, tzinfo=UTC)
    counts = Counter(type(fact) for fact in firm.evidence if isinstance(fact, NEW))
    assert counts[CertificationRevoked] in (1, 2)
    assert counts[ExemptionGranted] == 1
    assert 1 <= counts[JobDeclined] <= 3
    assert all(fact.time < midnight for fact in firm.evidence)
    held = {
        (fact.worker, fact.type)
        for fact in facts(firm, CertificationGranted)
        if fact.certification().valid_on(firm.today)
    }
    assert {(fact.worker, fact.type) for fact in facts(firm, CertificationRevoked)} <= held
    assert held.isdisjoint((fact.worker, fact.type) for fact in facts(firm, ExemptionGranted))
    jobs = {job.id: job for job in open_jobs(firm)}
    for fact in facts(firm, JobDeclined):
        created = jobs[fact.job].created
        assert created is not None
        assert created < fact.time


def test_about_one_in_three_wishes_to_learn_something_near_her_trade(firm: Company) -> None:
    catalogue, teams = read_catalogue(), {worker.id: worker.team for worker in firm.workers}
    wishing = facts(firm, LearningWish)
    present = sum(worker.active_on(firm.today) for worker in firm.workers)
    assert 0.25 <= len({wish.worker for wish in wishing}) / present <= 0.45
    for wish in wishing:
        trade = next(trade for trade in catalogue.trades if teams[wish.worker].endswith(f" {trade.name}"))
        assert catalogue.family[wish.skill] in {trade.family, *trade.near}


def test_job_types_say_how_risky_how_many_and_what_is_preferred_or_accepted_instead() -> None:
    types = {nature.id: job_type(nature) for nature in read_catalogue().natures}
    assert types["substation-trip"].risk is types["smell-of-gas"].risk is types["lift-dead"].risk is Risk.HIGH
    assert types["filter-round"].risk is types["fixed-wire-test"].risk is Risk.LOW
    assert types["rope-check"].crew == 2
    assert CertificationRequirement("LIFT", 2) in types["rope-check"].requirements
    assert Requirement("gas-boilers", 2.5, 2.0, preferred_level=3.5) in types["no-heating"].requirements
    choice = AnyOf((CertificationRequirement("LOTO"), CertificationRequirement("18TH-EDITION")))
    assert choice in types["generator-service"].requirements


def test_what_is_said_of_needs_names_needs_of_the_same_nature() -> None:
    for nature in read_catalogue().natures:
        skills = {need.skill for need in nature.needs if isinstance(need, Requirement)}
        assert {*nature.preferred, *nature.either} <= skills
        assert {*nature.accepts, *nature.both} <= set(nature.certifications)
        assert not nature.both or nature.crew > 1


def test_the_next_working_day_skips_weekends_and_holidays() -> None:
    assert working_day(SUNDAY) == date(2026, 11, 23)
    assert working_day(TUESDAY) == TUESDAY
    assert working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert working_day(date(2026, 12, 31), 1) == date(2027, 1, 4)
