"""Plans that several people look at: applied as they were shown, once, and taken back to the booking."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Booking
from skillmatch.workspace import Workspace
from skillmatch.workspace.kept_plans import KEPT_FOR
from skillmatch.workspace.plan_text import plan_of_text, plan_to_text
from tests.workspace.firm import ANNA, BEN, CHEN, NOW, Firm, firm, job


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    found = firm(tmp_path, [job("j1"), job("j2"), job("j3", priority=1)])
    found.save(replace(ANNA, team="North"), replace(BEN, team="South"), replace(CHEN, team="South"))
    return found


def kept(office: Firm, **asked: object) -> str:
    return office.keep_plan(office.plan(seconds=0.2, **asked))  # type: ignore[arg-type]


def bookings(office: Firm) -> set[Booking]:
    with office._store.read() as transaction:
        return {one for one in transaction.recorded(Booking) if not one.cancelled}


def test_a_plan_is_found_again_as_it_was_shown(office: Firm):
    preview = office.plan(seconds=0.2)
    id = office.keep_plan(preview, teams=("South", "North"))
    found = office.kept_plan(id)
    assert found.preview == preview
    assert (found.by, found.teams, found.applied, found.holds) == ("command line", ("North", "South"), None, False)
    assert plan_of_text(plan_to_text(preview), "it") == preview


def test_what_is_applied_is_what_was_shown_and_only_once(office: Firm):
    id = kept(office)
    done = office.apply_kept_plan(id)
    assert done.booked == 3
    shown = {
        (visit.job, worker, visit.start) for visit in office.kept_plan(id).preview.visits for worker in visit.workers
    }
    assert {(one.job, one.worker, one.start) for one in bookings(office)} == shown
    with pytest.raises(Conflict, match="applied already, by command line"):
        office.apply_kept_plan(id)


def test_taking_back_restores_every_booking(office: Firm):
    office.save(
        Booking("j1", BEN.id, NOW + timedelta(hours=3), 60.0), Booking("j2", CHEN.id, NOW, 30.0, cancelled=True)
    )
    before = bookings(office)
    id = kept(office, keep=False)
    office.apply_kept_plan(id)
    office.undo_plan(id)
    assert bookings(office) == before
    assert not office.kept_plan(id).holds
    with pytest.raises(Conflict, match="nothing to take back"):
        office.undo_plan(id)
    office.apply_kept_plan(id)  # and it can be applied again
    assert office.kept_plan(id).holds


def test_what_changed_since_is_not_taken_back(office: Firm):
    id = kept(office)
    office.apply_kept_plan(id)
    moved = next(iter(sorted(bookings(office), key=lambda one: one.job)))
    office.save(replace(moved, start=moved.start + timedelta(hours=1)))
    now = bookings(office)
    with pytest.raises(Conflict, match=rf"nothing was taken back: {moved.job} changed"):
        office.undo_plan(id)
    assert bookings(office) == now


def test_a_plan_that_no_longer_fits_is_not_applied_in_part(office: Firm, tmp_path: Path):
    id = kept(office)
    other = Workspace(office._store, clock=office.now)
    visit = office.kept_plan(id).preview.visits[0]
    office.save(Booking(visit.job, CHEN.id, NOW + timedelta(hours=6), 60.0))
    before = bookings(office)
    with pytest.raises(Conflict, match="promised otherwise meanwhile"):
        other.apply_kept_plan(id)
    assert bookings(office) == before
    assert office.kept_plan(id).applied is None
    assert other.apply_kept_plan(id, rest=True).booked == 2


def test_a_locked_job_stays_in_the_next_plan(office: Firm):
    office.save(Booking("j1", CHEN.id, NOW + timedelta(hours=5), 60.0))
    assert [one.locked for one in office.lock_job("j1")] == [True]
    assert office.lock_job("j1") == office.lock_job("j1")
    visit = next(one for one in office.plan(seconds=0.2, keep=False).visits if one.job == "j1")
    assert (visit.workers, visit.start, visit.change) == ((CHEN.id,), NOW + timedelta(hours=5), "kept")
    assert [one.locked for one in office.lock_job("j1", locked=False)] == [False]
    with pytest.raises(Conflict, match="assign somebody first"):
        office.lock_job("j2")


def test_only_workers_of_the_teams_are_planned_and_others_keep_their_jobs(office: Firm):
    office.save(Booking("j2", ANNA.id, NOW + timedelta(hours=3), 60.0))
    preview = office.plan(seconds=0.2, teams=["South"], keep=False)
    assert {worker for visit in preview.visits for worker in visit.workers} <= {BEN.id, CHEN.id}
    assert {visit.job for visit in preview.visits} == {"j1", "j3"}
    assert preview.dropped == ()
    everybody = office.plan(seconds=0.2, keep=False)
    assert {visit.job for visit in everybody.visits} == {"j1", "j2", "j3"}


def test_a_plan_is_forgotten_after_a_month(office: Firm):
    id = kept(office)
    assert office.kept_plan(id)
    late = Workspace(office._store, clock=lambda: NOW + KEPT_FOR + timedelta(days=1))
    late.keep_plan(office.kept_plan(id).preview)
    for ask in (office.kept_plan, office.apply_kept_plan, office.undo_plan):
        with pytest.raises(NotFound, match="make a new one"):
            ask(id)
    with pytest.raises(NotFound):
        office.kept_plan("\0")


@given(st.text(max_size=60) | st.binary(max_size=30).map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_other_text_is_no_plan(text: str):
    with pytest.raises(Invalid, match=r"^it is|^it "):
        plan_of_text(text, "it")
