"""Finishing a job: the outcome and the note together or neither, once, by whom it belongs to, and taken back whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.observation import Result
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import JobStatus, NoteKind
from skillmatch.workspace import NewNote, Standing, Workspace, outcomes_digest
from skillmatch.workspace import notes as notes_module
from tests.workspace.firm import NOW, Booking, Firm, firm, job
from tests.workspace.test_notes import ANNA, BEN, STELLA

NONE = outcomes_digest(())


@pytest.fixture
def company(tmp_path: Path) -> Firm:
    return filled(tmp_path)


def filled(folder: Path) -> Firm:
    found = firm(folder, [job(), job("j2"), Booking("j1", "anna", NOW, 60.0)])
    for account in (ANNA, BEN, STELLA):
        with found._store.write() as transaction:
            transaction.save_account(account)
    return found


def outcome(id: str = "f1", worker: str = "anna", **more: object) -> JobOutcome:
    usual = {"job": "j1", "result": Result.FIRST_TIME_FIX, "minutes": 55.0, "time": NOW}
    return JobOutcome(id=id, worker=worker, **{**usual, **more})  # type: ignore[arg-type]


def left(id: str = "f1", text: str = "The valve sticks") -> NewNote:
    return NewNote(id, "market", NoteKind.NOTE, text)


def levels(company: Workspace) -> list[object]:
    return [(one.skill.id, one.proficiency) for one in company.profile("anna").skills]


def test_an_outcome_and_a_note_are_recorded_together(company: Firm):
    found = company.finishing.finish(outcome(), left(), seen=NONE, by=ANNA)
    assert found.standing is Standing.RECORDED
    assert found.recorded is not None
    assert [change.skill for change in found.recorded.changes] == ["refrigeration"]
    assert company.job("j1").job.status is JobStatus.DONE
    assert [one.id for one in company.job("j1").outcomes] == ["f1"]
    assert [note.text for note in company.places.site("market").notes] == ["The valve sticks"]
    assert company.recorded_by(company.job("j1").outcomes[0]) == "Anna"


def test_it_moves_levels_as_any_outcome_does(company: Firm, tmp_path: Path):
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other")
    company.finishing.finish(outcome(), left(), seen=NONE, by=ANNA)
    other.record(outcome())
    assert levels(company) == levels(other)
    assert company.rebuild().differing == 0


def test_a_note_that_cannot_be_kept_keeps_the_outcome_away(company: Firm):
    for bad in (left(text="x" * 2001), NewNote("f1", "nowhere", NoteKind.NOTE, "x")):
        with pytest.raises((Invalid, NotFound)):
            company.finishing.finish(outcome(), bad, seen=NONE, by=ANNA)
    assert company.job("j1").outcomes == ()
    assert company.job("j1").job.status is JobStatus.OPEN


def test_killed_between_outcome_and_note_leaves_neither(company: Firm, monkeypatch: pytest.MonkeyPatch):
    before = levels(company)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(notes_module, "write_within", die)
    with pytest.raises(KeyboardInterrupt):
        company.finishing.finish(outcome(), left(), seen=NONE, by=ANNA)
    with Workspace.open(company._store.url, clock=lambda: NOW) as again:
        assert again.job("j1").outcomes == again.places.site("market").notes == ()
        assert levels(again) == before


def test_sent_again_it_counts_once_also_from_another_process(company: Firm):
    company.finishing.finish(outcome(), left(), seen=NONE, by=ANNA)
    after = levels(company)
    company.forward(minutes=5)
    again = company.finishing.finish(outcome(time=company.time), left(), seen=NONE, by=ANNA)
    assert again.standing is Standing.KNOWN
    with Workspace.open(company._store.url, clock=lambda: NOW) as other:
        assert other.finishing.finish(outcome(), None, seen=NONE, by=ANNA).standing is Standing.KNOWN
    company.time = NOW
    assert levels(company) == after
    assert len(company.job("j1").outcomes) == len(company.places.site("market").notes) == 1


def test_many_at_once_with_one_form_count_once(company: Firm):
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(company.finishing.finish, outcome(), left(), seen=NONE, by=ANNA) for _ in range(8)]
    assert sorted(one.result().standing for one in tries).count(Standing.RECORDED) == 1
    assert len(company.job("j1").outcomes) == 1


def test_a_form_that_says_something_else_by_now_is_not_taken_for_the_same(company: Firm):
    company.finishing.finish(outcome(), seen=NONE, by=ANNA)
    for other in (outcome(result=Result.FAILED), outcome(minutes=5.0), outcome(cause="ice"), outcome(note="x")):
        assert company.finishing.finish(other, seen=NONE, by=ANNA).standing is Standing.USED
    assert [one.result for one in company.job("j1").outcomes] == [Result.FIRST_TIME_FIX]


def test_a_worker_records_only_herself_and_only_what_is_promised_to_her(company: Firm):
    with pytest.raises(NotAllowed, match="what you did yourself"):
        company.finishing.finish(outcome(), seen=NONE, by=BEN)
    with pytest.raises(NotAllowed, match="not promised to you"):
        company.finishing.finish(outcome(worker="ben"), seen=NONE, by=BEN)
    with pytest.raises(NotAllowed, match="not promised to you"):
        company.finishing.finish(outcome(job="j2"), seen=NONE, by=ANNA)
    assert company.finishing.finish(outcome(worker="ben"), seen=NONE, by=STELLA).standing is Standing.RECORDED


def test_what_was_sent_counts_also_when_she_was_called_off_since(company: Firm):
    company.finishing.finish(outcome(), seen=NONE, by=ANNA)
    company.save(Booking("j1", "anna", NOW, 60.0, cancelled=True))
    assert company.finishing.finish(outcome(), seen=NONE, by=ANNA).standing is Standing.KNOWN


def test_the_second_of_two_people_is_told_that_it_is_recorded(company: Firm):
    company.finishing.finish(outcome("f1"), seen=NONE, by=ANNA)
    with pytest.raises(Conflict, match="another outcome"):
        company.finishing.finish(outcome("f2"), left("f2"), seen=NONE, by=STELLA)
    assert company.places.site("market").notes == ()
    seen = outcomes_digest(company.job("j1").outcomes)
    assert company.finishing.finish(outcome("f2"), seen=seen, by=STELLA).standing is Standing.RECORDED


@settings(max_examples=15)
@given(result=st.sampled_from(Result), note=st.booleans(), minutes=st.none() | st.integers(1, 500))
def test_taking_back_leaves_no_trace_in_what_is_believed(
    tmp_path_factory: pytest.TempPathFactory, result: Result, note: bool, minutes: int | None
):
    company = filled(tmp_path_factory.mktemp("firm"))
    before = levels(company), company.job("j1").job
    fact = outcome(result=result, minutes=None if minutes is None else float(minutes))
    company.finishing.finish(fact, left() if note else None, seen=NONE, by=ANNA)
    company.forward(minutes=1)
    assert company.finishing.take_back("j1", fact.source, "f1", by=ANNA)
    with Workspace.open(company._store.url, clock=lambda: NOW) as again:
        assert (levels(again), again.job("j1").job) == before
        assert again.job("j1").outcomes == again.places.site("market").notes == ()
        assert again.rebuild().differing == 0


def test_taken_back_twice_changes_nothing_and_the_form_is_used_up(company: Firm):
    fact = outcome()
    company.finishing.finish(fact, left(), seen=NONE, by=ANNA)
    assert company.finishing.take_back("j1", fact.source, "f1", by=ANNA)
    assert not company.finishing.take_back("j1", fact.source, "f1", by=ANNA)
    assert company.finishing.finish(fact, left(), seen=NONE, by=ANNA).standing is Standing.USED
    assert company.job("j1").outcomes == ()


def test_only_who_recorded_it_takes_it_back(company: Firm):
    fact = outcome()
    company.finishing.finish(fact, seen=NONE, by=STELLA)
    for other in (ANNA, BEN):
        with pytest.raises(NotAllowed, match="somebody else"):
            company.finishing.take_back("j1", fact.source, "f1", by=other)
    with pytest.raises(NotFound, match="no outcome"):
        company.finishing.take_back("j2", fact.source, "f1", by=STELLA)
    with pytest.raises(NotFound, match="no outcome"):
        company.finishing.take_back("j1", fact.source, "none", by=STELLA)


def test_a_job_that_was_done_before_stays_done(company: Firm):
    company.finishing.finish(outcome("f1"), seen=NONE, by=STELLA)
    seen = outcomes_digest(company.job("j1").outcomes)
    company.forward(minutes=1)
    company.finishing.finish(outcome("f2", worker="ben", time=company.time), seen=seen, by=STELLA)
    company.finishing.take_back("j1", outcome().source, "f2", by=STELLA)
    assert company.job("j1").job.status is JobStatus.DONE
    company.save(job("j1", status=JobStatus.CANCELLED))
    company.finishing.take_back("j1", outcome().source, "f1", by=STELLA)
    assert company.job("j1").job.status is JobStatus.CANCELLED


def test_an_outcome_of_the_future_is_refused(company: Firm):
    with pytest.raises(Invalid, match="future"):
        company.finishing.finish(outcome(time=NOW + timedelta(days=2)), seen=NONE, by=ANNA)
