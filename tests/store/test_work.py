"""Who has worked where and how much is read as it counts now."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.model import Job
from skillmatch.store import rows
from skillmatch.store.store import Store, Visit, WorkRow
from tests.kit.build import at, outcome, self_report
from tests.store.writing import append, retract, save

JOBS = (
    Job("j1", "Repair", customer="c1", site="s1", asset="a1"),
    Job("j2", "Repair", customer="c1", site="s2"),
    Job("j3", "Repair", customer="c2", site="s1"),
)


def visits(store: Store, **asked: str) -> list[str]:
    with store.read() as transaction:
        return [visit.worker + " " + visit.job for visit in transaction.visits(**asked)]


def test_a_visit_tells_who_was_where_when_and_how_it_went(filled: Store):
    save(filled, *JOBS)
    append(filled, outcome("ben", job="j1", days=3, result=Result.REWORK))
    with filled.read() as transaction:
        assert transaction.visits(asset="a1") == [Visit("ben", "j1", "c1", "s1", "a1", at(3), "rework")]


def test_visits_come_by_customer_site_and_asset_with_the_newest_first(filled: Store):
    save(filled, *JOBS)
    append(
        filled, outcome("anna", job="j1", days=1), outcome("ben", job="j2", days=3), outcome("carla", job="j3", days=2)
    )
    append(filled, self_report("anna", id="s", days=9))
    assert visits(filled, customer="c1") == ["ben j2", "anna j1"]
    assert visits(filled, site="s1") == ["carla j3", "anna j1"]
    assert visits(filled, customer="c1", site="s1") == ["anna j1"]
    assert visits(filled, customer="c2", asset="a1") == visits(filled, customer="c3") == visits(filled, site="\0") == []
    assert visits(filled) == ["ben j2", "carla j3", "anna j1"]


def test_every_member_of_a_crew_has_been_there(filled: Store):
    save(filled, *JOBS)
    append(filled, outcome("anna", id="o1", job="j1"), outcome("ben", id="o2", job="j1"))
    assert visits(filled, customer="c1") == ["ben j1", "anna j1"]


def test_only_visits_that_count_to_jobs_that_are_there_are_told(filled: Store):
    save(filled, *JOBS)
    moved, gone = outcome("anna", id="o1", job="j1"), outcome("ben", id="o2", job="j1")
    append(filled, moved, gone, outcome("ben", id="o3", job="unknown"))
    append(filled, replace(moved, worker="carla"), retract(gone))
    assert visits(filled) == ["carla j1"]


def test_a_visit_follows_its_job_to_another_customer(filled: Store):
    save(filled, *JOBS)
    append(filled, outcome("anna", job="j1"))
    with filled.read() as transaction:
        before = transaction.revision()
    save(filled, replace(JOBS[0], customer="c2"))
    assert visits(filled, customer="c1") == []
    assert visits(filled, customer="c2") == ["anna j1"]
    with filled.read(as_of=before) as transaction:
        assert transaction.visits(customer="c2") == []
        assert [visit.customer for visit in transaction.visits(customer="c1")] == ["c1"]


def test_visits_of_long_ago_are_found_by_chunks(filled: Store, monkeypatch: pytest.MonkeyPatch):
    jobs = [Job(f"j{number}", "Repair", customer='"c%_') for number in range(9)]
    save(filled, *jobs)
    append(filled, *(outcome("anna", id=job.id, job=job.id) for job in jobs))
    with filled.read() as transaction:
        before, expected = transaction.revision(), transaction.visits(customer='"c%_')
    assert len(expected) == 9
    save(filled, *(replace(job, customer="other") for job in jobs))
    monkeypatch.setattr(rows.chunks, "__defaults__", (2,))
    with filled.read(as_of=before) as transaction:
        assert transaction.visits(customer='"c%_') == expected
        assert transaction.visits() == expected
        assert transaction.visits(customer="other") == []


def test_visits_are_found_by_indexes_on_sqlite(filled: Store):
    """With 160,000 jobs a walk through all of them would take as long as the rest of a ranking together."""
    if not filled.url.startswith("sqlite"):
        return
    asked: list[tuple[str, Any]] = []
    with filled.read() as transaction:
        connection = transaction._connection
        event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        for column in ("customer", "site", "asset"):
            transaction.visits(**{column: "x"})
            plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked[-1][0], asked[-1][1])]
            assert f"ix_job_{column}" in plan[0], plan
            assert "ix_evidence_job" in plan[1], plan


# Load


def work(store: Store, *, since: int = -1, after: float = 0.0) -> list[WorkRow]:
    with store.read() as transaction:
        return transaction.work_rows(since=since, after=at(after))


def timed(id: str = "o1", *, days: float = 1.0, worker: str = "anna", **times: float | None) -> JobOutcome:
    return replace(outcome(worker, id=id, days=days), **times)


def test_work_takes_the_minutes_it_took_or_else_those_estimated(filled: Store):
    append(filled, timed("o1", minutes=50.5, estimate=60.0), timed("o2", estimate=45.0), timed("o3"))
    append(filled, timed("o4", minutes=0.0, estimate=60.0), self_report(id="e", days=2))
    assert [(row.id, row.minutes) for row in work(filled)] == [("o1", 50.5), ("o2", 45.0), ("o3", None), ("o4", 0.0)]
    assert work(filled)[0] == WorkRow("test", "o1", "anna", at(1), 50.5, "j1", True)


def test_work_before_the_window_is_left_out(filled: Store):
    append(filled, timed("o1", days=1), timed("o2", days=2), timed("o3", days=3))
    with filled.read() as transaction:
        before = transaction.revision() - 1
    assert [row.id for row in work(filled, after=2.0)] == ["o2", "o3"]
    assert [row.id for row in work(filled, after=2.0, since=before)] == ["o2", "o3"]


def test_what_no_longer_counts_is_told_to_those_who_have_kept_it(filled: Store):
    first, second = timed("o1", minutes=50.0), timed("o2", minutes=20.0)
    append(filled, first, second)
    with filled.read() as transaction:
        before = transaction.revision()
    assert work(filled, since=before) == []
    append(filled, replace(first, worker="ben", minutes=40.0), retract(second))
    newer = [(row.id, row.worker, row.minutes, row.counts) for row in work(filled, since=before)]
    assert newer == [("o1", "anna", 50.0, False), ("o2", "anna", 20.0, False), ("o1", "ben", 40.0, True)]
    assert [row.counts for row in work(filled)] == [False, False, True]


def test_work_that_is_moved_out_of_the_window_is_told_as_gone(filled: Store):
    append(filled, timed("o1", days=5))
    with filled.read() as transaction:
        before = transaction.revision()
    append(filled, timed("o1", days=1))
    assert [(row.time, row.counts) for row in work(filled, since=before, after=3.0)] == [(at(5), False)]
