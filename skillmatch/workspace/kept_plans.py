"""The use-cases of a plan that several people look at: kept when it is shown, applied as it was shown, taken back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from skillmatch.accounts import Account
from skillmatch.errors import Conflict, NotFound
from skillmatch.model import Booking
from skillmatch.store.store import PlanRow, Transaction
from skillmatch.wording import said
from skillmatch.workspace.growing import Growing
from skillmatch.workspace.plan_text import plan_of_text, plan_to_text
from skillmatch.workspace.planning import Applied, PlanPreview

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan that was shown: by whom, for whose `teams` (() for all), whether it was applied and taken back since."""

    id: str
    preview: PlanPreview
    made: datetime
    by: str
    teams: tuple[str, ...]
    applied: datetime | None
    applied_by: str
    undone: datetime | None

    @classmethod
    def of_row(cls, row: PlanRow) -> KeptPlan:
        """Return the plan that a row keeps."""
        preview = plan_of_text(row.content, "what was kept")
        return cls(row.id, preview, row.created, row.by, row.teams, row.applied, row.applied_by, row.undone)

    @property
    def holds(self) -> bool:
        """Whether it was applied and not taken back."""
        return self.applied is not None and self.undone is None


class KeptPlans(Growing):
    """The part of the workspace that keeps plans between showing and applying them."""

    def keep_plan(self, preview: PlanPreview, *, by: Account | None = None, teams: tuple[str, ...] = ()) -> str:
        """Keep a plan as it is shown; return the id under which it is found for a month."""
        id, now = secrets.token_hex(8), self.now()
        with self._store.write() as transaction:
            transaction.drop_plans(before=now - KEPT_FOR)
            transaction.save_plan(PlanRow(id, plan_to_text(preview), now, _signature(by), tuple(sorted(teams))))
        return id

    def kept_plan(self, id: str) -> KeptPlan:
        """Return a plan that was kept, or raise NotFound."""
        with self._store.read() as transaction:
            return KeptPlan.of_row(_found(transaction, id))

    def apply_kept_plan(self, id: str, *, rest: bool = False, by: Account | None = None) -> Applied:
        """Promise workers to jobs as a kept plan says, in one transaction; applied once, it stays so.

        Raises
        ------
        NotFound
            When there is no such plan any more.
        Conflict
            When it was applied already, or something it rests on has changed since: nothing is applied then, unless
            `rest` is set.
        """
        with self._lock, self._store.write() as transaction:
            transaction.wait_in_line()
            row = _found(transaction, id)
            if row.applied is not None and row.undone is None:
                raise Conflict(
                    said("this plan was applied already, by {who}: look at the day as it is now", who=row.applied_by)
                )
            known = {(one.job, one.worker): one for one in transaction.recorded(Booking)}
            done, written = self._apply(transaction, KeptPlan.of_row(row).preview, rest=rest)
            changed = tuple((known.get((one.job, one.worker)), one) for one in written)
            transaction.mark_applied(id, time=self.now(), by=_signature(by), changed=changed)
            transaction.note("plan applied", id, by=by, time=self.now())
            return done

    def undo_plan(self, id: str, *, by: Account | None = None) -> int:
        """Take a plan back: every booking that it changed is again what it was before; return how many.

        Raises
        ------
        NotFound
            When there is no such plan any more.
        Conflict
            When it is not in force, or one of its bookings was changed since: nothing is taken back then.
        """
        with self._lock, self._store.write() as transaction:
            transaction.wait_in_line()
            row = _found(transaction, id)
            if not KeptPlan.of_row(row).holds:
                raise Conflict(said("this plan is not in force: there is nothing to take back"))
            now = {(one.job, one.worker): one for one in transaction.recorded(Booking)}
            moved = sorted({after.job for _before, after in row.changed if now.get((after.job, after.worker)) != after})
            if moved:
                raise Conflict(
                    said(
                        "nothing was taken back: {jobs} changed since the plan was applied; change the rest by hand, "
                        "or make a new plan",
                        jobs=", ".join(moved[:5]),
                    )
                )
            bookings = [replace(after, cancelled=True) if before is None else before for before, after in row.changed]
            if bookings:
                transaction.save_nouns(Booking, bookings, revision=transaction.next_revision())
            transaction.mark_undone(id, time=self.now())
            transaction.note("plan taken back", id, by=by, time=self.now())
            return len(bookings)

    def lock_job(self, job: str, *, locked: bool = True, by: Account | None = None) -> tuple[Booking, ...]:
        """Let no plan move what is promised for a job, or let plans move it again; return its bookings.

        Raises
        ------
        Conflict
            When nobody is promised to it.
        """
        with self._lock, self._store.write() as transaction:
            transaction.wait_in_line()
            own = [one for one in transaction.recorded(Booking) if one.job == job and not one.cancelled]
            if not own:
                raise Conflict(said("nobody is promised to job {job!r}: assign somebody first, then lock it", job=job))
            after = tuple(replace(one, locked=locked) for one in own)
            if after != tuple(own):
                transaction.save_nouns(Booking, after, revision=transaction.next_revision())
                transaction.note("locked" if locked else "unlocked", job, by=by, time=self.now())
            return after


def _signature(by: Account | None) -> str:
    return "command line" if by is None else by.signature


def _found(transaction: Transaction, id: str) -> PlanRow:
    row = transaction.plan_row(id)
    if row is None:
        raise NotFound(said("there is no such plan any more: make a new one"))
    return row
