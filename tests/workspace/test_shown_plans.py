"""What is shown of a kept plan: lines with all that is booked, figures counted another way, who changed what since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.accounts import Role
from skillmatch.errors import Conflict, NotFound
from skillmatch.matching.roster import travel_minutes
from skillmatch.model import Booking, Leave, Place, Shift, Worker
from tests.workspace.firm import ANNA, BEN, CHEN, NOW, TODAY, Firm, firm, job

MARKET = Place(52.51, 13.41)


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    return firm(tmp_path, [job("j1"), job("j2"), job("j3", latest=NOW + timedelta(hours=2), due=None)])


def shown(office: Firm, **asked: object):
    return office.shown_plan(office.keep_plan(office.plan(seconds=0.2, **asked)))  # type: ignore[arg-type]


def way(worker: Worker) -> float:
    assert worker.home
    return ceil(travel_minutes(worker.home, MARKET) / 5.0) * 5.0


def test_figures_before_are_what_the_bookings_come_to(office: Firm):
    office.save(
        Booking("j1", CHEN.id, NOW + timedelta(hours=2), 60.0),
        Booking("j2", CHEN.id, NOW + timedelta(days=1, hours=2), 60.0),
        Booking("j3", BEN.id, NOW + timedelta(hours=4), 60.0),
    )
    was = shown(office, days=2).was
    assert (was.done, was.on_time, was.not_done) == (3, 1, 0)  # j2 comes a day late, j3 two hours
    assert was.travel == 2 * way(CHEN) + way(BEN)


def test_a_break_is_no_work_and_the_way_after_it_begins_at_home(office: Firm):
    halves = [Shift(CHEN.id, TODAY.weekday(), 480, 720), Shift(CHEN.id, TODAY.weekday(), 750, 1020)]
    office.save(
        *halves, *(Booking(one, CHEN.id, NOW + timedelta(hours=hour), 60.0) for one, hour in (("j1", 3), ("j2", 7)))
    )
    found = shown(office)
    line = next(line for line in found.lines if line.worker.id == CHEN.id)
    assert [tuple(span) for span in line.shifts] == [(480, 720), (750, 1020)]
    assert found.was.travel == 2 * way(CHEN)


def test_a_line_has_leave_and_what_is_booked_besides_the_plan(office: Firm):
    office.save(
        Leave(BEN.id, TODAY, TODAY, "holiday"),
        job("later", due=TODAY + timedelta(days=9)),
        Booking("later", ANNA.id, NOW + timedelta(hours=6), 60.0),
        job("under way"),
        Booking("under way", CHEN.id, NOW - timedelta(minutes=10), 60.0),
    )
    found = shown(office)
    by_worker = {line.worker.id: line for line in found.lines}
    ben = by_worker[BEN.id].leave
    assert ben is not None
    assert by_worker[BEN.id].stops == ()
    (other,) = [stop for stop in by_worker[CHEN.id].stops if stop.change == "other"]
    assert (other.title, other.start, other.end, other.promised) == ("ClaimCase of under way", 410.0, 470.0, True)
    assert "under way" not in {one.job for one in found.differences}


def test_each_job_of_a_plan_is_one_difference_with_from_and_to(office: Firm):
    office.save(Booking("j1", CHEN.id, NOW + timedelta(hours=5), 60.0))
    found = shown(office)
    assert sorted(one.job for one in found.differences) == ["j1", "j2", "j3"]
    kept = next(one for one in found.differences if one.job == "j1")
    assert (kept.change, [one.worker for one in kept.before]) == ("kept", [CHEN.id])
    assert all(one.before == () for one in found.differences if one.change == "new")


def test_who_changed_a_job_since_is_told(office: Firm):
    mo = office.accounts.add("mo", name="Mo", role=Role.SCHEDULER)
    id = office.keep_plan(office.plan(seconds=0.2))
    assert office.shown_plan(id).changed == ()
    office.forward(minutes=1)
    other = office.keep_plan(office.plan(seconds=0.2))
    office.apply_kept_plan(other, by=mo)
    assert {(one.job, one.by) for one in office.shown_plan(id).changed} == {
        (name, mo.signature) for name in ("j1", "j2", "j3")
    }
    assert office.shown_plan(other).changed == ()
    office.undo_plan(other, by=mo)
    assert office.shown_plan(id).changed == ()
    with pytest.raises(NotFound, match="make a new one"):
        office.shown_plan("none")


def test_a_lock_stops_only_a_plan_that_would_move_it(office: Firm):
    office.save(Booking("j1", CHEN.id, NOW + timedelta(hours=5), 60.0))
    id = office.keep_plan(office.plan(seconds=0.2))
    preview = office.kept_plan(id).preview
    moving = replace(
        preview,
        visits=tuple(
            replace(one, start=one.start + timedelta(hours=1), change="moved") if one.job == "j1" else one
            for one in preview.visits
        ),
    )
    other = office.keep_plan(moving)
    office.lock_job("j1")
    assert [one.reason for one in office.shown_plan(other).changed] == ["it was locked meanwhile"]
    with pytest.raises(Conflict, match="it was locked meanwhile"):
        office.apply_kept_plan(other)
    assert office.shown_plan(id).changed == ()
    office.apply_kept_plan(id)
    assert [one.locked for one in office.booked("j1")] == [True]


@given(hours=st.lists(st.integers(2, 8), min_size=2, max_size=2, unique=True), who=st.sampled_from([ANNA, BEN, CHEN]))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_when_all_is_locked_before_and_after_are_the_same(tmp_path: Path, hours: list[int], who: Worker):
    office = firm(tmp_path, [job("j1"), job("j2")])
    for number, hour in enumerate(hours, 1):
        office.save(Booking(f"j{number}", who.id, NOW + timedelta(hours=hour), 45.0, locked=True))
    found = shown(office, keep=False)
    assert (found.was.done, found.was.on_time, found.was.travel) == (2, 2, found.will.travel)
    assert found.was.points == pytest.approx(found.will.points)
