"""Where the firm is thin, after any writes: the same, to the bit, as counted plainly over everybody."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import Assessment, CertificationGranted, JobOutcome, Retraction, day_number
from skillmatch.beliefs.observation import Result
from skillmatch.gaps.thin import CLOSE, FEW
from skillmatch.matching.levels import one_skill
from skillmatch.model import (
    AnyOf,
    CertificationRequirement,
    Job,
    JobStatus,
    JobType,
    Merge,
    Requirement,
    Risk,
    Worker,
)
from skillmatch.store.store import Transaction
from skillmatch.workspace import Thin, Workspace
from skillmatch.workspace.demands import always
from skillmatch.workspace.resident import Resident
from tests.workspace.firm import NEEDS, NOW, TODAY, Firm, firm, job

_numbers = count()
WORKERS = ("anna", "ben", "chen")
SKILLS = ("refrigeration", "controls")
CHOICE = AnyOf((Requirement("controls", 3.0), Requirement("controls", 1.0)))
WANTED: tuple[tuple[Any, ...], ...] = (
    (),
    (Requirement("controls", 2.0, must=True),),
    (Requirement("controls"), CertificationRequirement("gas")),
    (CHOICE, Requirement("refrigeration", 4.0)),
)
who = st.sampled_from(WORKERS)
outcomes = st.tuples(st.just("outcome"), st.integers(0, 3), who, st.sampled_from(list(Result)))
ratings = st.tuples(
    st.just("rating"), st.integers(4, 6), who, st.sampled_from(SKILLS), st.sampled_from([0.0, 2.5, 5.0])
)
grants = st.tuples(st.just("grant"), st.integers(7, 8), who, st.sampled_from([None, TODAY, TODAY - timedelta(days=1)]))
retractions = st.tuples(st.just("retract"), st.integers(0, 8))
jobs = st.builds(
    Job,
    st.sampled_from(["j1", "j2", "j3"]),
    st.just("No cooling"),
    type=st.sampled_from(["too warm", None]),
    requirements=st.sampled_from(WANTED),
    status=st.sampled_from(list(JobStatus)),
    risk=st.sampled_from([None, *Risk]),
    priority=st.integers(1, 3),
    created=st.sampled_from([None, NOW, NOW - timedelta(days=365, hours=7), NOW - timedelta(days=366)]),
    due=st.sampled_from([None, TODAY, TODAY - timedelta(days=366)]),
)
nouns = st.one_of(
    st.lists(jobs, min_size=1, max_size=2),
    st.builds(JobType, st.just("too warm"), st.just("Warm"), st.sampled_from([NEEDS, WANTED[1], ()]), st.just(60.0)),
    st.builds(Worker, who, st.just("W"), st.sampled_from(["", "North"]), active_to=st.sampled_from([None, NOW.date()])),
    st.builds(Worker, st.just("dora"), st.just("Dora"), st.just("North")),
    st.builds(Merge, st.just("controls"), st.just("refrigeration"), time=st.just(NOW), undone=st.booleans()),
)
changes = st.lists(st.one_of(outcomes, ratings, grants, retractions, nouns, st.just("later")), min_size=4, max_size=8)


def apply(company: Firm, change: Any) -> None:
    if change == "later":
        company.forward(hours=20)
    elif not isinstance(change, tuple):
        company.save(*(change if isinstance(change, list) else [change]))
    elif change[0] == "retract":
        with company._store.read() as transaction:
            facts = [fact for _worker, own in transaction.evidence() for fact in own]
        for one in [fact for fact in facts if fact.id.startswith(f"f{change[1]}-")][:1]:
            gone = {"retracts_source": one.source, "retracts_id": one.id}
            company.record(Retraction(id=f"r{next(_numbers)}", worker=one.worker, time=NOW, **gone))
    else:
        kind, id, worker, *rest = change
        usual = {"id": f"f{id}-{worker}", "worker": worker, "time": NOW - timedelta(days=id)}
        if kind == "outcome":
            company.record(JobOutcome(**usual, job="old", result=rest[0]))
        elif kind == "rating":
            company.record(Assessment(**usual, skill=rest[0], level=rest[1], rater="m"))
        else:
            issued = TODAY - timedelta(days=9)
            company.record(CertificationGranted(**usual, type="gas", issued=issued, expires=rest[0]))


def plainly(company: Firm, teams: tuple[str, ...] = ()) -> dict[tuple[str, str, float], tuple[Any, ...]]:
    """Count out what `thin` says: every job one by one, and everybody's certainty in every skill by itself."""
    today, policy = company.now().date(), company.policy("balanced")
    begin = today - timedelta(days=365)
    with company._store.read() as transaction:
        resident = Resident(transaction, moment=company.now())
        types = {type.id: type for type in transaction.nouns(JobType)}
        asking: dict[tuple[str, str, float], list[Job]] = defaultdict(list)
        for one in transaction.nouns(Job):
            came = one.created.date() if one.created else one.due
            if one.status is JobStatus.OPEN or (one.status is JobStatus.DONE and came is not None and came >= begin):
                type = types.get(one.type or "")
                for need in always(one.requirements or (type.requirements if type else ())):
                    skill = isinstance(need, Requirement)
                    key = ("skill", need.skill, need.level or 0.0) if skill else ("certification", need.type, 0.0)  # type: ignore[union-attr]
                    asking[key].append(one)
    found = {}
    roster, table = resident.roster, resident.table
    counted = np.array(
        [
            (person := roster.workers[id]).active_on(today) and (not teams or person.team in teams)
            for id in table.workers
        ]
    )
    for key, asked in asking.items():
        risks = [one.risk or (types[one.type].risk if one.type in types else Risk.NORMAL) for one in asked]
        floor = max(policy.limits.certainty(risk) for risk in risks)
        if key[0] == "skill":
            view = one_skill(roster, key[1], key[2], day=today, moment=day_number(company.now()))
            chance = np.where(view.touched(0), view.certainty(0), 0.0)
        else:
            chance = np.array([float(roster.certified(id, key[1], today)) for id in table.workers])
        order = [
            place for place in np.argsort(-chance, kind="stable").tolist() if counted[place] and chance[place] > 0.0
        ]
        able = [place for place in order if chance[place] >= floor]
        people = [(table.workers[place], float(chance[place])) for place in order]
        open = sorted(one.id for one in asked if one.status is JobStatus.OPEN)
        expected = float(chance[[place for place in range(len(table)) if place in order]].sum())
        found[key] = (
            floor,
            len(able),
            people[: min(len(able), FEW)],
            people[len(able) : len(able) + CLOSE],
            expected,
            open,
            len(asked) - len(open),
        )
    return found


def said(found: tuple[Thin, ...]) -> dict[tuple[str, str, float], tuple[Any, ...]]:
    """Return the same of an answer."""
    answer = {}
    for one in found:
        able, close = ([(person.worker.id, person.chance) for person in people] for people in (one.able, one.close))
        open = sorted(asked.id for asked in one.jobs)
        answer[one.kind, one.id, one.level] = (one.floor, one.count, able, close, one.expected, open, one.done)
    assert len(answer) == len(found)
    return answer


@settings(max_examples=4, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
def test_after_any_writes_it_is_what_is_counted_plainly_and_what_a_new_process_finds(
    tmp_path: Path, changes: list[Any]
):
    company = firm(tmp_path, [job("j1"), Worker("ben", "Ben", "North")])
    company.thin()
    for change in changes:
        apply(company, change)
        found = company.thin()
        assert said(found) == plainly(company)
    assert said(company.thin(teams=("North",))) == plainly(company, ("North",))
    assert Workspace(company._store, clock=company.now).thin() == company.thin()


def test_what_is_written_shows_at_once_and_the_rest_stands_as_of_the_same_moment(tmp_path: Path):
    company = firm(tmp_path, [job("a", requirements=(Requirement("controls", 2.0),)), job("b")])
    for worker, skill in (("anna", "controls"), ("ben", "refrigeration")):
        apply(company, ("rating", 1, worker, skill, 4.0))
    first = {one.id: one for one in company.thin()}
    company.forward(minutes=9)
    apply(company, ("rating", 2, "anna", "controls", 5.0))
    second = {one.id: one for one in company.thin()}
    assert second["controls"].expected > first["controls"].expected
    then = Workspace(company._store, clock=lambda: NOW)
    assert company.thin() == then.thin() != Workspace(company._store, clock=company.now).thin()
    company.forward(minutes=2)
    assert company.thin() == Workspace(company._store, clock=company.now).thin()


@pytest.mark.parametrize("status", list(JobStatus))
def test_a_job_that_is_written_is_read_with_what_it_was_and_finished_jobs_are_not_read_again(
    tmp_path: Path, status: JobStatus, monkeypatch: pytest.MonkeyPatch
):
    company = firm(tmp_path, [job("a", requirements=WANTED[1], created=NOW)])
    company.thin()
    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "asked_of_done", None)
        for each in (status, JobStatus.DONE, JobStatus.OPEN, status):
            company.save(job("a", requirements=WANTED[2], created=NOW, status=each))
            assert said(company.thin()) == plainly(company)
