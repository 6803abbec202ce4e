"""A company in which much can be inferred: a family of skills, and a worker who does well in all of them but one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from skillmatch.beliefs.evidence import Evidence, JobOutcome, TrainingCompleted
from skillmatch.beliefs.observation import Demand, Result
from skillmatch.model import Job, JobStatus, JobType, Link, LinkKind, Requirement, Skill, Worker
from skillmatch.store.store import Store
from skillmatch.workspace import Workspace
from tests.kit.databases import new_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SKILLS = ("electrics", "lighting", "sockets", "switches", "alarms", "plumbing")
WORKERS = (
    Worker("anna", "Anna Frost", "North"),
    Worker("ben", "Ben Okafor", "North"),
    Worker("chen", "Chen Li", "South"),
    Worker("dora", "Dora Lind", "South", active_to=datetime(2026, 5, 1, tzinfo=UTC).date()),
)
FAMILY = ("lighting", "sockets", "switches", "alarms")


def outcomes() -> list[Evidence]:
    """Return what was done: Anna does well in all electrics but alarms, which Chen masters; Ben does poorly."""
    done: list[Evidence] = []

    def add(worker: str, skill: str, count: int, result: Result, level: float) -> None:
        for number in range(count):
            id = f"{worker}-{skill}-{number}"
            time = NOW - timedelta(days=200 - number)
            done.append(
                JobOutcome(id=id, worker=worker, time=time, job="old", result=result, demands=(Demand(skill, level),))
            )

    for skill in ("lighting", "sockets", "switches"):
        add("anna", skill, 12, Result.FIRST_TIME_FIX, 2.0)
    add("chen", "alarms", 30, Result.FIRST_TIME_FIX, 3.0)
    add("dora", "alarms", 30, Result.FIRST_TIME_FIX, 4.5)
    add("ben", "sockets", 25, Result.FAILED, 2.0)
    add("chen", "plumbing", 8, Result.FAILED, 3.0)
    return done


def company(folder: Path) -> Workspace:
    """Return a workspace that holds the company, at the moment NOW; imported, because that finds the families."""
    with _written(new_file(folder / "written.db")) as written:
        written.export_path(folder / "company.jsonl")
    workspace = Workspace.open(new_file(folder / "company.db"), clock=lambda: NOW)
    workspace.import_path(folder / "company.jsonl")
    return workspace


def _written(url: str) -> Workspace:
    store = Store.open(url)
    with store.write() as transaction:
        revision = transaction.next_revision()
        transaction.save_nouns(Skill, [Skill(id, id.title()) for id in SKILLS], revision=revision)
        links = [Link(skill, "electrics", LinkKind.BROADER) for skill in FAMILY]
        links += [Link("alarms", "switches", LinkKind.NEEDS), Link("switches", "plumbing", LinkKind.NEEDS)]
        transaction.save_nouns(Link, links, revision=revision)
        transaction.save_nouns(Worker, WORKERS, revision=revision)
        needs = (Requirement("alarms", 4.0), Requirement("lighting", 2.0))
        other = (Requirement("alarms", 3.0), Requirement("plumbing", 3.0))
        types = [JobType("alarm", "Alarm does not ring", needs), JobType("odd", "Odd", other)]
        transaction.save_nouns(JobType, types, revision=revision)
        jobs = [
            Job("old", "Old", status=JobStatus.DONE),
            Job("j1", "Alarm silent", type="alarm"),
            Job("j2", "Alarm mute", type="alarm"),
            Job("j3", "Odd thing", type="odd"),
        ]
        transaction.save_nouns(Job, jobs, revision=revision)
    workspace = Workspace(store, clock=lambda: NOW)
    with store.write() as transaction:
        transaction.append(outcomes(), revision=transaction.next_revision())
        for worker, course in (("chen", "Alarms I"), ("dora", "Alarms I"), ("chen", "Alarms II")):
            fact = TrainingCompleted(
                id=f"{worker}-{course}",
                worker=worker,
                time=NOW - timedelta(days=300),
                skill="alarms",
                level=2.0,
                course=course,
            )
            transaction.append([fact], revision=transaction.next_revision())
    return workspace
