"""The use-cases of calendars: a secret address under which a worker's phone finds what she is promised to."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from skillmatch.accounts import Account
from skillmatch.errors import Conflict, NotFound
from skillmatch.model import Booking, Leave, Worker
from skillmatch.store.store import Store, TokenRow, Transaction
from skillmatch.wording import said
from skillmatch.workspace.accounts import found
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import job_view
from skillmatch.workspace.passwords import new_token, token_hash

SCOPE = "calendar"
PAST = timedelta(days=30)
"""What began longer ago is left out; what was called off since stays in as called off, so that phones learn of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking with its job; `revision` is the write that changed the booking last."""

    booking: Booking
    view: JobView
    revision: int


@dataclass(frozen=True, slots=True)
class Feed:
    """What a worker's calendar holds as of a `revision`."""

    worker: Worker
    entries: tuple[Entry, ...]
    leave: tuple[Leave, ...]
    revision: int


class Calendars:
    """The calendars of workers, each under a secret of which only the hash is kept."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def held(self, account: str) -> TokenRow | None:
        """Return what is known of the secret of an account, None where it has none."""
        with self._store.read() as transaction:
            return next(iter(_held(transaction, account)), None)

    def draw(self, account: str, *, by: Account | None = None) -> str:
        """Return a new secret for the calendar of an account; an earlier one ends.

        Raises
        ------
        Conflict
            When the account is no worker's.
        """
        now, secret = self._clock(), new_token()
        with self._store.write() as transaction:
            transaction.wait_in_line()
            owner = found(transaction, account)
            if owner.worker is None:
                raise Conflict(said("account {sign_in!r} is no worker's: it has no calendar", sign_in=owner.sign_in))
            _end(transaction, account)
            row = TokenRow(secrets.token_hex(16), account, SCOPE, (SCOPE,), now, None, None, False)
            transaction.save_token(row, token_hash(secret))
            transaction.note("calendar drawn", owner.sign_in, by=by, time=now)
        return secret

    def stop(self, account: str, *, by: Account | None = None) -> bool:
        """End the secret of an account; return whether there was one."""
        with self._store.write() as transaction:
            transaction.wait_in_line()
            ended = _end(transaction, account)
            if ended:
                transaction.note("calendar stopped", found(transaction, account).sign_in, by=by, time=self._clock())
            return ended

    def feed(self, secret: str) -> Feed:
        """Return the calendar under a secret, or raise NotFound where it holds no more."""
        with self._store.read() as transaction:
            row = transaction.token(token_hash(secret))
            account = None if row is None or row.revoked or row.scopes != (SCOPE,) else transaction.account(row.account)
            worker = None if account is None or account.disabled else transaction.noun(Worker, account.worker or "")
            if worker is None:
                raise NotFound(said("there is no such calendar: make a new address under Your account"))
            entries = tuple(
                Entry(booking, job_view(transaction, booking.job), revision)
                for booking, revision in transaction.booked(worker.id, since=self._clock() - PAST)
            )
            first = (self._clock() - PAST).date()
            leave = tuple(one for one in transaction.leave_of(worker.id) if not one.cancelled and one.last >= first)
            return Feed(worker, entries, leave, transaction.revision())


def _held(transaction: Transaction, account: str) -> list[TokenRow]:
    return [row for row in transaction.tokens(account) if row.scopes == (SCOPE,) and not row.revoked]


def _end(transaction: Transaction, account: str) -> bool:
    held = _held(transaction, account)
    for row in held:
        transaction.revoke_token(row.id)
    return bool(held)
