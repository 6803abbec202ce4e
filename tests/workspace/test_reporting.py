"""Looking back at decisions: counts by hand, intervals against tables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.workspace.reporting import CAVEAT, Share
from tests.workspace.firm import NOW, Firm, firm, job


@given(st.integers(1, 300), st.data())
def test_the_interval_of_a_share_is_wilsons(total: int, data: st.DataObject):
    count = data.draw(st.integers(0, total))
    share = Share(count, total)
    expected = binomtest(count, total).proportion_ci(0.95, method="wilson")
    assert share.value == count / total
    assert share.interval == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_a_known_interval():
    """10 of 100: 5.5 to 17.4 %, as Newcombe's tables have it (Statistics in Medicine 17, 1998)."""
    assert Share(10, 100).interval == pytest.approx((0.0552, 0.1744), abs=5e-5)


def test_a_share_of_nothing_is_unknown():
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    return firm(tmp_path, [job(f"j{n}") for n in range(6)])


def decide(office: Firm, id: str, worker: str, *, reason: str = "", result: Result | None = None) -> float:
    """Choose somebody for a job, let her do it, and return the chance she was shown with."""
    found = office.propose(id)
    office.assign(found.number, [worker], reason=reason)
    if result is not None:
        office.forward(hours=2)
        time = office.time
        office.record(
            JobOutcome(id=f"{id}-{time:%H%M}", worker=worker, source="test", time=time, job=id, result=result)
        )
    (chance,) = [one.chance for one in found.candidates if one.worker.id == worker]
    return chance


def test_the_numbers_of_a_report_are_those_counted_by_hand(office: Firm):
    first = decide(office, "j0", "anna", result=Result.FIRST_TIME_FIX)
    second = decide(office, "j1", "anna", result=Result.REWORK)
    decide(office, "j2", "anna")
    top = office.rank("j3").candidates[0].chance
    other = decide(office, "j3", "ben", reason="nearer", result=Result.FIRST_TIME_FIX)
    office.propose("j4")
    told = office.decision_report()
    assert (told.shown, told.decided) == (5, 4)
    assert told.taken == Share(3, 4)
    assert (told.first.decisions, told.first.done_well) == (3, Share(1, 2))
    assert told.first.expected == pytest.approx((first + second) / 2)
    assert told.first.surplus[0] == pytest.approx(0.5 - (first + second) / 2)
    assert (told.overridden.decisions, told.overridden.done_well) == (1, Share(1, 1))
    assert told.overridden.expected == pytest.approx(other)
    assert told.forgone == pytest.approx(top)
    assert told.reasons == (("nearer", 1),)
    assert told.caveat == CAVEAT


def test_the_surplus_has_the_interval_of_a_mean_of_chances(office: Firm):
    chances = [decide(office, f"j{n}", "anna", result=Result.FIRST_TIME_FIX) for n in range(3)]
    told = office.decision_report().first
    mean = sum(chances) / 3
    half = 1.959964 * sum(p * (1 - p) for p in chances) ** 0.5 / 3
    assert told.surplus == pytest.approx(
        (1 - mean, max(1 - mean - half, -mean), min(1 - mean + half, 1 - mean)), abs=1e-6
    )


def test_reasons_are_counted_without_the_rules_that_stood_against(office: Firm):
    office.save(job("j5", excluded=("ben",)))
    for id in ("j0", "j5"):
        office.assign(office.propose(id).number, ["ben"], reason="nearer")
    office.assign(office.propose("j1").number, ["chen"], reason="asked for")
    assert office.decision_report().reasons == (("nearer", 2), ("asked for", 1))


def test_an_outcome_from_before_the_decision_or_of_somebody_else_says_nothing_of_it(office: Firm):
    early = NOW - timedelta(days=1)
    office.record(JobOutcome(id="e", worker="anna", source="t", time=early, job="j0", result=Result.FAILED))
    decide(office, "j0", "anna")
    office.forward(hours=1)
    office.record(JobOutcome(id="f", worker="ben", source="t", time=office.time, job="j0", result=Result.FAILED))
    assert office.decision_report().first.done_well == Share(0, 0)


def test_the_first_outcome_counts_and_a_correction_of_it_too(office: Firm):
    decide(office, "j0", "anna", result=Result.FAILED)
    again = office.time + timedelta(hours=1)
    office.time = again
    office.record(JobOutcome(id="z", worker="anna", source="test", time=again, job="j0", result=Result.FIRST_TIME_FIX))
    assert office.decision_report().first.done_well == Share(0, 1)


def test_a_report_begins_where_it_is_asked_to(office: Firm):
    decide(office, "j0", "anna")
    office.forward(days=1)
    assert office.decision_report(since=NOW + timedelta(hours=1)).shown == 0
    assert office.decision_report(since=NOW).shown == 1


def test_no_decisions_are_an_empty_report(office: Firm):
    told = office.decision_report()
    assert (told.shown, told.decided, told.taken, told.forgone) == (0, 0, Share(0, 0), None)
    assert (told.first.surplus, told.overridden.expected, told.reasons) == (None, None, ())
