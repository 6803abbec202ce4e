"""What finished jobs turned out to be, in memory: after any writes the same as built anew, in every process."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import JobOutcome, Retraction
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.matching.diagnosis.counts import Counts
from skillmatch.matching.diagnosis.nouns import Call, Finding
from skillmatch.matching.diagnosis.weights import DEFAULTS, Weights
from skillmatch.model import Asset, Cause, Job, Site
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from skillmatch.workspace.findings import call_of, from_record, to_record
from tests.workspace.firm import NOUNS, NOW, Firm

_numbers = count()
DONE = {Result.FIRST_TIME_FIX, Result.WITH_HELP, Result.REWORK}
TEXTS = ("it is warm", "ice on the pipe, and it hums", "", "<b>99</b>")

jobs = st.integers(0, 2)
outcomes = st.fixed_dictionaries(
    {
        "kind": st.just("outcome"),
        "id": st.integers(0, 4),
        "worker": st.sampled_from(["anna", "ben"]),
        "job": jobs,
        "days": st.integers(0, 400),
        "result": st.sampled_from(list(Result)),
        "cause": st.sampled_from(["leak", "fan", None]),
        "minutes": st.sampled_from([None, 0.0, 45.0]),
        "used": st.sampled_from([(), (Demand("controls"),), (Demand("refrigeration"), Demand("controls", 3.0))]),
    }
)
retractions = st.fixed_dictionaries({"kind": st.just("retraction"), "id": st.integers(0, 4)})
changes = st.fixed_dictionaries(
    {
        "kind": st.just("job"),
        "job": jobs,
        "text": st.sampled_from(TEXTS),
        "type": st.sampled_from(["too warm", None]),
        "answers": st.sampled_from([(), (("air", True),), (("air", False), ("cause:leak", True))]),
        "created": st.sampled_from([None, NOW - timedelta(days=200)]),
    }
)
places = st.fixed_dictionaries(
    {
        "kind": st.just("place"),
        "site": st.sampled_from(["", "office", "hospital"]),
        "installed": st.sampled_from([None, date(2001, 2, 3), date(2024, 2, 29), date(2030, 1, 1), date(1, 1, 1)]),
    }
)
steps = st.lists(st.tuples(outcomes | retractions | changes | places, st.booleans(), st.booleans()), max_size=12)


@pytest.fixture
def desks(database_url: str) -> Any:
    """Two processes on one database, in which is a firm."""
    opened = [Firm(Store.open(database_url), clock=lambda: NOW) for _ in range(2)]
    opened[0].save(*NOUNS, Site("roof", "bakery"), Asset("unit", "roof", "rooftop unit"))
    yield opened
    for desk in opened:
        desk.close()


def do(desk: Firm, step: dict[str, Any], world: str) -> None:
    """Make a write, or find that it is refused as it should be."""
    match step:
        case {"kind": "outcome", "id": id, "job": job, "days": days, **rest}:
            rest.pop("kind", None)
            time = NOW - timedelta(days=days, minutes=1)
            desk.record(JobOutcome(id=f"{world}-{id}", time=time, source="t", job=f"{world}-j{job}", **rest))
        case {"kind": "retraction", "id": id}:
            key = f"{world}-{id}"
            with desk._store.read() as transaction:
                before = transaction.find_evidence("t", key)
            if before is None:
                return
            desk.record(
                Retraction(id=f"r-{next(_numbers)}", worker=before.worker, time=NOW, source="t", retracts_source="t",
                           retracts_id=key)
            )  # fmt: skip
        case {"kind": "job", "job": job, **rest}:
            rest.pop("kind", None)
            desk.save(replace(usual_job(world, job), **rest))
        case {"kind": "place", "site": kind, "installed": installed}:
            desk.save(Site("roof", "bakery", kind=kind), Asset("unit", "roof", "rooftop unit", installed=installed))


def usual_job(world: str, number: int) -> Job:
    return Job(f"{world}-j{number}", "A job", "it is warm", "too warm", "bakery", "roof", "unit")


def built_anew(desk: Workspace) -> dict[str, Finding]:
    """Return the findings by job, put together in another way: job by job, from all that counts of each."""
    found = {}
    with desk._store.read() as transaction:
        sites = {site.id: site for site in transaction.nouns(Site)}
        assets = {asset.id: asset for asset in transaction.nouns(Asset)}
        for job in transaction.nouns(Job):
            ends = [fact for fact in transaction.job_outcomes(job.id) if fact.result in DONE and fact.cause]
            if not ends:
                continue
            end, site, asset = ends[-1], sites.get(job.site or ""), assets.get(job.asset or "")
            began = job.created or end.time
            years = None
            if asset and asset.installed and asset.installed <= began.date() and asset.installed.year > 1100:
                years = (began.date() - asset.installed).days / 365.25
            answers = {id: yes for id, yes in job.answers if not id.startswith("cause:")}
            call = Call(
                job.text, job.type, asset.type if asset else None, years, (site.kind if site else "") or None,
                began.month, answers,
            )  # fmt: skip
            found[job.id] = Finding(call, str(end.cause), end.minutes or None, end.used)
    return found


def in_memory(desk: Firm) -> tuple[dict[str, Finding], Counts]:
    with desk._store.read() as transaction:
        found = desk._findings_now(transaction)
    return found.by_job, found.counts


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_after_any_writes_each_process_has_the_findings_and_counts_that_are_built_anew(desks: list[Firm], steps: Any):
    world = f"w{next(_numbers)}"
    desks[0].save(*(usual_job(world, number) for number in range(3)))
    for step, by_second, looks in steps:
        do(desks[by_second], step, world)
        if looks:
            in_memory(desks[not by_second])
    anew = built_anew(desks[0])
    for desk in desks:
        by_job, counts = in_memory(desk)
        assert by_job == anew
        assert counts == Counts.of(anew.values())


def test_the_last_outcome_that_closed_the_job_tells_and_whoever_could_not_finish_does_not(desks: list[Firm]):
    desk = desks[0]
    desk.save(usual_job("x", 0))

    def ended(id: str, minutes: int, result: Result, cause: str | None) -> None:
        time = NOW - timedelta(days=3) + timedelta(minutes=minutes)
        desk.record(JobOutcome(id=id, worker="anna", time=time, job="x-j0", result=result, cause=cause))

    ended("a", 0, Result.HANDED_ON, "fan")
    assert in_memory(desk)[0] == {}
    ended("c", 20, Result.FIRST_TIME_FIX, "leak")
    ended("b", 10, Result.REWORK, "fan")
    ended("d", 30, Result.FIRST_TIME_FIX, None)
    ended("e", 40, Result.FAILED, "sensor")
    assert in_memory(desk)[0]["x-j0"].cause == "leak"


def test_skills_used_without_a_level_take_that_of_the_job_also_when_corrected_later(desks: list[Firm]):
    desk = desks[0]
    desk.save(usual_job("x", 0))
    fact = JobOutcome(
        id="a", worker="anna", time=NOW, job="x-j0", result=Result.FIRST_TIME_FIX, cause="leak",
        used=(Demand("refrigeration", None, 2.0), Demand("controls")),
    )  # fmt: skip
    kept = desk.record(fact).evidence
    expected = (Demand("refrigeration", 2.0, 2.0), Demand("controls"))
    assert isinstance(kept, JobOutcome)
    assert kept.used == expected
    assert desk.record(fact).status == "unchanged"
    again = desk.record(replace(fact, cause="fan"))
    assert again.status == "changed"
    assert in_memory(desk)[0]["x-j0"].used == expected


def test_a_failure_on_the_way_leaves_the_findings_as_they_were(desks: list[Firm], monkeypatch: pytest.MonkeyPatch):
    desk = desks[0]
    desk.save(usual_job("x", 0))
    before = in_memory(desk)[0].copy()
    desk.record(JobOutcome(id="a", worker="anna", time=NOW, job="x-j0", result=Result.REWORK, cause="leak"))
    with monkeypatch.context() as broken:
        broken.setattr("skillmatch.workspace.findings.finding_of", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            in_memory(desk)
    assert desk._findings is not None
    assert desk._findings.by_job == before
    assert in_memory(desk)[0] == built_anew(desk)


def test_listed_causes_and_questions_follow_the_database(desks: list[Firm]):
    call = Call(job_type="too warm")
    for active in (True, False, True):
        desks[0].save(Cause("leak", job_type="too warm", active=active))
        in_memory(desks[1])
        assert desks[1]._findings is not None
        assert [cause.id for cause in desks[1]._findings.listed(call)] == ["leak"] * active


def test_the_month_and_the_age_are_those_of_the_day_on_the_companys_clock():
    zone = timezone(timedelta(hours=3))
    created = datetime(2026, 5, 31, 22, tzinfo=UTC)
    asset = Asset("a", "s", "pump", installed=date(2026, 6, 1))
    call = call_of(Job("j", "J", created=created), None, asset, otherwise=NOW, zone=zone)
    assert (call.month, call.age) == (6, 0.0)


def test_weights_come_back_from_their_record_also_from_one_of_another_version():
    weights = Weights(said=1 / 3, fitted_on=7)
    assert from_record(to_record(weights)) == weights
    assert from_record({"said": 2.0, "of tomorrow": 1.0}) == replace(DEFAULTS, said=2.0)
