"""The whole day: a plan changes nothing until it is applied, and then all of it or what is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Booking, CertificationRequirement, JobStatus, JobType, Leave, Requirement, Shift, Worker
from skillmatch.workspace.planning import PlanPreview
from tests.workspace.firm import ANNA, BEN, CHEN, NOW, TODAY, Firm, firm, job

TOMORROW = TODAY + timedelta(days=1)
NINE = NOW + timedelta(hours=2)


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    return firm(tmp_path, [job(status=JobStatus.DONE, id="old"), job("j1"), job("j2"), job("j3", priority=1)])


def planned(office: Firm, **asked: object) -> PlanPreview:
    return office.plan(**{"seconds": 0.3, **asked})  # type: ignore[arg-type]


def whole(office: Firm) -> list[Booking]:
    with office._store.read() as transaction:
        return transaction.nouns(Booking)


def visits(preview: PlanPreview) -> dict[str, tuple[str, ...]]:
    return {visit.job: visit.workers for visit in preview.visits}


def changes(preview: PlanPreview) -> dict[str, str]:
    return {visit.job: visit.change for visit in preview.visits}


def test_a_preview_changes_nothing(office: Firm):
    with office._store.read() as transaction:
        before = transaction.revision()
    preview = planned(office)
    assert set(visits(preview)) == {"j1", "j2", "j3"}
    assert preview.counts() == {"new": 3, "kept": 0, "moved": 0, "handed over": 0}
    assert whole(office) == []
    with office._store.read() as transaction:
        assert transaction.revision() == before


def test_nobody_is_in_two_places_and_everybody_within_her_shift(office: Firm):
    office.save(*(job(f"k{n}") for n in range(15)))
    preview = planned(office)
    spans: dict[str, list[tuple[datetime, datetime]]] = {}
    for visit in preview.visits:
        end = visit.start + timedelta(minutes=visit.minutes)
        for worker in visit.workers:
            spans.setdefault(worker, []).append((visit.start, end))
    for own in spans.values():
        own.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(own))
        assert own[0][0] >= NOW + timedelta(hours=1)
        assert own[-1][1] <= NOW + timedelta(hours=10)


def test_applying_books_what_was_shown(office: Firm):
    preview = planned(office)
    applied = office.apply_plan(preview)
    assert (applied.booked, applied.unchanged, applied.skipped) == (3, 0, ())
    assert office.bookings() == visits(preview)
    for visit in preview.visits:
        assert [one.start for one in office.booked(visit.job)] == [visit.start]


def test_a_plan_after_it_was_applied_keeps_everything(office: Firm):
    office.apply_plan(planned(office))
    before = whole(office)
    again = planned(office)
    assert set(changes(again).values()) == {"kept"}
    applied = office.apply_plan(again)
    assert (applied.booked, applied.unchanged) == (0, 3)
    assert whole(office) == before


@pytest.mark.parametrize("what", ["done", "promised", "busy", "leave", "blocked"])
def test_applying_after_a_change_is_a_conflict_and_nothing_is_booked(office: Firm, what: str):
    preview = planned(office)
    first = preview.visits[0]
    if what == "done":
        office.save(job(first.job, status=JobStatus.DONE))
    elif what == "promised":
        office.save(Booking(first.job, "chen", NINE, 60.0))
    elif what == "busy":
        office.save(job("k1", due=None), Booking("k1", first.workers[0], first.start, 60.0))
    elif what == "leave":
        office.save(Leave(first.workers[0], TODAY, TODAY))
    else:
        office.save(job(first.job, excluded=first.workers))
    before = whole(office)
    told = {
        "done": "the job is no longer open",
        "promised": "it was promised otherwise meanwhile",
        "busy": "is booked for k1 at that time now",
        "leave": "is on leave on 2026-06-01",
        "blocked": "this job is not for this worker",
    }
    with pytest.raises(Conflict, match=f"nothing was applied: .*{told[what]}.*or apply the rest with --rest"):
        office.apply_plan(preview)
    assert whole(office) == before
    applied = office.apply_plan(preview, rest=True)
    assert first.job in [skipped for skipped, _reason in applied.skipped]
    assert applied.booked == 3 - len(applied.skipped)
    kept = [visit.job for visit in preview.visits if visit.job not in dict(applied.skipped)]
    assert {one: office.bookings()[one] for one in kept} == {one: visits(preview)[one] for one in kept}


def test_a_plan_whose_time_has_passed_is_not_applied(office: Firm):
    preview = planned(office)
    office.forward(hours=14)
    with pytest.raises(Conflict, match="its time has passed"):
        office.apply_plan(preview)
    assert whole(office) == []


def test_locked_bookings_stay_also_where_others_would_be_better(office: Firm):
    office.save(Booking("j1", "chen", NINE, 60.0, locked=True))
    preview = planned(office, keep=False)
    (visit,) = [one for one in preview.visits if one.job == "j1"]
    assert (visit.workers, visit.start, visit.change) == (("chen",), NINE, "kept")
    office.apply_plan(preview)
    assert office.booked("j1") == [Booking("j1", "chen", NINE, 60.0, locked=True)]


def test_what_was_promised_stays_unless_it_may_move(office: Firm):
    promised = Booking("j1", "chen", NINE, 60.0)
    office.save(promised)
    kept = planned(office)
    assert changes(kept)["j1"] == "kept"
    assert visits(kept)["j1"] == ("chen",)


def test_a_lock_on_somebody_who_may_not_go_stays_and_is_told(office: Firm):
    """The decider had the last word; a plan says so and does not undo it, nor anything else of it."""
    office.save(job("j1", excluded=("chen",)), Booking("j1", "chen", NINE, 60.0, locked=True))
    before = office.booked("j1")
    preview = planned(office)
    assert changes(preview)["j1"] == "kept"
    assert preview.notes == ("j1: locked for chen although a hard rule stands against it; left as it is",)
    office.apply_plan(preview)
    assert office.booked("j1") == before
    assert set(office.bookings()) == {"j1", "j2", "j3"}


def test_a_lock_on_somebody_who_may_not_go_is_an_error_where_nothing_is_kept(office: Firm):
    office.save(job("j1", excluded=("chen",)), Booking("j1", "chen", NINE, 60.0, locked=True))
    before = whole(office)
    with pytest.raises(Invalid, match=r"the lock on job 'j1' with chen.*may not do it; remove the lock"):
        planned(office, keep=False)
    assert whole(office) == before


def test_a_horizon_in_the_past_or_too_long_is_an_error(office: Firm):
    with pytest.raises(Invalid, match="a plan from 2026-05-31 on was asked for, which has passed: expected 2026-06-01"):
        planned(office, first=TODAY - timedelta(days=1))
    for days in (0, -1, 15):
        with pytest.raises(Invalid, match=f"a plan for {days} days was asked for: expected 1 to 14"):
            planned(office, days=days)


def test_an_unknown_policy_or_job_is_an_error(office: Firm):
    with pytest.raises(NotFound, match="did you mean 'balanced'"):
        planned(office, policy="balance")
    with pytest.raises(Conflict, match="job 'old' is not among the open jobs"):
        planned(office, jobs=["old"])
    with pytest.raises(Conflict, match="job 'ghost' is not among the open jobs"):
        planned(office, jobs=["ghost"])


def test_a_job_that_is_under_way_is_left_alone(office: Firm):
    office.save(Booking("j1", "anna", NOW + timedelta(hours=2), 60.0))
    office.forward(hours=2, minutes=30)
    preview = planned(office)
    assert "j1" not in visits(preview)
    anna = [visit for visit in preview.visits if visit.workers == ("anna",)]
    assert all(visit.start >= NOW + timedelta(hours=3) for visit in anna)


def test_only_the_jobs_that_are_named_are_planned(office: Firm):
    assert set(visits(planned(office, jobs=["j2", "j2"]))) == {"j2"}


def test_a_job_that_nobody_may_do_is_left_out_and_says_why(office: Firm):
    office.save(job("k1", requirements=(CertificationRequirement("F-GAS"),)))
    (left,) = planned(office).left_out
    assert (left.job, left.title, left.priority) == ("k1", "ClaimCase of k1", 3)
    assert left.reason


def test_more_jobs_than_time_leaves_the_least_urgent_out(office: Firm):
    office.save(*(Leave(one, TODAY, TODAY) for one in ("ben", "chen")), Shift("anna", 0, 480, 570))
    preview = planned(office)
    assert visits(preview) == {"j3": ("anna",)}
    assert {one.job for one in preview.left_out} == {"j1", "j2"}


def test_nobody_is_planned_on_leave_or_before_she_starts_or_after_she_left(office: Firm):
    office.save(
        Leave("anna", TODAY, TODAY),
        replace(BEN, active_to=TODAY - timedelta(days=1)),
        replace(CHEN, active_from=TOMORROW),
    )
    assert visits(planned(office)) == {}


def test_who_leaves_today_is_not_planned_for_tomorrow(office: Firm):
    office.save(
        replace(ANNA, active_to=TODAY),
        *(Leave(one, TODAY, TOMORROW) for one in ("ben", "chen")),
        job("k1", due=None, earliest=None),
        Shift("anna", 0, 480, 630),
        Shift("anna", 1, 480, 1020),
    )
    preview = planned(office, days=2)
    assert all(visit.start.date() == TODAY for visit in preview.visits)


def test_a_night_job_of_yesterday_keeps_its_worker_busy(office: Firm):
    """It began yesterday and lasts until ten, and the plan must not know only what begins today."""
    night = Booking("old", "anna", NOW - timedelta(hours=9), 12 * 60.0)
    office.save(night, *(Leave(one, TODAY, TODAY) for one in ("ben", "chen")))
    preview = planned(office)
    assert preview.visits
    assert all(visit.start >= NOW + timedelta(hours=3) for visit in preview.visits)


def test_a_crew_is_planned_together_with_somebody_who_leads(office: Firm):
    office.did("anna", times=20, days=10)
    office.did("ben", times=20, days=10)
    office.save(JobType("two", "Two go", (Requirement("refrigeration", 1.0),), 120.0, crew=2), job("k1", type="two"))
    preview = planned(office, jobs=["k1"])
    (visit,) = preview.visits
    assert len(visit.workers) == len(set(visit.workers)) == 2
    office.apply_plan(preview)
    assert office.bookings() == {"k1": visit.workers}
    assert [one.lead for one in office.booked("k1")].count(True) == 1
    assert len({one.start for one in office.booked("k1")}) == 1


def test_a_promise_that_was_dropped_is_called_off(office: Firm):
    office.save(Booking("j1", "chen", NINE, 60.0), job("j1", excluded=("anna", "ben", "chen")))
    preview = planned(office, keep=False)
    assert preview.dropped == ("j1",)
    office.apply_plan(preview)
    assert "j1" not in office.bookings()


def test_a_dropped_promise_that_was_made_anew_meanwhile_is_not_called_off(office: Firm):
    office.save(Booking("j1", "chen", NINE, 60.0), job("j1", excluded=("anna", "ben", "chen")))
    preview = planned(office, keep=False)
    office.save(Booking("j1", "ben", NINE, 60.0))
    with pytest.raises(Conflict, match="j1: it was promised otherwise meanwhile"):
        office.apply_plan(preview)
    applied = office.apply_plan(preview, rest=True)
    assert ("j1", "it was promised otherwise meanwhile") in applied.skipped
    assert set(office.bookings()["j1"]) == {"ben", "chen"}


def test_the_rest_is_not_applied_onto_what_had_to_stay(office: Firm):
    """Anna's job was to be handed to Ben to free her for another; it cannot be, so the other cannot be hers either."""
    begin = NINE
    office.save(Booking("j1", "anna", begin, 60.0))
    base = planned(office, jobs=["j1", "j2"])
    handed = replace(
        next(one for one in base.visits if one.job == "j1"), workers=("ben",), start=begin, change="handed over"
    )
    freed = replace(next(one for one in base.visits if one.job == "j2"), workers=("anna",), start=begin, change="new")
    preview = replace(base, visits=(handed, freed))
    office.save(Leave("ben", TODAY, TODAY))
    applied = office.apply_plan(preview, rest=True)
    assert {one for one, _reason in applied.skipped} == {"j1", "j2"}
    assert office.bookings() == {"j1": ("anna",)}


def test_a_price_names_the_job_that_would_miss_her(office: Firm):
    office.save(job("j3", requirements=(CertificationRequirement("F-GAS"),), priority=1))
    found = office.prices()
    assert set(found) == {"anna", "ben", "chen"}
    assert all(price.points >= 0.0 for price in found.values())


def test_a_firm_without_workers_or_jobs_has_an_empty_plan(tmp_path: Path):
    office = firm(tmp_path, [job(id="old", status=JobStatus.DONE)])
    preview = planned(office)
    assert (preview.visits, preview.left_out, preview.total) == ((), (), 0.0)
    assert office.apply_plan(preview).booked == 0
    assert office.prices() == {}


@pytest.mark.parametrize("locked", [True, False])
def test_a_promise_beyond_the_horizon_is_not_lost(office: Firm, locked: bool):
    """The job is due today and somebody promised it for Wednesday: a plan for today has nothing to say about it."""
    later = Booking("j1", "anna", NINE + timedelta(days=2), 60.0, locked=locked)
    office.save(later)
    preview = planned(office)
    assert "j1" not in {*visits(preview), *preview.dropped}
    office.apply_plan(preview)
    assert office.booked("j1") == [later]


@pytest.mark.parametrize("locked", [True, False])
def test_a_promise_that_has_passed_does_not_stop_a_plan(office: Firm, locked: bool):
    office.save(Booking("j1", "anna", NOW - timedelta(days=1), 60.0, locked=locked))
    preview = planned(office)
    assert {"j2", "j3"} <= set(visits(preview))


def test_a_worker_without_a_home_is_planned(office: Firm):
    office.save(*(Leave(one, TODAY, TODAY) for one in ("anna", "ben", "chen")), Worker("dora", "Dora"))
    assert set(visits(planned(office)).values()) == {("dora",)}


def test_a_job_without_requirements_is_planned(office: Firm):
    office.save(JobType("any", "Any", (), 30.0), job("k1", type="any"), job("k2", type=None))
    preview = planned(office, jobs=["k1", "k2"])
    assert {visit.job: visit.minutes for visit in preview.visits} == {"k1": 30.0, "k2": 60.0}


def test_what_is_due_later_is_not_planned_today(office: Firm):
    office.save(job("k1", due=date(2026, 6, 9)))
    assert "k1" not in visits(planned(office))
    assert "k1" in visits(planned(office, days=9))
