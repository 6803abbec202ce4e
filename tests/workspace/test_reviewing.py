"""Decisions by month and by decider, and whether chances came true: against the same counted by hand."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.decision import Decision, Shown
from skillmatch.workspace import decision_table
from skillmatch.workspace.reporting import Share
from tests.workspace.firm import NOW, Firm, firm, job

MAY = datetime(2026, 5, 10, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 10, 9, tzinfo=UTC)


def decided(
    company: Firm,
    name: str,
    *,
    moment: datetime,
    chosen: str = "anna",
    by: str = "Dee",
    well: bool | None = None,
    reason: str = "",
    policy: str = "balanced",
) -> None:
    """Keep a decision on a job of its own in which Anna stood first at 80 % and Ben second at 60 %."""
    company.save(job(name))
    shown = (Shown("anna", 1, 9.0, 0.8, 0.7, 0.9), Shown("ben", 2, 8.0, 0.6, 0.4, 0.8))
    with company._store.write() as transaction:
        number = transaction.save_decision(Decision(name, policy, 0, 0, 1, moment.date(), moment, 10, shown))
        if chosen:
            transaction.choose(number, [chosen], reason=reason, by=by, time=moment)
    if well is not None:
        result = Result.FIRST_TIME_FIX if well else Result.FAILED
        company.record(JobOutcome(id=name, worker=chosen, time=moment + timedelta(hours=3), job=name, result=result))


@pytest.fixture
def company(tmp_path: Path) -> Firm:
    found = firm(tmp_path)
    decided(found, "a", moment=APRIL, well=True)
    decided(found, "b", moment=MAY, well=False)
    decided(found, "c", moment=MAY, chosen="ben", reason="=knows it", well=True, by="Eve")
    decided(found, "d", moment=MAY, chosen="ben", reason="=knows it", by="")
    decided(found, "e", moment=MAY, chosen="", policy="familiar")
    return found


def test_each_month_and_each_decider_is_reported_apart(company: Firm):
    review = company.review_decisions()
    assert [(one.name, one.taken.count, one.taken.total) for one in review.months] == [
        ("2026-05", 1, 3),
        ("2026-04", 1, 1),
    ]
    assert {one.name: (one.taken.count, one.taken.total) for one in review.deciders} == {
        "Dee": (2, 2),
        "Eve": (0, 1),
        "": (0, 1),
    }
    may = review.months[0]
    assert may.reasons == (("=knows it", 2),)
    assert (may.first.done_well, may.overridden.done_well) == (Share(0, 1), Share(1, 1))
    assert (may.first.expected, may.overridden.expected) == (pytest.approx(0.8), pytest.approx(0.6))


def test_the_whole_is_the_report_and_the_parts_add_up_to_it(company: Firm):
    review, report = company.review_decisions(), company.decision_report()
    assert review.report == report
    for groups in (review.months, review.deciders):
        assert sum(one.taken.total for one in groups) == report.decided
        assert sum(one.taken.count for one in groups) == report.taken.count
    assert review.policies == ("balanced", "familiar")


def test_chances_are_compared_with_what_happened(company: Firm):
    review = company.review_decisions()
    assert sum(each.count for each in review.bins) == 3
    hits, chances = [1, 0, 1], [0.8, 0.8, 0.6]
    assert review.bins[0].predicted == pytest.approx(sum(chances) / 3)
    assert review.bins[0].observed == pytest.approx(sum(hits) / 3)
    assert review.error == pytest.approx(abs(sum(chances) - sum(hits)) / 3)


def test_a_period_and_a_policy_cut_out_what_they_say(company: Firm):
    start = datetime(2026, 5, 1, tzinfo=UTC)
    assert company.review_decisions(since=start).report.shown == 4
    assert company.review_decisions(until=start).report.shown == 1
    assert company.review_decisions(policy="familiar").report.shown == 1
    assert company.review_decisions(counts=lambda one: one.by == "Eve").report.decided == 1
    nothing = company.review_decisions(since=NOW)
    assert (nothing.months, nothing.deciders, nothing.bins, nothing.error) == ((), (), (), None)


def test_a_table_of_decisions_is_safe_in_a_spreadsheet(company: Firm):
    lines = "".join(decision_table(company.decision_lines(), {"anna": "@Anna"}, UTC))
    rows = list(csv.DictReader(StringIO(lines)))
    assert [row["job"] for row in rows] == ["e", "d", "c", "b", "a"]
    c = rows[2]
    assert (c["chosen"], c["ranked first"], c["reason"]) == ("ben", "'@Anna", "'=knows it")
    assert (c["overridden"], c["chance shown"], c["done well"]) == ("yes", "0.600", "yes")
    assert (rows[0]["chosen"], rows[0]["overridden"], rows[0]["done well"]) == ("", "", "")
