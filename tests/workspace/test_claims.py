"""Claims: handed in once, decided once, by who may; what was approved counts, and taken back it does not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from skillmatch.accounts import Account, Role
from skillmatch.beliefs.evidence import Assessment, CertificationGranted
from skillmatch.claims import CertificateClaim, ClaimStatus, LevelClaim
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.workspace import Workspace, claims
from tests.kit.company import NOW, company
from tests.workspace.test_files import photo

ID, OTHER = "a" * 32, "b" * 32
GAS = CertificateClaim("F-GAS", date(2026, 5, 1), date(2028, 5, 1), "TÜV")
LEVEL = LevelClaim("controls", 4.0)
JOB = "j3"
"""It needs F-GAS."""


def account(name: str, role: Role, **more: object) -> Account:
    return Account(name, name, name.title(), role, NOW, **more)  # type: ignore[arg-type]


MONA, NORA = account("mona", Role.MANAGER, teams=("North",)), account("nora", Role.MANAGER, teams=("South",))
ADA = account("ada", Role.ADMINISTRATOR)
ANNA = account("anna", Role.WORKER, worker="anna")
BOSS = account("boss", Role.MANAGER, worker="anna", teams=("North",))
SAM = account("sam", Role.SCHEDULER)


@pytest.fixture
def workspace(database_url: str) -> Iterator[Workspace]:
    with company(database_url) as opened:
        with opened._store.write() as transaction:
            for one in (MONA, NORA, ADA, ANNA, BOSS, SAM):
                transaction.save_account(one)
        yield opened


def evidence(workspace: Workspace, worker: str = "anna") -> list[object]:
    return [one for one in workspace.profile(worker).evidence if one.source == claims.SOURCE]


def can_be_sent(workspace: Workspace, worker: str = "anna") -> bool:
    return worker in {one.worker.id for one in workspace.rank(JOB).candidates}


def test_a_certificate_counts_once_it_is_approved_and_not_before(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    assert not can_be_sent(workspace)
    assert workspace.profile("anna").certifications == ()
    done = workspace.claims.approve(ID, by=MONA)
    assert (done.status, done.decided_by, done.decided) == (ClaimStatus.APPROVED, "Mona", NOW)
    assert can_be_sent(workspace)
    (fact,) = evidence(workspace)
    assert isinstance(fact, CertificationGranted)
    assert (fact.type, fact.issued, fact.expires, fact.issuer) == (GAS.type, GAS.issued, GAS.expires, "TÜV")


def test_approving_twice_changes_nothing(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    first = workspace.claims.approve(ID, by=MONA)
    revision = workspace.rank(JOB).revision
    assert workspace.claims.approve(ID, by=ADA) == first
    assert workspace.rank(JOB).revision == revision
    assert len(evidence(workspace)) == 1


def test_a_level_is_stated_by_who_approves_it_and_may_be_another(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", LEVEL, note="led it", by=ANNA)
    before = workspace.why("anna", "controls").proficiency.level
    done = workspace.claims.approve(ID, level=3.0, by=MONA)
    assert done.reason == "at level 3, alone, instead of 4"
    (fact,) = evidence(workspace)
    assert isinstance(fact, Assessment)
    assert (fact.skill, fact.level, fact.rater, fact.note) == ("controls", 3.0, "Mona", "led it")
    assert workspace.why("anna", "controls").proficiency.level != before
    assert workspace.rebuild(check=True).differing == 0


def test_an_approval_taken_back_leaves_what_was_believed_before_to_the_bit(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", LEVEL, by=ANNA)
    before = workspace.why("anna", "controls").proficiency
    for _again in range(3):
        workspace.claims.approve(ID, by=MONA)
        assert workspace.why("anna", "controls").proficiency != before
        assert workspace.claims.reopen(ID, by=MONA).status is ClaimStatus.OPEN
        assert workspace.claims.reopen(ID, by=MONA).status is ClaimStatus.OPEN
        assert workspace.why("anna", "controls").proficiency == before
    assert evidence(workspace)[:-3] == []  # three retractions, and nothing that counts
    workspace.claims.approve(ID, by=MONA)
    assert workspace.claims.get(ID).status is ClaimStatus.APPROVED
    assert workspace.rebuild(check=True).differing == 0


def test_a_certificate_whose_approval_is_taken_back_no_longer_counts(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    workspace.claims.approve(ID, by=MONA)
    workspace.claims.reopen(ID, by=ADA)
    assert not can_be_sent(workspace)


def test_a_claim_is_declined_with_a_reason_that_can_be_taken_back(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    for nothing in ("", "  ", "x" * 2001):
        with pytest.raises(Invalid, match="expected 1 to 2,000"):
            workspace.claims.decline(ID, nothing, by=MONA)
    done = workspace.claims.decline(ID, " too dark ", by=MONA)
    assert (done.status, done.reason) == (ClaimStatus.DECLINED, "too dark")
    assert workspace.claims.decline(ID, "something else", by=MONA) == done
    assert not can_be_sent(workspace)
    with pytest.raises(Conflict, match="was declined by Mona meanwhile"):
        workspace.claims.approve(ID, by=ADA)
    assert workspace.claims.reopen(ID, by=MONA).reason == ""


@pytest.mark.parametrize("who", [NORA, ANNA, BOSS, SAM])
def test_nobody_decides_but_managers_of_her_team_and_never_she_herself(workspace: Workspace, who: Account):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    for decide in (
        lambda: workspace.claims.approve(ID, by=who),
        lambda: workspace.claims.decline(ID, "no", by=who),
        lambda: workspace.claims.reopen(ID, by=who),
    ):
        with pytest.raises(NotAllowed):
            decide()
    assert workspace.claims.get(ID).status is ClaimStatus.OPEN
    assert evidence(workspace) == []


def test_a_manager_without_teams_decides_for_all(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    assert workspace.claims.approve(ID, by=replace(MONA, teams=())).status is ClaimStatus.APPROVED


def test_a_newer_claim_about_the_same_replaces_one_that_waits(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    workspace.claims.hand_in("c" * 32, "anna", replace(GAS, type="LIFT"), by=ANNA)
    workspace.claims.hand_in(OTHER, "anna", replace(GAS, expires=None), by=ANNA)
    assert {one.id: one.status for one in workspace.claims.of("anna")} == {
        ID: ClaimStatus.REPLACED,
        OTHER: ClaimStatus.OPEN,
        "c" * 32: ClaimStatus.OPEN,
    }
    with pytest.raises(Conflict, match="was replaced"):
        workspace.claims.approve(ID, by=MONA)
    with pytest.raises(Conflict, match="there is no decision"):
        workspace.claims.reopen(ID, by=MONA)


def test_taking_the_newer_one_back_opens_the_older_one_again(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    workspace.claims.hand_in(OTHER, "anna", replace(GAS, expires=None), by=ANNA)
    assert workspace.claims.withdraw(OTHER, by=ANNA).status is ClaimStatus.WITHDRAWN
    assert workspace.claims.withdraw(OTHER, by=ANNA).status is ClaimStatus.WITHDRAWN
    assert workspace.claims.get(ID).status is ClaimStatus.OPEN
    workspace.claims.approve(ID, by=MONA)
    with pytest.raises(Conflict, match="was approved by Mona meanwhile"):
        workspace.claims.withdraw(ID, by=ANNA)


def test_a_decision_is_not_taken_back_over_a_newer_claim(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    workspace.claims.decline(ID, "no", by=MONA)
    workspace.claims.hand_in(OTHER, "anna", GAS, by=ANNA)
    with pytest.raises(Conflict, match="a newer claim about the same"):
        workspace.claims.reopen(ID, by=MONA)


def test_a_form_counts_once_and_stands_for_one_claim(workspace: Workspace):
    first = workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    assert workspace.claims.hand_in(ID, "anna", GAS, by=ANNA) == first
    for worker, what in (("anna", LEVEL), ("ben", GAS)):
        with pytest.raises(Conflict, match="used already"):
            workspace.claims.hand_in(ID, worker, what, by=ANNA)
    workspace.claims.approve(ID, by=MONA)
    assert workspace.claims.hand_in(ID, "anna", GAS, by=ANNA).status is ClaimStatus.APPROVED
    assert len(workspace.claims.all()) == 1


@pytest.mark.parametrize(
    ("id", "worker", "what", "error"),
    [
        ("short", "anna", GAS, Invalid),
        (ID, "ghost", GAS, NotFound),
        (ID, "anna", LevelClaim("ghost", 3.0), NotFound),
        (ID, "anna", replace(GAS, issued=NOW.date() + timedelta(days=1)), Invalid),
        (ID, "anna", replace(GAS, issued=date(1900, 1, 1)), Invalid),
        (ID, "anna", replace(GAS, expires=date(9999, 1, 1)), Invalid),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    workspace: Workspace, id: str, worker: str, what: CertificateClaim, error: type[Exception]
):
    with pytest.raises(error):
        workspace.claims.hand_in(id, worker, what, by=ANNA)
    assert workspace.claims.all() == ()


def test_a_certificate_that_ends_before_it_begins_and_a_level_off_the_scale_are_none():
    with pytest.raises(Invalid, match="before it was issued"):
        CertificateClaim("GAS", date(2026, 5, 1), date(2026, 4, 30))
    with pytest.raises(Invalid, match="from 0 to 5"):
        LevelClaim("controls", 5.5)


@pytest.mark.parametrize(("what", "level"), [(GAS, 3.0), (LEVEL, 6.0), (LEVEL, float("nan"))])
def test_a_level_that_cannot_be_approved_leaves_the_claim_open(
    workspace: Workspace, what: CertificateClaim, level: float
):
    workspace.claims.hand_in(ID, "anna", what, by=ANNA)
    with pytest.raises(Invalid):
        workspace.claims.approve(ID, level=level, by=MONA)
    assert workspace.claims.get(ID).status is ClaimStatus.OPEN
    assert evidence(workspace) == []


def test_what_breaks_in_the_middle_of_an_approval_leaves_nothing_half_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)

    def killed(*_values: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("skillmatch.store.store.Transaction.save_claim", killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.claims.approve(ID, by=MONA)
    assert evidence(workspace) == []
    assert not can_be_sent(workspace)
    assert workspace.claims.get(ID).status is ClaimStatus.OPEN


def test_two_who_decide_at_once_decide_once(workspace: Workspace, database_url: str):
    workspace.claims.hand_in(ID, "anna", LEVEL, by=ANNA)
    with Workspace.open(database_url, clock=lambda: NOW) as other:

        def decide(number: int) -> str:
            try:
                book = (workspace, other)[number % 2].claims
                done = book.approve(ID, by=MONA) if number < 2 else book.decline(ID, "no", by=ADA)
            except Conflict:
                return "told"
            return str(done.status)

        with ThreadPoolExecutor(4) as pool:
            said = sorted(pool.map(decide, range(4)))
        final = str(workspace.claims.get(ID).status)
        assert said == sorted([final, final, "told", "told"])
        assert len(evidence(workspace)) == (final == "approved")
        assert other.claims.get(ID) == workspace.claims.get(ID)


def test_files_belong_to_one_worker_and_are_kept_once(workspace: Workspace):
    kept = workspace.claims.keep_file(ID, "a.jpg", photo(), worker="anna", by=ANNA)
    assert workspace.claims.keep_file(ID, "a.jpg", photo(), worker="anna", by=ANNA) == kept
    assert workspace.claims.kept_file(ID, "ben") is None
    for worker, content in (("ben", photo()), ("anna", photo(size=(10, 10)))):
        with pytest.raises(Conflict):
            workspace.claims.keep_file(ID, "a.jpg", content, worker=worker)
    with pytest.raises(NotFound, match="choose it again"):
        workspace.claims.hand_in(OTHER, "ben", GAS, file=ID)
    workspace.claims.hand_in(OTHER, "anna", GAS, file=ID)
    assert workspace.claims.file(OTHER) == kept
    with pytest.raises(NotFound):
        workspace.claims.keep_file("d" * 32, "a.jpg", photo(), worker="ghost")


def test_what_was_done_is_on_record_with_who_did_it(workspace: Workspace):
    workspace.claims.hand_in(ID, "anna", GAS, by=ANNA)
    workspace.claims.approve(ID, by=ADA)
    workspace.claims.reopen(ID, by=ADA)
    done = [(row.what, row.by) for row in workspace.accounts.audit() if row.subject.startswith("claim")]
    assert done == [("claim opened again", "Ada"), ("claim approved", "Ada"), ("claim handed in", "Anna")]
