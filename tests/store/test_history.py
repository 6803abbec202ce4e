"""The database can be read as it was right after any revision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from skillmatch.beliefs.evidence import KINDS, Evidence
from skillmatch.errors import Invalid
from skillmatch.model import Booking, Customer, Job, JobStatus, Leave, Link, LinkKind, Noun, Shift, Skill, Worker
from skillmatch.store import rows
from skillmatch.store.forms import KINDS as NOUNS
from skillmatch.store.schema import noun_history
from skillmatch.store.store import Store, Transaction
from tests.kit.build import at, outcome, self_report
from tests.store.test_forms import BARE, FULL
from tests.store.writing import append, grant, retract, save

# What may be written

DAY = date(2026, 7, 1)
POOL: tuple[Noun, ...] = (
    *(Worker(id, name, active_to=end) for id in ("anna", "ben") for name in ("A", "Ä") for end in (None, DAY)),
    *(Job("j1", "J", customer=customer, status=status) for customer in ("c1", "c2", None) for status in JobStatus),
    *(Job("j2", title, customer="c1", created=at(1)) for title in ("J", '"customer":"c2"')),
    *(Skill("controls", name) for name in ("Controls", "Control")),
    *(Link("controls", "hydraulics", LinkKind.NEEDS, weight) for weight in (1.0, 1 / 3)),
    *(Shift("anna", weekday, 420, end) for weekday in (0, 1) for end in (900, 960)),
    *(Leave("ben", DAY, DAY, cancelled=cancelled) for cancelled in (False, True)),
    *(Booking("j0", worker, at(day), 60.5, locked=day > 1) for worker in ("anna", "ben") for day in (1, 2)),
)
FACTS: tuple[Evidence, ...] = (
    *(outcome(worker, id="o1", job=job, days=1) for worker in ("anna", "ben") for job in ("j0", "j1")),
    *(replace(outcome("anna", id="o2", job="j2", days=2), minutes=minutes) for minutes in (10.0, 20.0)),
    *(self_report("anna", id="s1", level=level) for level in (1.0, 2.0)),
    *(grant(worker, id="c1") for worker in ("anna", "ben")),
)
WRITES = st.sampled_from((*POOL, *FACTS, *{fact.key for fact in FACTS}))


def write(transaction: Transaction, what: Any, revision: int) -> None:
    """Save a noun, append a fact, or retract the fact with a key."""
    if isinstance(what, Evidence):
        transaction.append([what], revision=revision)
    elif isinstance(what, tuple):
        fact = transaction.find_evidence(*what)
        if fact is not None:
            transaction.append([retract(fact, id=f"{what}, {revision}", worker=fact.worker)], revision=revision)
    else:
        transaction.save_nouns(type(what), [what], revision=revision)


def everything(transaction: Transaction) -> dict[str, Any]:
    """Return the answer to every question that can be asked about the past."""
    asked: dict[str, Callable[[], Any]] = {"revision": transaction.revision}
    now = transaction.revision()
    for since in (-1, now - 3, now - 1, now):
        for cls in NOUNS:
            asked[f"{cls} {since}"] = lambda cls=cls, since=since: transaction.nouns(cls, since=since)
        asked[f"of ids {since}"] = lambda since=since: transaction.nouns(Job, ["j1", "j2", "j9", "\0"], since=since)
        asked[f"facts {since}"] = lambda since=since: transaction.facts(KINDS, since=since)
        asked[f"of ben {since}"] = lambda since=since: transaction.facts(KINDS, since=since, workers=["ben", "x"])
        asked[f"with {since}"] = lambda since=since: transaction.workers_with(["certification"], since=since)
        asked[f"certifications {since}"] = lambda since=since: transaction.certifications(since=since)
        asked[f"changed {since}"] = lambda since=since: transaction.changed_workers(since=since)
        asked[f"work {since}"] = lambda since=since: transaction.work_rows(since=since, after=at(1.5))
    for cls in (Worker, Job, Customer):
        asked[f"ids of {cls}"] = lambda cls=cls: transaction.ids(cls)
    for id in ("j0", "j1", "j2"):
        asked[f"job {id}"] = lambda id=id: transaction.noun(Job, id)
        asked[f"outcomes {id}"] = lambda id=id: transaction.job_outcomes(id)
    for id in ("c1", "c2"):
        asked[f"visits {id}"] = lambda id=id: transaction.visits(customer=id)
    for key in {fact.key for fact in FACTS}:
        asked[f"find {key}"] = lambda key=key: transaction.find_evidence(*key)
        asked[f"retracted {key}"] = lambda key=key: transaction.is_retracted(*key)
    asked["evidence"] = lambda: list(transaction.evidence())
    asked["evidence of"] = lambda: transaction.evidence_of("anna")
    asked["log"] = lambda: list(transaction.log())
    asked["count"] = transaction.count_outcomes
    asked["all visits"] = transaction.visits
    return {name: answer() for name, answer in asked.items()}


@settings(
    max_examples=10,
    deadline=None,
    phases=set(Phase) - {Phase.shrink},  # an example asks a hundred questions: to shrink one takes many minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(revisions=st.lists(st.lists(WRITES, max_size=4), min_size=1, max_size=8))
def test_what_was_there_after_a_revision_is_read_as_of_it(filled: Store, revisions: list[list[Any]]):
    save(filled, Job("j0", "J"))  # for bookings
    remembered = []
    for writes in revisions:
        with filled.write() as transaction:
            revision = transaction.next_revision()
            for what in writes:
                write(transaction, what, revision)
        with filled.read() as transaction:
            remembered.append(everything(transaction))
    for answers in remembered:
        with filled.read(as_of=answers["revision"]) as transaction:
            assert everything(transaction) == answers


def test_every_noun_is_read_as_it_was(store: Store):
    save(store, Skill("a", "A"), Skill("b", "B"))
    save(store, Worker("w", "W"))
    save(store, Job("j", "J"))
    for cls, noun in FULL.items():
        key = NOUNS[cls].key_of_noun
        if key(noun) != key(BARE[cls]):
            noun = replace(noun, **{column.name: getattr(BARE[cls], column.name) for column in NOUNS[cls].keys})
        save(store, noun)
        with store.read() as transaction:
            before, there = transaction.revision(), transaction.nouns(cls)
        assert save(store, BARE[cls]) == (0, 1, 0)
        with store.read(as_of=before) as transaction:
            assert transaction.nouns(cls) == there
            assert noun in there


def test_a_noun_that_was_not_there_yet_is_not_found(store: Store):
    save(store, Worker("anna", "Anna"))
    for name in ("Ben", "Benjamin"):  # overwritten later on, too
        save(store, Worker("ben", name))
    with store.read(as_of=1) as transaction:
        assert transaction.noun(Worker, "ben") is None
        assert transaction.nouns(Worker) == [Worker("anna", "Anna")]
        assert transaction.ids(Worker) == {"anna"}
    with store.read(as_of=0) as transaction:
        assert transaction.nouns(Worker) == []
        assert transaction.revision() == 0


def kept(store: Store) -> int:
    with store.read() as transaction:
        return int(transaction._execute(select(func.count()).select_from(noun_history)).scalar_one())


def test_only_what_is_overwritten_by_something_else_is_kept(store: Store):
    workers = [Worker(f"w{number}", "W") for number in range(5)]
    save(store, *workers)
    save(store, *workers)
    assert kept(store) == 0
    save(store, replace(workers[0], name="V"), *workers[1:])
    assert kept(store) == 1
    with store.write() as transaction:  # what the same write puts in its place again was never seen
        revision = transaction.next_revision()
        for name in "XYZ":
            transaction.save_nouns(Worker, [replace(workers[0], name=name)], revision=revision)
    assert kept(store) == 2


def test_what_one_write_overwrites_twice_is_read_as_it_was_before_it(store: Store):
    anna = Worker("anna", "Anna", team="north", active_to=DAY)
    save(store, anna, Worker("ben", "Ben"))
    with store.write() as transaction:
        revision = transaction.next_revision()
        for worker in (replace(anna, name="A"), replace(anna, team="x"), replace(anna, name="B", active_to=None)):
            transaction.save_nouns(Worker, [worker, Worker("carla", worker.name)], revision=revision)
    with store.read(as_of=1) as transaction:
        assert transaction.nouns(Worker) == [anna, Worker("ben", "Ben")]


def test_many_overwritten_nouns_are_kept_and_read_by_chunks(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rows.chunks, "__defaults__", (10,))
    jobs = [Job(f"j{number:02}", "Repair") for number in range(25)]
    save(store, *jobs)
    save(store, *(replace(job, title="Replace") for job in jobs))
    with store.read(as_of=1) as transaction:
        assert transaction.nouns(Job) == transaction.nouns(Job, [job.id for job in jobs]) == jobs


def test_ids_with_odd_signs_are_found_again(store: Store):
    ids = ['"', "\\", "ä", "🔧" * 200, "a b", "%", "_"]
    save(store, *(Worker(id, "W") for id in ids))
    save(store, *(Worker(id, "V") for id in ids))
    with store.read(as_of=1) as transaction:
        assert all(transaction.noun(Worker, id) == Worker(id, "W") for id in ids)
        assert transaction.ids(Worker) == set(ids)


def test_a_revision_that_was_not_there_yet_is_refused(store: Store):
    save(store, Worker("anna", "Anna"))
    for revision in (-1, 2, 2**70):
        with pytest.raises(Invalid, match=rf"no revision {revision} yet: expected 0 to 1"), store.read(as_of=revision):
            pass


def test_what_is_kept_for_the_newest_state_only_says_so(filled: Store):
    asked: tuple[Callable[[Transaction], object], ...] = (
        lambda transaction: transaction.state("anna"),
        lambda transaction: transaction.states(),
        lambda transaction: transaction.states(since=0),
        lambda transaction: transaction.worker_rows(),
        lambda transaction: transaction.part_rows(),
        lambda transaction: transaction.belief_rows(),
        lambda transaction: transaction.unfolded(),
        lambda transaction: transaction.find_jobs(),
        lambda transaction: transaction.params(),
        lambda transaction: transaction.params_version(),
    )
    with filled.read(as_of=1) as transaction:
        for ask in asked:
            with pytest.raises(Invalid, match="cannot be read as of revision 1, only the newest"):
                ask(transaction)


def test_what_has_a_version_of_its_own_is_the_same_as_of_any_revision(filled: Store):
    with filled.write() as transaction:
        transaction.save_policy("a", {"n": 1}, note="")
    append(filled, self_report())
    with filled.read(as_of=0) as transaction:
        assert transaction.policy_record("a") == (1, {"n": 1})
        assert transaction.decisions() == []
        assert transaction.params_of(0).version == 0


def test_what_was_written_since_comes_with_what_it_was_then(store: Store):
    for titles in ({"a": "A"}, {"a": "B", "b": "B"}, {"a": "C", "c": "C"}, {"c": "C", "b": "D"}):
        with store.write() as transaction:
            jobs = [Job(id, title) for id, title in titles.items()]
            transaction.save_nouns(Job, jobs, revision=transaction.next_revision())
    with store.read() as transaction:
        revision = transaction.revision()
        for since in range(revision - 4, revision + 1):
            with store.read(as_of=since) as then:
                was = {one.id: one for one in then.nouns(Job)}
            expected = [(one, was.get(one.id)) for one in transaction.nouns(Job, since=since)]
            assert sorted(transaction.changed_since(Job, since), key=lambda pair: pair[0].id) == expected
