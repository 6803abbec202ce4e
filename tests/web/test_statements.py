"""How much a list page asks of the database: as much for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from skillmatch.beliefs.evidence import CertificationGranted, SelfReport
from skillmatch.claims import CertificateClaim, LevelClaim
from skillmatch.model import Customer, Job, NoteKind, Requirement, Site
from skillmatch.workspace import NewNote, Workspace
from tests.web.conftest import BEN, NOW, TODAY, AsWho, signed_in

FEW, MANY = 3, 30
FEWEST = {"/disputes": 1}
"""Where a page holds fewer rows than others do."""


@contextmanager
def statements(workspace: Workspace) -> Iterator[list[str]]:
    """Give the list of the statements that the database is sent within the block."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(statement)

    engine = workspace._store._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def jobs(workspace: Workspace, first: int, last: int) -> None:
    with workspace._store.write() as transaction:
        revision, numbers = transaction.next_revision(), range(first, last)
        transaction.save_nouns(Customer, [Customer(f"c{n}", f"Customer {n}") for n in numbers], revision=revision)
        transaction.save_nouns(Site, [Site(f"s{n}", f"c{n}", f"Street {n}") for n in numbers], revision=revision)
        new = [
            Job(f"n{n}", f"Job {n}", customer=f"c{n}", site=f"s{n}", requirements=(Requirement("boiler"),))
            for n in numbers
        ]
        transaction.save_nouns(Job, new, revision=revision)


def decisions(workspace: Workspace, first: int, last: int) -> None:
    jobs(workspace, first, last)
    for n in range(first, last):
        ranking = workspace.propose(f"n{n}")
        workspace.assign(ranking.number, [ranking.candidates[0].worker.id], by="Rita")


def claims(workspace: Workspace, first: int, last: int) -> None:
    what = CertificateClaim("gas / EU", date(2026, 11, 1), date(2028, 11, 1), "TÜV")
    for n in range(first, last):
        workspace.claims.hand_in(f"{n:032x}", BEN, what if n % 2 else LevelClaim("pumps", 3.0))


def disputes(workspace: Workspace, first: int, last: int) -> None:
    for n in range(first, last):
        fact = SelfReport(id=f"r{n}", worker=BEN, time=NOW - timedelta(days=30, minutes=n), skill="pumps", level=3.0)
        workspace.record(fact)
        workspace.disputes.open(BEN, fact.key, reason="that was somebody else")


def suggestions(workspace: Workspace, first: int, last: int) -> None:
    jobs(workspace, first, last)
    ben = workspace.accounts.named("ben")
    for n in range(first, last):
        workspace.notes.write(NewNote(f"{n:032x}", f"s{n}", NoteKind.SUGGESTION, f"New valve {n}"), by=ben)


def certificates(workspace: Workspace, first: int, last: int) -> None:
    for n in range(first, last):
        workspace.record(
            CertificationGranted(
                id=f"g{n}",
                worker=BEN,
                time=NOW - timedelta(days=20),
                type=f"paper {n}",
                issued=date(2025, 1, 1),
                expires=TODAY + timedelta(days=10),
            )
        )


LISTS: dict[str, Callable[[Workspace, int, int], None]] = {
    "/": jobs,
    "/decisions": decisions,
    "/approvals": claims,
    "/disputes": disputes,
    "/suggestions": suggestions,
    "/certificates": certificates,
    "/customers": jobs,
    "/thin": jobs,
    "/load": decisions,
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_the_database_as_much_for_many_rows_as_for_few(app: Flask, workspace: Workspace, address: str):
    client, counts = signed_in(app), {}
    few = FEWEST.get(address, FEW)
    for first, last in ((0, few), (few, MANY)):
        LISTS[address](workspace, first, last)
        client.get(address)  # what was written is taken into memory
        with statements(workspace) as told:
            assert client.get(address).status_code == 200
        counts[last] = told
    assert len(counts[MANY]) == len(counts[few]) > 0, "\n".join(sorted(counts[MANY]))


@pytest.mark.parametrize(("who", "most"), [("rita", 1), ("sam", 2)])
def test_the_page_of_decisions_reads_them_once_and_once_more_for_whom_some_are_hidden(
    as_who: AsWho, workspace: Workspace, who: str, most: int
):
    decisions(workspace, 0, FEW)
    client = as_who(who)
    client.get("/decisions")
    with statements(workspace) as told:
        assert client.get("/decisions").status_code == 200
    assert sum("FROM decision" in one and "shown" in one for one in told) == most
