"""Decisions: what was shown is kept, can be replayed to the bit, and is judged by what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import (
    CertificationGranted,
    CertificationRevoked,
    ExemptionGranted,
    JobDeclined,
    JobOutcome,
    LearningWish,
    Retraction,
    SelfReport,
)
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import (
    Booking,
    CertificationRequirement,
    Customer,
    JobStatus,
    Leave,
    Place,
    Requirement,
    Shift,
)
from tests.workspace.firm import ANNA, BEN, NOW, TODAY, Firm, firm, job

CERTIFIED = job("j2", requirements=(Requirement("refrigeration", 2.0), CertificationRequirement("F-GAS")))


@pytest.fixture
def office(tmp_path: Path) -> Firm:
    return firm(tmp_path, [job(), CERTIFIED])


def test_what_was_shown_is_kept(office: Firm):
    found = office.propose("j1")
    kept = office.decision(found.number)
    assert [(row.worker, row.rank, row.score, row.chance) for row in kept.shown] == [
        (one.worker.id, one.rank, one.score, one.chance) for one in found.candidates
    ]
    assert (kept.policy, kept.policy_version, kept.revision) == (found.policy, found.policy_version, found.revision)
    assert (kept.moment, kept.day, kept.job) == (NOW, TODAY, "j1")
    assert office.decisions() == (kept,)


def test_a_proposal_is_the_ranking(office: Firm):
    ranked, proposed = office.rank("j1"), office.propose("j1")
    assert proposed.candidates == ranked.candidates


def test_the_same_question_is_the_same_decision_for_ten_minutes(office: Firm):
    first = office.propose("j1")
    office.forward(minutes=10)
    again = office.propose("j1")
    assert again == first
    office.forward(minutes=1)
    assert office.propose("j1").number != first.number


@pytest.mark.parametrize("change", ["write", "policy", "limit", "job", "decided"])
def test_another_question_is_another_decision(office: Firm, change: str):
    first = office.propose("j1")
    if change == "write":
        office.save(replace(ANNA, phone="1"))
    if change == "policy":
        office.change_policy("balanced", {"success": "50"})
    if change == "decided":
        office.assign(first.number, [first.candidates[0].worker.id])
    asked = {"job": "j2"} if change == "job" else {"job": "j1", "limit": 2} if change == "limit" else {"job": "j1"}
    assert office.propose(**asked).number != first.number


def test_the_first_is_chosen_without_a_reason_and_booked_when_she_is_free(office: Firm):
    found = office.propose("j1")
    done = office.assign(found.number, ["anna"], by="mona")
    assert done.warnings == ()
    assert (done.decision.chosen, done.decision.by, done.decision.overridden) == (("anna",), "mona", False)
    assert done.decision.decided == NOW
    (booked,) = office.booked("j1")
    assert (booked.worker, booked.minutes, booked.lead, booked.locked) == ("anna", 60.0, True, False)
    assert booked.start == NOW + timedelta(hours=1, minutes=10), "the way takes six minutes, rounded up to ten"


def test_another_than_the_first_needs_a_reason(office: Firm):
    number = office.propose("j1").number
    for blank in ("", "   "):
        with pytest.raises(Invalid, match="choosing 'ben' for job 'j1' needs a reason, since anna was ranked first"):
            office.assign(number, ["ben"], reason=blank)
    assert office.bookings() == {}
    assert office.decision(number).chosen == ()
    done = office.assign(number, ["ben"], reason="knows the owner")
    assert done.decision.overridden
    assert done.decision.reason == "knows the owner"
    assert office.bookings() == {"j1": ("ben",)}


def test_the_decider_may_choose_who_is_stopped_and_the_rules_stay_on_record(office: Firm):
    found = office.propose("j2")
    assert found.eligible == 0
    with pytest.raises(Invalid, match="needs a reason, since anna: holds no certification F-GAS"):
        office.assign(found.number, ["anna"])
    done = office.assign(found.number, ["anna"], reason="exam passed, paper is late")
    assert done.warnings == ("anna: holds no certification F-GAS",)
    assert done.decision.reason == "exam passed, paper is late [against: anna: holds no certification F-GAS]"


def test_several_may_be_sent_with_the_lead_first(office: Firm):
    office.assign(office.propose("j1").number, ["anna", "chen"])
    assert office.bookings() == {"j1": ("anna", "chen")}
    assert {one.worker: one.lead for one in office.booked("j1")} == {"anna": True, "chen": False}


def test_a_decision_is_made_once(office: Firm):
    number = office.propose("j1").number
    office.assign(number, ["anna"])
    before = office.booked("j1")
    with pytest.raises(Conflict, match="it cannot be made again"):
        office.assign(number, ["ben"], reason="she is ill")
    assert office.booked("j1") == before
    assert office.decision(number).chosen == ("anna",)


def test_a_new_decision_calls_off_who_was_promised_before(office: Firm):
    office.assign(office.propose("j1").number, ["anna"])
    office.assign(office.propose("j1").number, ["ben"], reason="she is ill")
    assert office.bookings() == {"j1": ("ben",)}


@pytest.mark.parametrize("status", [JobStatus.DONE, JobStatus.CANCELLED])
def test_a_job_that_is_no_longer_open_is_not_assigned(office: Firm, status: JobStatus):
    number = office.propose("j1").number
    office.save(job(status=status))
    with pytest.raises(Conflict, match=f"job 'j1' is {status}: only open jobs can be assigned"):
        office.assign(number, ["anna"])
    assert office.bookings() == {}


def test_nobody_twice_or_a_stranger_is_refused_and_nothing_is_kept(office: Firm):
    number = office.propose("j1").number
    with pytest.raises(Invalid, match="name at least one worker"):
        office.assign(number, [])
    with pytest.raises(Invalid, match="anna"):
        office.assign(number, ["anna", "anna"])
    with pytest.raises(NotFound, match="did you mean 'anna'"):
        office.assign(number, ["ana"])
    with pytest.raises(NotFound, match="there is no decision 99"):
        office.assign(99, ["anna"])
    assert office.bookings() == {}
    assert office.decision(number).chosen == ()


def test_a_begin_in_the_past_or_without_a_clock_is_refused(office: Firm):
    number = office.propose("j1").number
    with pytest.raises(Invalid, match="cannot begin on 2026-06-01 06:59, which has passed: give a later time"):
        office.assign(number, ["anna"], start=NOW - timedelta(minutes=1))
    with pytest.raises(Invalid, match="expected a time in UTC"):
        office.assign(number, ["anna"], start=datetime(2026, 6, 1, 9))
    assert office.bookings() == {}


def test_rules_judge_the_time_at_which_she_is_to_begin(office: Firm):
    """A free morning says nothing of the afternoon, when she is booked elsewhere."""
    two = NOW + timedelta(hours=7)
    office.save(Booking("old", "anna", two, 60.0))
    number = office.propose("j1").number
    with pytest.raises(Invalid, match="booked at 14:00 for 60 minutes"):
        office.assign(number, ["anna"], start=two + timedelta(minutes=30))
    done = office.assign(number, ["anna"], start=two + timedelta(minutes=60), locked=True)
    assert done.warnings == ()
    assert (done.bookings[0].start, done.bookings[0].locked) == (two + timedelta(minutes=60), True)


# Replay.

NUMBERS = count()
WORKERS = st.sampled_from(["anna", "ben", "chen"])
HOURS = st.integers(1, 2000)
KINDS = (
    *("outcome", "late", "correct", "retract", "self", "certify", "revoke", "excuse", "decline", "wish"),
    *("home", "leave", "customer", "booking", "shift", "job", "policy", "assign", "refit"),
)
WRITES = st.lists(st.tuples(st.sampled_from(KINDS), WORKERS, HOURS), min_size=1, max_size=6)


def write(office: Firm, kind: str, worker: str, hours: int) -> None:
    """Make one write of a kind; `hours` varies what it says."""
    number = next(NUMBERS)
    then = NOW - timedelta(hours=hours)
    common = {"id": f"e{number}", "worker": worker, "source": "test"}
    result = list(Result)[hours % len(Result)]
    person = {one.id: one for one in office.workers()}[worker]
    if kind in ("outcome", "correct"):
        time = office.time if kind == "outcome" else then
        id = common["id"] if kind == "outcome" else "base"
        who = worker if kind == "outcome" else "anna"
        office.record(JobOutcome(id=id, worker=who, source="test", time=time, job="old", result=result, minutes=hours))
    elif kind == "late":
        office.record(JobOutcome(**common, time=then, job="old", result=result, minutes=90.0))
    elif kind == "retract":
        target = {"retracts_source": "test", "retracts_id": "base"}
        office.record(Retraction(id=f"e{number}", worker="anna", source="test", time=office.time, **target))
    elif kind == "self":
        office.record(SelfReport(**common, time=then, skill="refrigeration", level=hours % 6))
    elif kind == "certify":
        office.record(CertificationGranted(**common, time=then, type="F-GAS", issued=then.date()))
    elif kind == "revoke":
        office.record(CertificationRevoked(**common, time=then, type="F-GAS"))
    elif kind == "excuse":
        until = date(2026, 12, 31)
        office.record(ExemptionGranted(**common, time=then, type="F-GAS", until=until, granted_by="mona"))
    elif kind == "decline":
        office.record(JobDeclined(**common, time=NOW - timedelta(hours=hours % 300), job="j1"))
    elif kind == "wish":
        office.record(LearningWish(**common, time=then, skill="refrigeration"))
    elif kind == "home":
        office.save(replace(person, home=Place(52.0 + hours / 4000, 13.0), capacity=hours % 50, languages=("x",)))
    elif kind == "leave":
        office.save(Leave(worker, TODAY, TODAY + timedelta(days=hours % 5)))
    elif kind == "customer":
        office.save(Customer("bakery", "Bakery", preferred=(worker,), excluded=("chen",) if hours % 2 else ()))
    elif kind == "booking":
        office.save(Booking("old", worker, NOW + timedelta(hours=hours % 30), 60.0 + hours / 7))
    elif kind == "shift":
        office.save(Shift(worker, hours % 7, 420, 960))
    elif kind == "job":
        office.save(job(priority=1 + hours % 5, minutes=float(hours), excluded=(worker,)))
    elif kind == "policy":
        office.change_policy("balanced", {"success": str(hours % 90 + 1)})
    elif kind == "assign":
        office.assign(office.propose("j1").number, [worker], reason="so")
    else:
        with office._store.write() as transaction:
            newest = transaction.params()
            changed = replace(newest, version=newest.version + 1, base=newest.base + 0.01 * (hours % 50))
            transaction.save_params(changed, note="made up")
        office.rebuild(check=False)


def decided(folder: Path) -> Firm:
    office = firm(folder, [job(), CERTIFIED])
    base = JobOutcome(id="base", worker="anna", source="test", time=NOW, job="old", result=Result.REWORK, minutes=60.0)
    office.record(base)
    return office


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(before=WRITES, after=WRITES)
def test_a_decision_is_replayed_to_the_bit_whatever_was_written_since(tmp_path: Path, before, after):
    office = decided(tmp_path)
    for kind, worker, hours in before:
        write(office, kind, worker, hours)
    made = [office.propose(one, limit=3).number for one in ("j1", "j2")]
    for kind, worker, hours in after:
        office.forward(minutes=20)
        write(office, kind, worker, hours)
    for number in made:
        again = office.replay(number)
        assert again.differences == ()
        assert again.same
        assert again.ranking.number == number


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(writes=WRITES)
def test_what_is_kept_up_with_is_what_is_read_anew(tmp_path: Path, writes):
    """The arrays that were refreshed write by write rank as those of a process that has just begun."""
    office = decided(tmp_path)
    office.rank("j1")
    for kind, worker, hours in writes:
        write(office, kind, worker, hours)
        office.rank("j1")
        fresh = Firm(office._store, clock=lambda: office.time)
        for one in ("j1", "j2"):
            assert office.rank(one) == fresh.rank(one)


def test_a_decision_is_replayed_under_the_parameters_of_then(office: Firm):
    number = office.propose("j1").number
    office.did("ben", times=3, days=1)
    again = office.replay(number)
    assert again.same
    assert office.rank("j1").candidates[0].score != again.ranking.candidates[0].score


# Staleness.


def test_a_decision_is_fresh_until_something_that_matters_is_written(office: Firm):
    number = office.propose("j1").number
    assert not office.staleness(number).stale
    office.save(replace(BEN, phone="+44 1632 960000"))
    told = office.staleness(number)
    assert (told.writes, told.moved, told.stale) == (1, (), False)


def test_staleness_says_who_has_moved(office: Firm):
    number = office.propose("j1").number
    office.save(Leave("anna", TODAY, TODAY))
    told = office.staleness(number)
    assert told.stale
    assert told.moved[0] == "anna: ranked 1 then, not shown now"
    assert "ben: ranked 2 then, ranked 1 now" in told.moved


def test_staleness_says_that_the_policy_or_the_job_is_another(office: Firm):
    number = office.propose("j1").number
    office.change_policy("balanced", {"success": "47"})
    assert office.staleness(number).moved == ("the policy balanced was changed",)
    office.save(job(status=JobStatus.CANCELLED))
    assert office.staleness(number).moved == ("the job is no longer open",)
