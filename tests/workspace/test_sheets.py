"""Sheets sent by a browser: kept for their owner, taken in once, taken back as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.beliefs.evidence import SelfReport
from skillmatch.errors import Conflict, ImportStopped, Invalid, NotFound
from skillmatch.workspace import Choices, Decided, Workspace
from tests.kit.company import company

SHEET = "Name;Refrigeration;Kälte;Controls\nFrost, Anna;5;3;2\nBen Okafor;1;;4\n".encode()
ON = "2026-05-20"
DECIDED = Decided(Choices({"Kälte": "cooling"}), on=ON)


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        yield opened


@pytest.fixture
def rita(workspace: Workspace) -> Account:
    return workspace.accounts.add("rita", role=Role.ADMINISTRATOR)


def levels(workspace: Workspace) -> dict[tuple[str, str], float]:
    every = [fact for worker in workspace.workers() for fact in workspace.profile(worker.id).evidence]
    return {(fact.worker, fact.skill): fact.level for fact in every if isinstance(fact, SelfReport)}


def sent(workspace: Workspace, by: Account, decided: Decided = DECIDED, sheet: bytes = SHEET) -> str:
    id = workspace.sheets.keep("matrix.csv", sheet, by=by)
    workspace.sheets.decide(id, decided, by=by)
    return id


def test_a_sheet_says_what_it_would_change_and_is_taken_in_once(workspace: Workspace, rita: Account):
    id = sent(workspace, rita)
    found = workspace.sheets.sheet(id, by=rita)
    assert found.preview is not None
    assert found.preview.ready
    assert found.sums == {"added": {"corrections": 1, "evidence": 5}, "changed": {}, "unchanged": {}}
    assert levels(workspace) == {}
    done = workspace.sheets.take_in(id, by=rita)
    assert done.report.added == {"corrections": 1, "evidence": 5}
    assert levels(workspace)["anna", "cooling"] == 3.0
    with pytest.raises(NotFound, match="send it again"):
        workspace.sheets.take_in(id, by=rita)
    assert workspace.sheets.waiting(by=rita) == ()


def test_a_sheet_is_taken_back_to_the_bit_and_can_come_again(workspace: Workspace, rita: Account):
    before = [workspace.profile(worker.id).skills for worker in workspace.workers()]
    for _time in range(3):
        done = workspace.sheets.take_in(sent(workspace, rita), by=rita)
        assert done.report.added["evidence"] == 5
        assert len(levels(workspace)) == 5
        back = workspace.sheets.take_back(done.revision, by=rita)
        assert (back.retracted, back.restored, back.left) == (5, 0, 0)
        assert [workspace.profile(worker.id).skills for worker in workspace.workers()] == before
        with pytest.raises(Conflict, match="nothing of this sheet is left"):
            workspace.sheets.take_back(done.revision, by=rita)
    assert workspace.rebuild(check=True).differing == 0


def test_what_a_sheet_corrected_says_again_what_it_said(workspace: Workspace, rita: Account):
    workspace.sheets.take_in(sent(workspace, rita), by=rita)
    once = levels(workspace)
    done = workspace.sheets.take_in(sent(workspace, rita, sheet=SHEET.replace(b"5;3;2", b"4;3;2")), by=rita)
    assert done.report.changed == {"evidence": 1}
    assert levels(workspace)["anna", "refrigeration"] == 4.0
    assert workspace.sheets.take_back(done.revision, by=rita).restored == 1
    assert levels(workspace) == once
    assert workspace.rebuild(check=True).differing == 0


def test_a_sheet_is_its_owners_alone(workspace: Workspace, rita: Account):
    id, other = sent(workspace, rita), workspace.accounts.add("mia", role=Role.MANAGER)
    for act in (workspace.sheets.sheet, workspace.sheets.take_in, workspace.sheets.throw_away):
        with pytest.raises(NotFound) as hidden:
            act(id, by=other)
        with pytest.raises(NotFound) as missing:
            act("matrix-none", by=other)
        assert str(hidden.value) == str(missing.value)
    done = workspace.sheets.take_in(id, by=rita)
    with pytest.raises(NotFound):
        workspace.sheets.take_back(done.revision, by=other)


def test_nobody_but_those_one_sees_is_found_on_a_sheet(workspace: Workspace, rita: Account):
    id = sent(workspace, rita, replace(DECIDED, leave_out=True))
    found = workspace.sheets.sheet(id, by=rita, among={"ben"})
    assert found.preview is not None
    assert [one.best.worker if one.best else None for one in found.preview.people] == [None, "ben"]
    workspace.sheets.take_in(id, by=rita, among={"ben"})
    assert {worker for worker, _skill in levels(workspace)} == {"ben"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.pdf", b"%PDF", "expected one saved as .xlsx or .csv"),
        ("a.xlsx", b"Name;Skill", "but is none"),
        ("a.csv", b"PK\x03\x04rest", "holds no text"),
        ("a.csv", b"\x89PNG\0\0", "holds no text"),
        ("", b"x", "without a name"),
        ("a.csv", b"x" * 20_000_001, "at most 20 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    workspace: Workspace, rita: Account, name: str, content: bytes, said: str
):
    with pytest.raises(Invalid, match=said):
        workspace.sheets.keep(name, content, by=rita)
    assert workspace.sheets.waiting(by=rita) == ()


def test_a_sheet_without_a_matrix_or_a_broken_one_says_so(workspace: Workspace, rita: Account):
    for name, content in (("a.csv", b"one;two\nthree;four\n"), ("a.xlsx", b"PK\x03\x04 broken")):
        found = workspace.sheets.sheet(workspace.sheets.keep(name, content, by=rita), by=rita)
        assert found.preview is None
        assert "expected" in found.problem


def test_what_is_open_stops_a_sheet_and_it_stays(workspace: Workspace, rita: Account):
    id = sent(workspace, rita, Decided(on=ON))
    with pytest.raises(ImportStopped):
        workspace.sheets.take_in(id, by=rita)
    for bad in (
        replace(DECIDED, on="soon"),
        replace(DECIDED, on="2030-01-01"),
        replace(DECIDED, stated_as="assessment"),
    ):
        workspace.sheets.decide(id, bad, by=rita)
        with pytest.raises(Invalid):
            workspace.sheets.take_in(id, by=rita)
    assert levels(workspace) == {}
    assert workspace.sheets.waiting(by=rita) == ((id, "matrix.csv"),)


def test_old_sheets_go_and_a_person_has_few(workspace: Workspace, rita: Account):
    last = [sent(workspace, rita) for _number in range(5)][-1]
    waiting = {id for id, _name in workspace.sheets.waiting(by=rita)}
    assert len(waiting) == 3
    assert last in waiting
    workspace._clock = lambda: datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(days=2)
    other = workspace.accounts.add("mia", role=Role.MANAGER)
    sent(workspace, other)
    assert workspace.sheets.waiting(by=rita) == ()
