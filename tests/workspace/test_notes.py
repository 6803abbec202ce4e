"""Notes about sites: who may write, change, take back and answer them, and what two people at once find."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Asset, NoteKind, NoteStatus, Site, SiteNote
from skillmatch.notes import LONGEST_NOTE
from skillmatch.workspace import NewNote, Workspace, wrote
from tests.workspace.firm import NOW, Firm, firm

OPEN, DONE, DECLINED = NoteStatus.OPEN, NoteStatus.DONE, NoteStatus.DECLINED
ANNA = Account("a" * 32, "anna", "Anna", Role.WORKER, NOW, worker="anna")
BEN = Account("b" * 32, "ben", "Ben", Role.WORKER, NOW, worker="ben")
STELLA = Account("c" * 32, "stella", "Stella", Role.SCHEDULER, NOW)
MIA = Account("d" * 32, "mia", "Mia", Role.MANAGER, NOW)


@pytest.fixture
def company(tmp_path: Path) -> Firm:
    found = firm(tmp_path, [Asset("case", "market", "display case", "K9"), Site("depot", "bakery")])
    for account in (ANNA, BEN, STELLA, MIA):
        with found._store.write() as transaction:
            transaction.save_account(account)
    return found


def suggest(company: Workspace, id: str = "n1", text: str = "A second valve", *, by: Account = ANNA) -> SiteNote:
    return company.notes.write(NewNote(id, "market", NoteKind.SUGGESTION, text, "case"), by=by)[0]


def suggest_once(company: Workspace) -> tuple[SiteNote, bool]:
    return company.notes.write(NewNote("n1", "market", NoteKind.NOTE, "x"), by=ANNA)


def test_a_note_is_kept_with_who_wrote_it_and_when(company: Firm):
    note, fresh = company.notes.write(NewNote("n1", "market", NoteKind.NOTE, "  The valve sticks\n"), by=ANNA)
    assert fresh
    assert note == SiteNote("n1", "market", NoteKind.NOTE, "The valve sticks", NOW, "Anna", "anna")
    assert company.notes.one("n1") == note
    assert company.places.site("market").notes == (note,)
    assert company.places.site("depot").notes == ()


def test_a_form_that_is_sent_twice_leaves_one_note(company: Firm):
    first = suggest(company)
    company.forward(hours=1)
    again, fresh = company.notes.write(NewNote("n1", "market", NoteKind.SUGGESTION, "A second valve", "case"), by=ANNA)
    assert (again, fresh) == (first, False)
    for other in (
        NewNote("n1", "market", NoteKind.SUGGESTION, "Another text", "case"),
        NewNote("n1", "depot", NoteKind.SUGGESTION, "A second valve"),
        NewNote("n1", "market", NoteKind.NOTE, "A second valve", "case"),
    ):
        with pytest.raises(Conflict, match="used already"):
            company.notes.write(other, by=ANNA)
    with pytest.raises(Conflict, match="used already"):
        suggest(company, by=BEN)


def test_ten_at_once_with_one_form_leave_one_note(company: Firm):
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: suggest_once(company), range(10)))
    assert sum(fresh for _note, fresh in found) == 1
    assert len(company.places.site("market").notes) == 1


@pytest.mark.parametrize(
    ("new", "error", "said"),
    [
        (NewNote("n", "nowhere", NoteKind.NOTE, "x"), NotFound, "there is no site 'nowhere'"),
        (NewNote("n", "market", NoteKind.NOTE, "x", "pump"), Invalid, "asset 'pump' is not at site 'market'"),
        (NewNote("n", "depot", NoteKind.NOTE, "x", "case"), Invalid, "asset 'case' is not at site 'depot'"),
        (NewNote("n", "market", NoteKind.NOTE, " \n "), Invalid, "has 0 characters: expected 1 to 2,000"),
        (NewNote("n", "market", NoteKind.NOTE, "x" * (LONGEST_NOTE + 1)), Invalid, "has 2,001 characters"),
        (NewNote("n", "market", NoteKind.NOTE, "a\0b"), Invalid, "NUL"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_kept(company: Firm, new: NewNote, error: type, said: str):
    with pytest.raises(error, match=said):
        company.notes.write(new, by=ANNA)
    assert company.places.site("market").notes == company.places.site("depot").notes == ()
    assert company.accounts.audit(subject="site note n") == ()


def test_only_who_wrote_a_note_changes_it_or_takes_it_back(company: Firm):
    suggest(company)
    for other in (BEN, STELLA, MIA):
        with pytest.raises(NotAllowed, match="somebody else"):
            company.notes.edit("n1", "mine", by=other, seen="A second valve")
        with pytest.raises(NotAllowed, match="somebody else"):
            company.notes.withdraw("n1", by=other)
    assert company.notes.edit("n1", "A third valve", by=ANNA, seen="A second valve").text == "A third valve"
    with pytest.raises(Conflict, match="A third valve"):
        company.notes.edit("n1", "A fourth", by=ANNA, seen="A second valve")
    company.notes.withdraw("n1", by=ANNA)
    with pytest.raises(NotFound):
        company.notes.one("n1")
    assert company.places.site("market").notes == company.notes.suggestions(None) == ()


def test_a_note_of_somebody_who_is_no_worker_is_hers_by_her_name(company: Firm):
    note = suggest(company, by=STELLA)
    assert (wrote(STELLA, note), wrote(MIA, note), wrote(ANNA, note)) == (True, False, False)


def test_who_answers_second_is_told_what_the_first_has_said(company: Firm):
    suggest(company)
    answered = company.notes.answer("n1", DONE, " ordered ", by=MIA, seen=(OPEN, ""))
    assert (answered.status, answered.answer, answered.answered_by) == (DONE, "ordered", "Mia")
    with pytest.raises(Conflict, match="Mia has answered meanwhile, and it is done now: “ordered”"):
        company.notes.answer("n1", DECLINED, "too dear", by=STELLA, seen=(OPEN, ""))
    assert company.notes.one("n1") == answered
    back = company.notes.answer("n1", OPEN, "", by=MIA, seen=(DONE, "ordered"))
    assert (back.status, back.answer, back.answered_by) == (OPEN, "", "")


def test_a_worker_answers_nothing_and_nobody_withdraws_by_an_answer(company: Firm):
    suggest(company)
    with pytest.raises(NotAllowed, match="schedulers and managers"):
        company.notes.answer("n1", DONE, "", by=BEN, seen=(OPEN, ""))
    with pytest.raises(Invalid, match="taken back by who wrote it"):
        company.notes.answer("n1", NoteStatus.WITHDRAWN, "", by=MIA, seen=(OPEN, ""))
    with pytest.raises(Invalid, match="2,001"):
        company.notes.answer("n1", DONE, "x" * 2001, by=MIA, seen=(OPEN, ""))
    assert company.notes.one("n1").status is OPEN


def test_what_is_answered_is_not_changed_any_more(company: Firm):
    suggest(company)
    company.notes.answer("n1", DECLINED, "", by=MIA, seen=(OPEN, ""))
    with pytest.raises(Conflict, match="declined already"):
        company.notes.edit("n1", "x", by=ANNA, seen="A second valve")
    with pytest.raises(Conflict, match="declined already"):
        company.notes.withdraw("n1", by=ANNA)


def test_suggestions_come_with_their_place_the_open_ones_first(company: Firm):
    for number in range(3):
        suggest(company, f"n{number}", f"idea {number}")
        company.forward(minutes=1)
    company.notes.write(NewNote("note", "market", NoteKind.NOTE, "no suggestion"), by=ANNA)
    company.notes.answer("n2", DONE, "", by=MIA, seen=(OPEN, ""))
    assert [one.note.id for one in company.notes.suggestions()] == ["n1", "n0"]
    everything = company.notes.suggestions(None)
    assert [one.note.id for one in everything] == ["n1", "n0", "n2"]
    one = everything[0]
    assert one.site is not None
    assert one.customer is not None
    assert one.asset is not None
    assert (one.site.id, one.customer.id, one.asset.id) == ("market", "bakery", "case")
    assert [found.note.id for found in company.notes.of_worker("anna")] == ["n1", "n0", "n2"]
    assert company.notes.of_worker("ben") == ()


def test_another_process_sees_a_note_at_once(company: Firm):
    with Workspace.open(company._store.url, clock=lambda: NOW) as other:
        assert other.notes.suggestions() == ()
        suggest(company)
        assert [one.note.id for one in other.notes.suggestions()] == ["n1"]


def test_who_did_what_to_a_note_is_on_record(company: Firm):
    suggest(company)
    company.notes.edit("n1", "B", by=ANNA, seen="A second valve")
    company.notes.answer("n1", OPEN, "looking into it", by=MIA, seen=(OPEN, ""))
    rows = company.accounts.audit(subject="site note n1")
    assert [(row.by, row.what) for row in rows] == [("Mia", "answered"), ("Anna", "changed"), ("Anna", "wrote")]


def test_notes_go_out_and_come_in_again(company: Firm, tmp_path: Path):
    suggest(company, text='=1+1 <b>valve</b>\n"two" lines; and, more')
    company.notes.answer("n1", DECLINED, "it's old", by=MIA, seen=(OPEN, ""))
    for number, (target, tables) in enumerate(((tmp_path / "all.jsonl", False), (tmp_path / "tables", True))):
        company.export_path(target, tables=tables)
        with Workspace.open(f"sqlite:///{tmp_path}/again{number}.db", clock=lambda: NOW) as again:
            again.import_path(target)
            assert again.notes.one("n1") == company.notes.one("n1")
