"""When somebody is free: the arrays against a plain search minute by minute, and clocks that are put forward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil, inf, isfinite
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.errors import Invalid
from skillmatch.matching.availability import Available
from skillmatch.matching.calendar import USUAL_DAY, Calendar, first_fit
from skillmatch.matching.circumstances import Circumstances
from skillmatch.matching.policy import POLICIES, Limits
from skillmatch.matching.view import View
from skillmatch.matching.whynot import why_not
from skillmatch.model import Booking, Leave, Place, Shift, Worker
from tests.kit.build import at, booking, view, week

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 4, 13)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
"""The Sundays on which clocks are put forward at two and back at three."""
POLICY = POLICIES["balanced"]


def calendar(
    *, shifts: Sequence[Shift] = (), leave: Sequence[Leave] = (), bookings: Sequence[Booking] = (), zone: tzinfo = UTC
) -> Calendar:
    """Return the calendar of Anna and of somebody with nothing on record."""
    found = Calendar({"anna": 0, "ben": 1}.get, lambda: 2, zone=zone)
    found.put_shifts(shifts)
    found.put_leave(leave)
    found.put_bookings(bookings)
    return found


def slowly(
    found: Calendar, day: date, minutes: float, *, opens: float, closes: float, rest: float, way: float
) -> float:
    """Return the first minute at which Anna can begin, tried one by one."""
    own = found.shifts.get("anna", {}).values()
    spans = [(one.start, one.end) for one in own if one.weekday == day.weekday()] if own else [USUAL_DAY]
    if any(one.first <= day <= one.last for one in found.leave.get("anna", {}).values()):
        return inf
    busy, after, before = set[int](), -inf, inf
    for one in found.bookings.get("anna", {}).values():
        local = one.start.astimezone(found.zone)
        start = (local.date() - day).days * 1440 + local.hour * 60 + local.minute
        end = start + int(one.minutes)
        busy |= set(range(start, end))
        if local.date() < day:
            after = max(after, end)
        if local.date() > day:
            before = min(before, start)
    drive = ceil(way / 5) * 5
    for minute in range(2 * 1440):
        for start, end in spans:
            need = min(minutes, end - start - drive)
            if (
                need > 0
                and opens <= minute <= closes
                and start + drive <= minute
                and minute + need <= end
                and after + rest <= minute
                and minute + need <= before - rest
                and not any(one in busy for one in range(minute, minute + int(need)))
            ):
                return minute
    return inf


spans = st.sampled_from([(0, 360), (480, 720), (480, 1020), (780, 1080), (1320, 1800), (700, 745)])
lengths = st.sampled_from([15.0, 60.0, 90.0, 400.0, 1200.0, 2000.0, 5000.0])
starts = st.integers(-9 * 96, 3 * 96).map(
    lambda n: datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) + timedelta(minutes=15 * n)
)


@given(
    shifts=st.lists(spans, max_size=3, unique_by=lambda span: span[0]),
    bookings=st.lists(st.tuples(starts, lengths), max_size=4),
    away=st.sampled_from([None, None, None, (0, 0), (-3, -1), (-1, 2), (1, 1)]),
    minutes=st.sampled_from([15.0, 60.0, 180.0, 700.0, 1440.0]),
    window=st.sampled_from([(0.0, 1440.0), (540.0, 600.0), (600.0, 600.0), (1400.0, 2000.0), (900.0, 1440.0)]),
    rest=st.sampled_from([0.0, 480.0, 660.0]),
    way=st.sampled_from([0.0, 5.0, 12.5, 45.0, 400.0]),
    zone=st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York")]),
)
def test_the_first_fit_is_the_first_minute_that_fits(shifts, bookings, away, minutes, window, rest, way, zone):
    found = calendar(
        shifts=[Shift("anna", MONDAY.weekday(), start, end) for start, end in shifts],
        bookings=[Booking(f"b{n}", "anna", start, length) for n, (start, length) in enumerate(bookings)],
        leave=[Leave("anna", MONDAY + timedelta(away[0]), MONDAY + timedelta(away[1]))] if away else [],
        zone=zone,
    )
    opens, closes = window
    asked = {"opens": opens, "closes": closes, "rest": rest}
    begin = first_fit(found.day(MONDAY), minutes, **asked, way=np.array([way, 0.0]))
    assert begin[0] == slowly(found, MONDAY, minutes, **asked, way=way)


def test_somebody_of_whom_no_shift_is_on_record_works_on_a_usual_day():
    found = calendar(shifts=week("anna", days=[0]))
    monday = first_fit(found.day(MONDAY), 60.0, opens=0.0, closes=1440.0, rest=660.0)
    tuesday = first_fit(found.day(MONDAY + timedelta(days=1)), 60.0, opens=0.0, closes=1440.0, rest=660.0)
    assert monday.tolist() == [480.0, 480.0]
    assert tuesday.tolist() == [inf, 480.0]
    assert not found.has_shifts("ben")
    assert [tuple(span) for span in found.shifts_on("ben", MONDAY)] == [USUAL_DAY]


@pytest.mark.parametrize(("way", "begin"), [(40.0, 520.0), (45.0, inf), (400.0, inf)])
def test_a_shift_that_is_over_when_she_arrives_is_no_time_to_begin(way: float, begin: float):
    plan = calendar(shifts=week("anna", 480, 525)).day(MONDAY)
    found = first_fit(plan, 60.0, opens=0.0, closes=1440.0, rest=0.0, way=np.array([way, 0.0]))
    assert found[0] == begin


def test_a_shift_holds_from_its_first_day_to_its_last():
    found = calendar(shifts=[Shift("anna", 0, 480, 960, MONDAY, MONDAY + timedelta(days=7))])
    weeks = [found.shifts_on("anna", MONDAY + timedelta(days=7 * n)) for n in (-1, 0, 1, 2)]
    assert [len(spans) for spans in weeks] == [0, 1, 1, 0]


@pytest.mark.parametrize("hour", [0, 1, 3, 8, 12, 17, 23])
@pytest.mark.parametrize("day", [MONDAY, FORWARD, BACK, date(2026, 12, 31)])
@pytest.mark.parametrize("zone", [UTC, BERLIN, ZoneInfo("Asia/Kolkata")])
def test_a_minute_of_the_day_is_the_time_on_the_wall(zone: tzinfo, day: date, hour: int):
    found = calendar(zone=zone)
    time = found.time(day, 60.0 * hour + 30.0)
    assert time.tzinfo == UTC
    assert found.local(time).replace(tzinfo=None) == datetime(day.year, day.month, day.day, hour, 30)
    assert found.minute(time, day) == 60.0 * hour + 30.0


def test_work_begins_at_eight_also_on_the_days_on_which_clocks_are_put_forward_and_back():
    found = calendar(shifts=week("anna", days=[6]), zone=BERLIN)
    hours = []
    for day in (FORWARD, BACK):
        begin = first_fit(found.day(day), 60.0, opens=0.0, closes=1440.0, rest=660.0)
        hours.append(found.time(day, float(begin[0])).hour)
    assert hours == [6, 7]


def test_a_booking_belongs_to_its_day_on_the_companys_clock():
    late = booking(start=datetime(2026, 4, 12, 22, 30, tzinfo=UTC))
    assert calendar(bookings=[late], zone=BERLIN).bookings_on("anna", MONDAY) == [late]
    assert calendar(bookings=[late]).bookings_on("anna", MONDAY) == []


def test_what_was_called_off_no_longer_counts():
    promised, away = booking(start=at(102)), Leave("anna", MONDAY, MONDAY)
    found = calendar(bookings=[promised], leave=[away])
    found.put_bookings([Booking("other", "anna", at(102), 60.0, cancelled=True)])
    found.put_leave([Leave("anna", MONDAY, MONDAY, cancelled=True)])
    assert found.bookings_on("anna", MONDAY) == []
    assert found.away_on("anna", MONDAY) is None
    assert first_fit(found.day(MONDAY), 60.0, opens=0.0, closes=1440.0, rest=0.0)[0] == 480.0


def test_a_booking_that_moves_leaves_its_old_day():
    found = calendar(bookings=[booking(start=at(102))])
    assert found.day(MONDAY).booked[0] == 60.0
    found.put_bookings([booking(start=at(103), minutes=90.0)])
    assert found.day(MONDAY).booked[0] == 0.0
    assert found.day(MONDAY).week[0] == 90.0


def test_the_job_itself_is_no_reason_to_be_busy():
    found = calendar(bookings=[booking(job="j1", start=at(102))])
    assert found.day(MONDAY, besides="j1").booked[0] == 0.0
    assert found.day(MONDAY).booked[0] == 60.0
    assert found.bookings_on("anna", MONDAY, besides="j1") == []


@given(st.permutations([15.1, 33.3, 59.9, 0.7, 61.05]))
def test_booked_minutes_are_the_same_in_whatever_order_they_are_added(minutes):
    bookings = [booking(job=f"b{n}", start=at(102), minutes=length) for n, length in enumerate(minutes)]
    usual = [booking(job=f"b{n}", start=at(102), minutes=length) for n, length in enumerate(sorted(minutes))]
    assert calendar(bookings=bookings).day(MONDAY).booked[0] == calendar(bookings=usual).day(MONDAY).booked[0]


@pytest.mark.parametrize(
    ("start", "end", "found"), [(600, 600, "10:00 to 10:00"), (600, 540, "10:00 to 09:00"), (60, 2881, "to 48:01")]
)
def test_a_shift_that_ends_before_it_begins_is_refused(start: int, end: int, found: str):
    with pytest.raises(Invalid, match=f"{found}: expected an end after the start; write one over midnight"):
        Shift("anna", 0, start, end)


# The rule.


def dated(*, minutes: float = 60.0, opens: float = 0.0, closes: float = 1440.0) -> Circumstances:
    return Circumstances("j1", minutes=minutes, dated=True, opens=opens, closes=closes, place=Place(0.0, 0.0))


def monday(circumstances: Circumstances, **more) -> View:
    people = [Worker("anna", "Anna", home=Place(0.0, 0.0))]
    return view(workers=people, day=MONDAY, circumstances=circumstances, **more)


def blocked(seen: View, limits: Limits = POLICY.limits) -> bool:
    flags = Available().blocks(seen, _with(limits))
    return flags is not None and bool(flags[0])


def _with(limits: Limits):
    return type(POLICY)("p", "P", {"success": 1.0}, limits)


def why(seen: View) -> str:
    (fault,) = Available().faults(seen, POLICY, 0)
    return fault.reason


def test_a_job_that_nobody_promised_for_a_day_blocks_nobody():
    assert not blocked(monday(Circumstances("j1"), leave=[Leave("anna", MONDAY, MONDAY)]))


@pytest.mark.parametrize(("already", "stopped"), [(540.0, False), (541.0, True)])
def test_nobody_works_more_than_the_most_hours_of_a_day(already: float, stopped: bool):
    early = booking(start=at(102) - timedelta(hours=4), minutes=already)
    seen = monday(dated(), shifts=week("anna", 0, 1440), bookings=[early])
    assert blocked(seen) == stopped
    if stopped:
        assert why(seen).startswith("booked for 9.0 hours that day and 9.0 that week, 10 and 48 with this job at most")


@pytest.mark.parametrize(("already", "stopped"), [(47 * 60.0, False), (47 * 60.0 + 1, True)])
def test_nobody_works_more_than_the_most_hours_of_a_week(already: float, stopped: bool):
    later = booking(start=at(104), minutes=already)
    assert blocked(monday(dated(), bookings=[later])) == stopped
    before = booking(start=at(99), minutes=already)
    assert not blocked(monday(dated(), bookings=[before])), "the week before is another week"


@pytest.mark.parametrize(("hour", "stopped"), [(20, False), (21, False), (22, True)])
def test_there_is_rest_between_days(hour: int, stopped: bool):
    """Work until 21:00 and eleven hours of rest: eight in the morning at the soonest."""
    evening = booking(start=datetime(2026, 4, 12, hour - 1, tzinfo=UTC))
    ready = dated(opens=480.0, closes=485.0)
    assert blocked(monday(ready, bookings=[evening], shifts=week("anna", 470, 1020))) == stopped


def test_reasons_say_what_stands_against_it():
    away = [Leave("anna", MONDAY, MONDAY + timedelta(days=2), "training")]
    assert why(monday(dated(), leave=away)) == "away until 2026-04-15 (training)"
    assert why(monday(dated(), shifts=week("anna", days=[3]))) == "does not work on Mon 2026-04-13"
    full = [booking(start=at(102), minutes=500.0)]
    assert why(monday(dated(), bookings=full)).startswith(
        "works 08:00 to 17:00, booked at 08:00 for 500 minutes (other)"
    )
    assert why(monday(dated(opens=1000.0))) == "works 08:00 to 17:00: no room for 60 minutes, begin 16:40 to 24:00"


def test_near_is_who_could_begin_a_little_later():
    soon = monday(dated(closes=480.0), shifts=week("anna", 500, 1020))
    assert blocked(soon)
    assert Available().near(soon, POLICY).tolist() == [True]
    later = monday(dated(closes=480.0), shifts=week("anna", 520, 1020))
    assert Available().near(later, POLICY).tolist() == [False]


def test_the_next_time_at_which_she_can_is_offered():
    seen = monday(
        dated(), leave=[Leave("anna", MONDAY, MONDAY + timedelta(days=1))], shifts=week("anna", days=[0, 1, 3])
    )
    told = why_not(seen, POLICY, "anna")
    assert told.smallest is not None
    assert str(told.smallest) == "begin on Thu 2026-04-16 at 08:05"


def test_who_is_away_for_long_is_offered_no_other_time():
    seen = monday(dated(), leave=[Leave("anna", MONDAY, MONDAY + timedelta(days=60))])
    assert why_not(seen, POLICY, "anna").smallest is None


def test_what_is_found_is_a_finite_minute_or_never():
    begin = first_fit(calendar().day(MONDAY), 2000.0, opens=0.0, closes=1440.0, rest=0.0)
    assert all(isfinite(minute) for minute in begin), "a job longer than a shift takes the whole of it"
