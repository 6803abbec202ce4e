"""Nouns are kept by natural key, and read back whole, in part, or only what is newer."""

from dataclasses import replace
from datetime import date

import pytest

from skillmatch.errors import Invalid, NotFound
from skillmatch.model import (
    Booking,
    Cause,
    Correction,
    Customer,
    Job,
    JobStatus,
    Leave,
    Link,
    LinkKind,
    Merge,
    Shift,
    Skill,
    Worker,
)
from skillmatch.store import rows
from skillmatch.store.store import Store
from tests.kit.build import at
from tests.store.test_forms import BARE, FULL
from tests.store.writing import save

WITHOUT_ID = (Link, Shift, Leave, Booking, Cause, Correction, Merge)
ODD_IDS = ["Z", "a", "ä", "B b", "_", "%", "'", "🔧", "z"]


def test_every_noun_comes_back_as_it_was_saved(store: Store):
    save(store, Skill("a", "A"), Skill("b", "B"))
    for noun in (*BARE.values(), *FULL.values()):
        cls = type(noun)
        save(store, noun)
        with store.read() as transaction:
            assert noun in transaction.recorded(cls)
            assert cls in WITHOUT_ID or transaction.recorded(cls, [noun.id]) == [noun]


def test_saving_again_changes_nothing(store: Store):
    jobs = [Job(f"j{i}", "Repair") for i in range(3)]
    assert save(store, *jobs) == (3, 0, 0)
    assert save(store, *jobs) == (0, 0, 3)


def test_saving_tells_what_was_added_changed_and_unchanged(store: Store):
    save(store, Job("j1", "Repair"), Job("j2", "Repair"))
    changes = save(store, Job("j1", "Repair"), Job("j2", "Replace"), Job("j3", "Repair"))
    assert changes == (1, 1, 1)
    with store.read() as transaction:
        assert transaction.nouns(Job) == [Job("j1", "Repair"), Job("j2", "Replace"), Job("j3", "Repair")]


def test_a_whole_number_is_the_same_as_a_float(store: Store):
    save(store, Worker("w", "W", capacity=40.0))
    assert save(store, Worker("w", "W", capacity=40)) == (0, 0, 1)


def test_the_last_one_counts_where_a_key_comes_twice(store: Store):
    assert save(store, Job("j1", "Repair"), Job("j1", "Replace"), Job("j1", "Replace")) == (1, 1, 1)
    with store.read() as transaction:
        assert transaction.noun(Job, "j1") == Job("j1", "Replace")


def test_many_nouns_go_in_by_chunks(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rows.chunks, "__defaults__", (10,))
    jobs = [Job(f"j{i:02}", "Repair") for i in range(25)]
    assert save(store, *jobs, *jobs[:3]) == (25, 0, 3)
    with store.read() as transaction:
        assert transaction.nouns(Job) == jobs
        assert transaction.nouns(Job, [job.id for job in jobs]) == jobs


def test_one_noun_is_found_by_id(store: Store):
    save(store, *(Worker(id, id) for id in ODD_IDS))
    with store.read() as transaction:
        assert all(transaction.noun(Worker, id) == Worker(id, id) for id in ODD_IDS)
        assert transaction.ids(Worker) == set(ODD_IDS)


def test_an_unknown_id_finds_nothing(store: Store):
    save(store, *(Worker(id, id) for id in ODD_IDS))
    with store.read() as transaction:
        for id in ("nobody", "", "a\0b", "\ud800", "A"):
            assert transaction.noun(Worker, id) is None
            assert transaction.nouns(Worker, [id, "a"]) == [Worker("a", "a")]


def test_nouns_come_by_id_as_python_sorts(store: Store):
    save(store, *(Worker(id, id) for id in ODD_IDS))
    with store.read() as transaction:
        assert [worker.id for worker in transaction.nouns(Worker)] == sorted(ODD_IDS)


def test_only_newer_rows_come_with_since(store: Store):
    save(store, Worker("anna", "Anna"), Worker("ben", "Ben"))
    with store.read() as transaction:
        before = transaction.revision()
    save(store, Worker("anna", "Anna"), Worker("ben", "Benjamin"), Worker("carla", "Carla"))
    with store.read() as transaction:
        newer = transaction.nouns(Worker, since=before)
        assert newer == [Worker("ben", "Benjamin"), Worker("carla", "Carla")]
        assert transaction.nouns(Worker, ["anna", "ben"], since=before) == [Worker("ben", "Benjamin")]
        assert transaction.nouns(Worker, since=transaction.revision()) == []


def test_links_come_by_their_ends_and_kind(store: Store):
    save(store, Skill("a", "A"), Skill("b", "B"), Skill("c", "C"))
    links = [Link("a", "b", LinkKind.BROADER), Link("a", "b", LinkKind.RELATED, 0.5), Link("b", "c", LinkKind.NEEDS)]
    assert save(store, *reversed(links)) == (3, 0, 0)
    assert save(store, replace(links[1], weight=0.25), links[0]) == (0, 1, 1)
    with store.read() as transaction:
        assert transaction.nouns(Link) == [links[0], replace(links[1], weight=0.25), links[2]]


def test_links_have_no_ids(store: Store):
    with store.read() as transaction, pytest.raises(TypeError, match="a Link has no id"):
        transaction.ids(Link)


def test_a_link_to_an_unknown_skill_is_refused(store: Store):
    save(store, Skill("a", "A"))
    with pytest.raises(NotFound, match="save workers and skills first"):
        save(store, Link("a", "b", LinkKind.NEEDS))


def test_shifts_leave_and_bookings_come_by_their_keys(store: Store):
    save(store, Worker("anna", "Anna"), Worker("ben", "Ben"))
    save(store, Job("j1", "J"), Job("j2", "J"))
    shifts = [Shift("anna", 0, 420, 900), Shift("anna", 0, 960, 1200), Shift("anna", 1, 420, 900)]
    first, second = date(2026, 7, 1), date(2026, 8, 1)
    leave = [Leave("anna", first, second), Leave("anna", second, second), Leave("ben", first, first)]
    bookings = [
        Booking("j1", "anna", at(1), 60.0),
        Booking("j1", "ben", at(1), 60.0),
        Booking("j2", "anna", at(2), 9.5),
    ]
    for nouns in (shifts, leave, bookings):
        assert save(store, *reversed(nouns)) == (3, 0, 0)
        assert save(store, *nouns) == (0, 0, 3)
        with store.read() as transaction:
            assert transaction.nouns(type(nouns[0])) == nouns
    moved = [replace(shifts[1], end=1260), replace(leave[2], cancelled=True), replace(bookings[0], minutes=61.0)]
    for noun in moved:
        with store.read() as transaction:
            before = transaction.revision()
        assert save(store, noun) == (0, 1, 0)
        with store.read() as transaction:
            assert transaction.nouns(type(noun), since=before) == [noun]


def test_nobody_unknown_is_sent_or_away(store: Store):
    save(store, Worker("anna", "Anna"))
    for noun in (
        Shift("ben", 0, 0, 60),
        Leave("ben", date(2026, 7, 1), date(2026, 7, 1)),
        Booking("j", "anna", at(1), 1),
    ):
        with pytest.raises(NotFound, match="save workers and skills first, then jobs"):
            save(store, noun)


def test_a_text_no_database_can_keep_names_its_noun(store: Store):
    with pytest.raises(Invalid, match="text of job 'j1' contains the character NUL"):
        save(store, Job("j1", "Repair", text="a\0b"))


# Finding jobs


def found(store: Store, **asked: object) -> list[str]:
    with store.read() as transaction:
        jobs, total = transaction.find_jobs(**asked)
        assert total >= len(jobs)
        return [job.id for job in jobs]


def test_open_jobs_come_by_priority_due_day_creation_and_id(store: Store):
    early, late = date(2026, 3, 1), date(2026, 3, 2)
    expected = [
        Job("g", "J", priority=1),
        Job("f", "J", priority=2, due=early, created=at(9)),
        Job("e", "J", priority=2, due=late, created=at(1)),
        Job("d", "J", priority=2, due=late, created=at(2)),
        Job("b", "J", priority=2, due=late),
        Job("c", "J", priority=2, due=late),
        Job("a", "J", priority=2),
    ]
    save(store, *sorted(expected, key=lambda job: job.id))
    assert found(store, status=JobStatus.OPEN) == [job.id for job in expected]


def test_other_jobs_come_after_open_ones_with_the_newest_first(store: Store):
    save(
        store,
        Job("a", "J", status=JobStatus.DONE, priority=1),
        Job("b", "J", status=JobStatus.DONE, priority=5, created=at(1)),
        Job("c", "J", status=JobStatus.CANCELLED, priority=4, created=at(2)),
        Job("d", "J", priority=5),
    )
    assert found(store) == ["d", "c", "b", "a"]
    assert found(store, status=JobStatus.DONE) == ["b", "a"]


def test_pages_hold_every_job_once(store: Store):
    save(store, *(Job(f"j{i}", "J") for i in range(7)))
    with store.read() as transaction:
        pages = [transaction.find_jobs(limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [total for _, total in pages] == [7] * 4
    assert [[job.id for job in jobs] for jobs, _ in pages] == [["j0", "j1", "j2"], ["j3", "j4", "j5"], ["j6"], []]


JOBS = (
    Job("A-1", "Freezer too warm", "Compressor hums", customer="c1"),
    Job("A-2", "Straße: Lüfter", "100% humidity in room_4", customer="c2"),
    Job("A-3", "Inspection", "Nothing special\\here", customer="gone"),
)


def test_jobs_are_found_by_words_in_them_or_in_their_customer(store: Store):
    save(store, *JOBS)
    save(store, Customer("c1", "Zoë's Fish"), Customer("c2", "North Dairy"))
    expected = {
        "": ["A-1", "A-2", "A-3"],
        "a-2": ["A-2"],
        "FREEZER": ["A-1"],
        "compressor warm": ["A-1"],
        "compressor cold": [],
        "LÜFTER strasse": ["A-2"],
        "100%": ["A-2"],
        "1%y": [],
        "room_4": ["A-2"],
        "room-4": [],
        "A_1": [],
        "special\\here": ["A-3"],
        "/": [],
        "c1": ["A-1"],
        "gone": ["A-3"],
        "zoë": ["A-1"],
        "zoë FREEZER": ["A-1"],
        "'; drop table job; --": [],
    }
    assert {search: found(store, search=search) for search in expected} == expected


def test_a_renamed_customer_is_found_by_the_new_name(store: Store):
    save(store, *JOBS)
    save(store, Customer("c1", "Zoë's Fish"))
    save(store, Customer("c1", "Ocean"))
    assert found(store, search="ocean") == ["A-1"]
    assert found(store, search="fish") == []


def test_a_question_no_database_can_answer_is_refused(store: Store):
    asked: list[tuple[dict[str, object], str]] = [
        ({"search": "x" * 501}, "501 characters: expected up to 500"),
        ({"search": "a\0"}, "the search text contains the character NUL"),
        ({"search": "\ud800"}, "half a character"),
        ({"limit": -1}, "limit -1"),
        ({"offset": 10**30}, "offset 1000"),
    ]
    for question, complaint in asked:
        with pytest.raises(Invalid, match=complaint):
            found(store, **question)


def test_as_many_words_as_the_search_text_can_hold_are_searched(store: Store):
    save(store, *JOBS)
    assert found(store, search="e " * 250) == ["A-1", "A-2", "A-3"]
