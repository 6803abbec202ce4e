"""The use-cases of claims: handing one in with a file, approving, declining, and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from skillmatch.accounts import Account, Role
from skillmatch.beliefs.evidence import Assessment, CertificationGranted, Evidence, Retraction
from skillmatch.claims import LONGEST_NOTE, Attachment, CertificateClaim, Claim, ClaimStatus, LevelClaim
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import RUNGS
from skillmatch.scale import check_level
from skillmatch.store.store import Store, Transaction
from skillmatch.wording import said
from skillmatch.workspace.base import find_worker
from skillmatch.workspace.claim_checks import check_claimed, check_id, check_names
from skillmatch.workspace.files import checked_file
from skillmatch.workspace.recording import record_within

SOURCE = "claims"
"""Of the evidence that approved claims become; its id is that of the claim, with a number after the first time."""
COMMAND_LINE = "command line"
UNUSED_FOR = timedelta(days=1)
"""A file that came with a form that was never completed is forgotten after so long."""


class ClaimBook:
    """What workers hand in to be decided. `by` is who is signed in, None for the command line, which may do all."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def get(self, id: str) -> Claim:
        """Return a claim, or raise NotFound."""
        with self._store.read() as transaction:
            return _found(transaction, id)

    def of(self, worker: str) -> tuple[Claim, ...]:
        """Return the claims of a worker, the newest first."""
        with self._store.read() as transaction:
            return tuple(reversed(transaction.claims(worker=worker)))

    def all(self, status: ClaimStatus | None = None, *, limit: int | None = None) -> tuple[Claim, ...]:
        """Return all claims, or those that stand so, the oldest first; with `limit` the last ones."""
        with self._store.read() as transaction:
            return tuple(transaction.claims(status=status, limit=limit))

    def decided(self, *, limit: int) -> tuple[Claim, ...]:
        """Return the claims that were decided last, the newest decision first."""
        with self._store.read() as transaction:
            return tuple(transaction.decided_claims(limit=limit))

    def file(self, claim: str) -> Attachment | None:
        """Return the file of a claim, None when it has none."""
        with self._store.read() as transaction:
            found = _found(transaction, claim)
            return None if found.attachment is None else transaction.attachment(found.attachment)

    def keep_file(self, id: str, name: str, content: bytes, *, worker: str, by: Account | None = None) -> Attachment:
        """Keep a file of a worker under an id, before there is a claim that it belongs to; twice is once.

        Raises
        ------
        Invalid
            For what is no photo and no PDF, or cannot be kept.
        """
        check_id(id)
        called, media, kept = checked_file(name, content)
        file = Attachment(id, called, media, kept, worker, _signature(by), self._clock())
        with self._store.write() as transaction:
            transaction.wait_in_line()
            find_worker(transaction, worker)
            earlier = transaction.attachment(id)
            if earlier is not None:
                if (earlier.worker, earlier.content) != (worker, kept):
                    raise Conflict(
                        said("this form was used for another file already: open it anew and choose the file")
                    )
                return earlier
            transaction.drop_attachments(before=file.time - UNUSED_FOR)
            transaction.save_attachment(file)
        return file

    def kept_file(self, id: str, worker: str) -> Attachment | None:
        """Return a file that was kept for a worker, None when there is no such file of hers."""
        with self._store.read() as transaction:
            file = transaction.attachment(id)
            return file if file is not None and file.worker == worker else None

    def hand_in(
        self,
        id: str,
        worker: str,
        what: CertificateClaim | LevelClaim,
        *,
        note: str = "",
        file: str | None = None,
        by: Account | None = None,
    ) -> Claim:
        """Keep a claim until somebody decides it; one that is open about the same is replaced. Twice is once.

        Parameters
        ----------
        id
            32 hexadecimal digits, such as the token of a form.
        file
            The id of a file that `keep_file` has kept for this worker.

        Raises
        ------
        NotFound
            When there is no such worker, skill or file.
        Invalid
            For days that cannot be, or text that is too long.
        Conflict
            When the id stands for another claim already.
        """
        check_id(id)
        now = self._clock()
        claim = Claim(id, worker, what, now, _signature(by), note.strip(), file)
        check_claimed(what, now)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            earlier = transaction.claim(id)
            if earlier is not None:
                if earlier.same != claim.same:
                    raise Conflict(said("this form was used already: open it anew and fill it in again"))
                return earlier
            check_names(transaction, claim)
            _replace_open(transaction, claim)
            transaction.save_claim(claim)
            transaction.note("claim handed in", _subject(claim), by=by, time=now)
        return claim

    def withdraw(self, id: str, *, by: Account | None = None) -> Claim:
        """Take an open claim back; what it had replaced is open again. Twice is once.

        Raises
        ------
        Conflict
            When it was decided or replaced meanwhile.
        """
        now = self._clock()
        with self._store.write() as transaction:
            transaction.wait_in_line()
            claim = _found(transaction, id)
            if claim.status is ClaimStatus.WITHDRAWN:
                return claim
            _check_open(claim, "taken back")
            done = replace(claim, status=ClaimStatus.WITHDRAWN, decided=now, decided_by=_signature(by))
            transaction.save_claim(done)
            for one in transaction.claims(worker=claim.worker, status=ClaimStatus.REPLACED):
                if one.what.about == claim.what.about and one.decided == claim.time:
                    transaction.save_claim(_reopened(one))
            transaction.note("claim taken back", _subject(claim), by=by, time=now)
        return done

    def approve(self, id: str, *, level: float | None = None, rater: str = "", by: Account | None = None) -> Claim:
        """Make a claim count: its evidence is recorded with it, in one transaction. Twice changes nothing.

        Parameters
        ----------
        level
            What the approver states instead of the level that is claimed; for claims of a level only.
        rater
            Who approves, where nobody is signed in.

        Raises
        ------
        NotAllowed
            For anybody but a manager of her team or an administrator, and for the worker herself.
        Conflict
            When it was declined, replaced or taken back meanwhile.
        Invalid
            For a level that is none, or one for a certificate.
        """
        now, who = self._clock(), rater.strip() or _signature(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            claim = _found(transaction, id)
            check_decider(transaction, claim.worker, by)
            if claim.status is ClaimStatus.APPROVED:
                return claim
            _check_open(claim, "approved")
            fact = _evidence(transaction, claim, level, rater=who, now=now)
            record_within(transaction, fact, now=now, by=by)
            reason = _changed_level(claim, fact)
            done = replace(claim, status=ClaimStatus.APPROVED, decided=now, decided_by=who, reason=reason)
            transaction.save_claim(done)
            transaction.note("claim approved", _subject(claim), by=by, time=now)
        return done

    def decline(self, id: str, reason: str, *, rater: str = "", by: Account | None = None) -> Claim:
        """Say that a claim does not count, and why. Twice changes nothing. Errors are those of `approve`."""
        why = reason.strip()
        if not why or len(why) > LONGEST_NOTE:
            found = said("has {length:,} characters", length=len(why)) if why else said("is empty")
            raise Invalid(
                said(
                    "the reason {found}: expected 1 to {most:,}, so that the worker knows what to do next",
                    found=found,
                    most=LONGEST_NOTE,
                )
            )
        now, who = self._clock(), rater.strip() or _signature(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            claim = _found(transaction, id)
            check_decider(transaction, claim.worker, by)
            if claim.status is ClaimStatus.DECLINED:
                return claim
            _check_open(claim, "declined")
            done = replace(claim, status=ClaimStatus.DECLINED, decided=now, decided_by=who, reason=why)
            transaction.save_claim(done)
            transaction.note("claim declined", _subject(claim), by=by, time=now)
        return done

    def reopen(self, id: str, *, by: Account | None = None) -> Claim:
        """Take a decision back: what was recorded is retracted and the claim open again. Twice changes nothing.

        Raises
        ------
        NotAllowed
            As `approve` does.
        Conflict
            When a newer claim about the same is open, or nothing was decided.
        """
        now = self._clock()
        with self._store.write() as transaction:
            transaction.wait_in_line()
            claim = _found(transaction, id)
            check_decider(transaction, claim.worker, by)
            if claim.status is ClaimStatus.OPEN:
                return claim
            if claim.status not in (ClaimStatus.APPROVED, ClaimStatus.DECLINED):
                raise Conflict(
                    said(
                        "this claim was {status} by the worker: there is no decision to take back", status=claim.status
                    )
                )
            open_ones = transaction.claims(worker=claim.worker, status=ClaimStatus.OPEN)
            if any(one.what.about == claim.what.about for one in open_ones):
                raise Conflict(said("the worker has handed in a newer claim about the same: decide that one"))
            if claim.status is ClaimStatus.APPROVED:
                _retract(transaction, claim, now=now, by=by)
            done = _reopened(claim)
            transaction.save_claim(done)
            transaction.note("claim opened again", _subject(claim), by=by, time=now)
        return done


def may_decide(account: Account, worker: str, team: str) -> bool:
    """Return whether somebody decides on the claims of a worker: managers of her team and administrators, not herself.

    A manager without teams has all.
    """
    if account.worker == worker or account.role not in (Role.MANAGER, Role.ADMINISTRATOR):
        return False
    return not account.teams or team in account.teams


def check_decider(transaction: Transaction, worker: str, by: Account | None) -> None:
    """Raise NotAllowed unless somebody decides on the claims of a worker."""
    if by is None:
        return
    person = find_worker(transaction, worker)
    if by.worker == worker:
        raise NotAllowed(said("nobody decides on her own claim: another manager or an administrator does"))
    if not may_decide(by, worker, person.team):
        raise NotAllowed(f"{by.name} is {by.role}: a manager of the worker's team or an administrator decides")


def _found(transaction: Transaction, id: str) -> Claim:
    claim = transaction.claim(id)
    if claim is None:
        raise NotFound(said("there is no claim {id!r}: look at the list of claims", id=id))
    return claim


def _signature(by: Account | None) -> str:
    return COMMAND_LINE if by is None else by.signature


def _check_open(claim: Claim, verb: str) -> None:
    if claim.status is not ClaimStatus.OPEN:
        who = said(" by {name}", name=claim.decided_by) if claim.decided_by else ""
        raise Conflict(
            said(
                "this claim was {status}{who} meanwhile and cannot be {verb}: look at it as it is now",
                status=claim.status,
                who=who,
                verb=verb,
            )
        )


def _replace_open(transaction: Transaction, claim: Claim) -> None:
    for one in transaction.claims(worker=claim.worker, status=ClaimStatus.OPEN):
        if one.what.about == claim.what.about:
            # The moment says by which claim it was replaced, so that taking that back opens it again.
            transaction.save_claim(replace(one, status=ClaimStatus.REPLACED, decided=claim.time, decided_by=claim.by))


def _reopened(claim: Claim) -> Claim:
    return replace(claim, status=ClaimStatus.OPEN, decided=None, decided_by="", reason="")


def _evidence_ids(transaction: Transaction, claim: Claim) -> tuple[str | None, str]:
    """Return the id of the evidence that the claim became last, None when it never did, and that of the next."""
    last, number = None, 1
    while transaction.find_evidence(SOURCE, next_id := claim.id if number == 1 else f"{claim.id}.{number}") is not None:
        last, number = next_id, number + 1
    return last, next_id


def _evidence(transaction: Transaction, claim: Claim, level: float | None, *, rater: str, now: datetime) -> Evidence:
    """Return the fact that an approved claim becomes."""
    _last, id = _evidence_ids(transaction, claim)
    what = claim.what
    if isinstance(what, CertificateClaim):
        if level is not None:
            raise Invalid(f"level {level:g} was given for a certificate: only the approval of a level takes one")
        return CertificationGranted(
            id=id,
            worker=claim.worker,
            time=now,
            source=SOURCE,
            type=what.type,
            issued=what.issued,
            expires=what.expires,
            issuer=what.issuer,
        )
    if level is not None:
        check_level(level, "the level that is approved")
    stated = what.level if level is None else level
    return Assessment(
        id=id,
        worker=claim.worker,
        time=now,
        source=SOURCE,
        skill=what.skill,
        level=stated,
        rater=rater,
        note=claim.note,
    )


def _changed_level(claim: Claim, fact: Evidence) -> str:
    """Return in words that another level was approved than was claimed, "" when none was."""
    if not isinstance(claim.what, LevelClaim) or not isinstance(fact, Assessment) or fact.level == claim.what.level:
        return ""
    return f"at level {fact.level:g}, {RUNGS[round(fact.level)]}, instead of {claim.what.level:g}"


def _retract(transaction: Transaction, claim: Claim, *, now: datetime, by: Account | None) -> None:
    last, _next = _evidence_ids(transaction, claim)
    if last is None or transaction.is_retracted(SOURCE, last):
        return
    undone = Retraction(
        id=f"{last}-undone",
        worker=claim.worker,
        time=now,
        source=SOURCE,
        retracts_source=SOURCE,
        retracts_id=last,
        reason="the approval was taken back",
    )
    record_within(transaction, undone, now=now, by=by)


def _subject(claim: Claim) -> str:
    return f"claim {claim.id} of {claim.worker}: {' '.join(claim.what.about)}"
