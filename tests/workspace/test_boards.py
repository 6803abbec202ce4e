"""The board: the jobs that a filter asks for, in its order, with who is promised, as a loop over all jobs says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.errors import Invalid
from skillmatch.matching.roster import travel_minutes
from skillmatch.model import Booking, Customer, Job, JobStatus, JobType, Place, Site, Worker
from skillmatch.store.store import Store
from skillmatch.workspace import BoardFilter, BoardOrder, PromisedFor, Workspace

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = date(2026, 6, 1)
WORKERS = (
    Worker("anna", "Anna", "North", "1", home=Place(52.5, 13.4)),
    Worker("ben", "Ben", "South", capacity=20.0),
)
CUSTOMERS = (Customer("oak", "Oak Street Ä Home", "0"), Customer("elm", "Elm & Oak"))
SITES = (Site("s1", "oak", "Boiler room"), Site("s2", "elm", "Roof", Place(52.6, 13.4)))
TYPES = (JobType("repair", "Repair"), JobType("service", "Service"))


def jobs() -> list[Job]:
    """Return jobs that differ in everything a board asks for."""
    found = []
    for number in range(60):
        due = (None, *(TODAY + timedelta(days=days) for days in (-3, 0, 1, 4, 6, 7, 30)))[number % 8]
        hours = (None, -30, -2, 3, 9.5, 12, 34, 36, 200)[number % 9]
        latest = None if hours is None or number % 4 == 0 else NOW + timedelta(hours=hours)
        earliest = None if hours is None or number % 3 == 0 else NOW + timedelta(hours=hours - 2)
        found.append(
            Job(
                f"j{number:02}",
                f"Job {number}",
                type=("repair", "service", None, "gone")[number % 4],
                customer=("oak", "elm", None)[number % 3],
                site=("s1", "s2", None, "lost")[number % 4],
                created=None if number % 5 == 0 else NOW - timedelta(hours=number * 7 % 50),
                due=due,
                latest=latest,
                earliest=earliest,
                priority=number % 5 + 1,
                status=(JobStatus.OPEN, JobStatus.OPEN, JobStatus.OPEN, JobStatus.DONE, JobStatus.CANCELLED)[number % 5]
                if number % 2
                else JobStatus.OPEN,
            )
        )
    return found


def bookings() -> list[Booking]:
    """Return who is promised to some of them."""
    return [
        *(Booking(f"j{n:02}", "anna", NOW + timedelta(hours=n), 60.0, lead=n % 4 == 0) for n in range(0, 60, 4)),
        *(Booking(f"j{n:02}", "ben", NOW, 45.0, lead=True, cancelled=n % 2 == 0) for n in range(0, 60, 3)),
    ]


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    store = Store.open(database_url)
    nouns = (WORKERS, CUSTOMERS, SITES, TYPES, jobs(), bookings())
    with store.write() as transaction:
        revision = transaction.next_revision()
        for kind, own in zip((Worker, Customer, Site, JobType, Job, Booking), nouns, strict=True):
            transaction.save_nouns(kind, own, revision=revision)
    with Workspace(store, clock=lambda: NOW, zone=BERLIN) as opened:
        yield opened


def promised_for(job: Job) -> set[PromisedFor]:
    """Return for when a job is promised, worked out from the calendar and not from numbers of microseconds."""
    moment = job.latest or job.earliest
    if job.due is None and moment is None:
        return {PromisedFor.NONE}
    day = job.due or (moment or NOW).astimezone(BERLIN).date()
    if day < TODAY or (job.latest is not None and job.latest < NOW):
        return {PromisedFor.LATE}
    days = (day - TODAY).days
    found = {PromisedFor.WEEK} if days < 7 else set()
    return found | ({PromisedFor.TODAY} if days == 0 else {PromisedFor.TOMORROW} if days == 1 else set())


def wanted(job: Job, asked: BoardFilter) -> bool:
    teams = {
        next(worker.team for worker in WORKERS if worker.id == one.worker)
        for one in bookings()
        if one.job == job.id and not one.cancelled
    }
    names = {customer.id: f"{customer.id} {customer.name}" for customer in CUSTOMERS}
    said = f"{job.id} {job.title} {names.get(job.customer or '', '')}".casefold()
    return (
        (asked.status is None or job.status is asked.status)
        and (not asked.priorities or job.priority in asked.priorities)
        and (asked.promised is None or asked.promised in promised_for(job))
        and (not asked.type or job.type == asked.type)
        and (not asked.team or asked.team in teams)
        and (not asked.unassigned or not teams)
        and all(word in said for word in asked.search.casefold().split())
    )


FILTERS = st.builds(
    BoardFilter,
    status=st.sampled_from([None, *JobStatus]),
    search=st.sampled_from(["", "1", "Job 2"]),
    priorities=st.lists(st.integers(1, 5), max_size=2).map(tuple),
    promised=st.sampled_from([None, *PromisedFor]),
    type=st.sampled_from(["", "repair", "none"]),
    team=st.sampled_from(["", "North", "South", "East"]),
    unassigned=st.booleans(),
    order=st.sampled_from(BoardOrder),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked=FILTERS)
def test_a_filter_finds_the_jobs_that_a_loop_over_all_of_them_finds(workspace: Workspace, asked: BoardFilter):
    page = workspace.board(asked, limit=100)
    expected = {job.id for job in jobs() if wanted(job, asked)}
    assert [line.job.id for line in page.lines] == list(dict.fromkeys(line.job.id for line in page.lines))
    assert {line.job.id for line in page.lines} == expected
    assert page.total == len(expected)


def test_pages_of_a_board_add_up_to_all_of_it(workspace: Workspace):
    for order in BoardOrder:
        whole = workspace.board(BoardFilter(None, order=order), limit=100).lines
        parts = [
            line
            for offset in range(0, 60, 7)
            for line in workspace.board(BoardFilter(None, order=order), limit=7, offset=offset).lines
        ]
        assert parts == list(whole)
    assert workspace.board(BoardFilter(), offset=900).lines == ()


def test_the_most_urgent_comes_first_as_on_the_command_line(workspace: Workspace):
    board = [line.job.id for line in workspace.board(BoardFilter(), limit=100).lines]
    assert board == [job.id for job in workspace.open_jobs(limit=100).jobs]


def test_by_promised_day_a_window_stands_where_its_day_would(workspace: Workspace):
    found = [line.job for line in workspace.board(BoardFilter(order=BoardOrder.PROMISED), limit=100).lines]
    days = [job.due or (job.latest or job.earliest or NOW).astimezone(BERLIN).date() for job in found]
    dated = [day for job, day in zip(found, days, strict=True) if promised_for(job) != {PromisedFor.NONE}]
    assert dated == sorted(dated)
    assert all(promised_for(job) == {PromisedFor.NONE} for job in found[len(dated) :])


def test_the_newest_comes_first_where_that_is_asked_for(workspace: Workspace):
    found = [line.job.created for line in workspace.board(BoardFilter(order=BoardOrder.NEWEST), limit=100).lines]
    known = [time for time in found if time is not None]
    assert known == sorted(known, reverse=True)
    assert found[: len(known)] == known


def test_the_counts_are_those_of_a_loop_over_all_open_jobs(workspace: Workspace):
    counts = workspace.board(BoardFilter(search="nothing at all")).counts
    still = [job for job in jobs() if job.status is JobStatus.OPEN]
    assert counts.open == len(still)
    assert counts.late == sum(PromisedFor.LATE in promised_for(job) for job in still)
    assert counts.today == sum(PromisedFor.TODAY in promised_for(job) for job in still)
    assert counts.unassigned == sum(wanted(job, BoardFilter(unassigned=True)) for job in still)
    assert min(counts) > 0


def test_a_line_has_the_names_of_what_its_job_refers_to(workspace: Workspace):
    lines = {line.job.id: line for line in workspace.board(BoardFilter(None), limit=100).lines}
    assert {line.job for line in lines.values()} == set(jobs())
    names = {noun.id: noun.name for noun in (*CUSTOMERS, *SITES, *TYPES)}
    for line in lines.values():
        assert line.customer == names.get(line.job.customer or "", "")
        assert line.site == names.get(line.job.site or "", "")
        assert line.type == names.get(line.job.type or "", "")


def test_who_is_promised_stands_beside_the_job_the_lead_first(workspace: Workspace):
    page = workspace.board(BoardFilter(None), limit=100)
    for job in jobs():
        held = {one.worker for one in bookings() if one.job == job.id and not one.cancelled}
        found = page.promised.get(job.id, ())
        assert {one.worker for one in found} == held
        assert [one.lead for one in found] == sorted((one.lead for one in found), reverse=True)
        assert all((one.name, one.team) == (one.worker.title(), one.team) for one in found)


@pytest.mark.parametrize(
    ("asked", "customers"),
    [("oak", {"oak"}), ("OAK", {"oak", "elm"}), ("ä home", {"oak"}), ("elm &", {"elm"}), ("%", set()), ("x", set())],
)
def test_a_customer_is_meant_by_id_or_by_words_of_the_name(workspace: Workspace, asked: str, customers: set[str]):
    found = {line.job.customer for line in workspace.board(BoardFilter(customer=asked), limit=100).lines}
    assert found == customers
    assert {one.id for one in workspace.customers_called(asked)} == customers


@pytest.mark.parametrize(("asked", "sites"), [("s1", {"s1"}), ("ROOM", {"s1"}), ("o", {"s1", "s2"}), ("_", set())])
def test_a_place_is_meant_by_id_or_by_words_of_the_name(workspace: Workspace, asked: str, sites: set[str]):
    assert {line.job.site for line in workspace.board(BoardFilter(site=asked), limit=100).lines} == sites


def test_who_sees_some_jobs_counts_and_finds_only_these(workspace: Workspace):
    page = workspace.board(BoardFilter(None), among={"j00", "j01"})
    assert {line.job.id for line in page.lines} == {"j00", "j01"}
    assert (page.total, page.counts.open) == (2, 2)
    assert workspace.board(BoardFilter(), among=()).counts == (0, 0, 0, 0)


@pytest.mark.parametrize("field", ["search", "customer", "site", "team", "type"])
def test_an_overlong_text_is_refused(workspace: Workspace, field: str):
    with pytest.raises(Invalid, match="501 characters"):
        workspace.board(BoardFilter(**{field: "x" * 501}))


def test_what_a_job_would_be_for_a_worker_is_her_way_and_what_she_has_to_do(workspace: Workspace):
    found = workspace.around("j01", ["anna", "ben", "ghost"])
    assert set(found) == {"anna", "ben"}
    home = WORKERS[0].home
    assert home
    way = travel_minutes(home, Place(52.6, 13.4))
    assert found["anna"].minutes == way
    assert found["anna"].kilometres == pytest.approx(0.1 * 111.195 * 1.3, rel=1e-3)  # a tenth of a degree, by roads
    assert (found["ben"].minutes, found["ben"].kilometres) == (None, None)
    assert found["ben"].capacity == 20.0
    own = [one for one in bookings() if one.worker == "anna" and not one.cancelled and one.job != "j01"]
    day = workspace.views("j01")[0].day
    today = [one for one in own if one.start.astimezone(BERLIN).date() == day]
    assert found["anna"].day_hours == pytest.approx(len(today))
