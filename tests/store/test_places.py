"""What there is at sites and customers, on both databases."""

from __future__ import annotations

from dataclasses import replace

from skillmatch.beliefs.evidence import JobOutcome, Retraction
from skillmatch.beliefs.observation import Result
from skillmatch.model import (
    Asset,
    Booking,
    Customer,
    Job,
    JobStatus,
    NoteKind,
    NoteStatus,
    Site,
    SiteNote,
    Worker,
)
from skillmatch.store.store import Store
from tests.kit.build import at
from tests.store.writing import save

NAMES = ("Zum Löwen", "Bäckerei Ödön", "bakery", "100 % Eis", "A_b")


def outcome(id: str, job: str, worker: str, day: int) -> JobOutcome:
    return JobOutcome(id=id, worker=worker, time=at(day), job=job, result=Result.FAILED, source="s")


def filled(store: Store) -> None:
    save(store, *(Worker(id, id) for id in ("w1", "w2")))
    save(store, *(Customer(f"c{n}", name) for n, name in enumerate(NAMES)))
    save(store, Site("s1", "c0"), Site("s2", "c0"), Site("s3", "c1"))
    save(store, Asset("a1", "s1", "pump"), Asset("a2", "s2", "pump"))
    save(
        store,
        Job("j1", "One", customer="c0", site="s1", priority=4),
        Job("j2", "Two", customer="c0", site="s2", priority=1),
        Job("j3", "Three", customer="c1", site="s3"),
        Job("j4", "Four", customer="c0", site="s1", status=JobStatus.DONE),
    )
    with store.write() as transaction:
        facts = [outcome(f"o{n}", job, worker, n) for n, (job, worker) in enumerate(WORK)]
        transaction.append(facts, revision=transaction.next_revision())


WORK = (("j1", "w1"), ("j2", "w1"), ("j3", "w2"), ("j4", "w2"), ("j4", "w1"))


def test_places_are_found_by_whose_they_are(store: Store):
    filled(store)
    with store.read() as transaction:
        assert [site.id for site in transaction.sites_of("c0")] == ["s1", "s2"]
        assert [asset.id for asset in transaction.assets_at("s1")] == ["a1"]
        assert [job.id for job in transaction.open_jobs_at(customer="c0")] == ["j2", "j1"]
        assert [job.id for job in transaction.open_jobs_at(site="s1")] == ["j1"]
        assert transaction.jobs_done_by("w1") == {"j1", "j2", "j4"}
        for nowhere in ("", "x", "\0", "c0'--"):
            assert transaction.sites_of(nowhere) == transaction.assets_at(nowhere) == []
            assert transaction.notes_at(nowhere) == transaction.bookings_for(nowhere) == []
            assert transaction.jobs_done_by(nowhere) == set()


def test_outcomes_come_by_pages_the_newest_first_and_agree_with_the_visits(store: Store):
    filled(store)
    with store.write() as transaction:
        gone = Retraction(id="r", worker="w1", time=at(9), source="s", retracts_source="s", retracts_id="o1")
        transaction.append([gone], revision=transaction.next_revision())
    with store.read() as transaction:
        for where in ({"customer": "c0"}, {"site": "s1"}, {"customer": "c1"}, {"site": "s2"}):
            found, total = transaction.outcomes_at(**where, limit=10)
            visits = transaction.visits(**where)
            assert [(one.worker, one.job, one.time) for one in found] == [(v.worker, v.job, v.time) for v in visits]
            assert total == len(visits)
            paged = [transaction.outcomes_at(**where, limit=1, offset=n)[0] for n in range(total)]
            assert [one for page in paged for one in page] == found


def test_customers_are_found_by_any_part_of_name_or_id(store: Store):
    filled(store)
    with store.read() as transaction:
        for search, ids in (("ÖDÖN", ["c1"]), ("löw zum", ["c0"]), ("%", ["c3"]), ("_", ["c4"]), ("c2", ["c2"])):
            found, total = transaction.find_customers(search, limit=10)
            assert ([one.id for one in found], total) == (ids, len(ids)), search
        everybody, total = transaction.find_customers(limit=2, offset=2)
        assert (len(everybody), total) == (2, len(NAMES))
        assert [one.id for one in transaction.find_customers(limit=9, among={"c1", "c9"})[0]] == ["c1"]
        assert transaction.find_customers(limit=9, among=set()) == ([], 0)


def test_notes_come_open_first_then_newest_and_never_withdrawn(store: Store):
    kinds = (NoteKind.NOTE, NoteKind.SUGGESTION)
    notes = [
        SiteNote(f"n{n}", "s1", kinds[n % 2], "x", at(n), worker=f"w{n % 3}", status=status)
        for n, status in enumerate((*NoteStatus, *NoteStatus))
    ]
    save(store, *notes)
    with store.read() as transaction:
        assert [note.id for note in transaction.notes_at("s1")] == ["n4", "n0", "n6", "n5", "n2", "n1"]
        assert [note.id for note in transaction.suggestions()] == ["n5", "n1"]
        assert [note.id for note in transaction.suggestions(NoteStatus.DONE, worker="w2")] == ["n5"]
        assert transaction.suggestions(NoteStatus.OPEN) == []


def test_bookings_of_a_job_are_those_that_hold_the_lead_first(store: Store):
    filled(store)
    save(store, Booking("j1", "w1", at(1), 30.0), Booking("j1", "w2", at(2), 30.0, lead=True))
    with store.read() as transaction:
        assert [one.worker for one in transaction.bookings_for("j1")] == ["w2", "w1"]
    save(store, Booking("j1", "w2", at(2), 30.0, lead=True, cancelled=True))
    with store.read() as transaction:
        assert [one.worker for one in transaction.bookings_for("j1")] == ["w1"]


def test_the_write_that_closed_a_job_is_told_from_others(store: Store):
    filled(store)
    fact = outcome("ö / 1", "j1", "w1", 8)
    with store.write() as transaction:
        revision = transaction.next_revision()
        transaction.append([fact], revision=revision)
        transaction.save_nouns(
            Job, [replace(transaction.nouns(Job, ["j1"])[0], status=JobStatus.DONE)], revision=revision
        )
    with store.read() as transaction:
        assert transaction.closed_by(fact)
        assert not transaction.closed_by(outcome("o0", "j1", "w1", 0))
        assert not transaction.closed_by(outcome("none", "j1", "w1", 0))
