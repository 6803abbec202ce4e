"""The use-cases of tokens: how programs show for whom they act, and what of it they may do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound, TryLater
from skillmatch.store.store import Store, TokenRow, Transaction
from skillmatch.wording import said
from skillmatch.workspace.accounts import found
from skillmatch.workspace.passwords import new_token, token_hash
from skillmatch.workspace.signing_in import FORGOTTEN, FREE_FOR_AN_ADDRESS, NOTED_EVERY, wait_after

__all__ = ["MOST_DAYS", "PREFIX", "SCOPES", "USUAL_DAYS", "Bearer", "TokenRow", "Tokens"]

PREFIX = "sm_"
"""How every token begins, so that one that lies about is recognised."""
SCOPES = {
    "read": "Read whatever the account sees",
    "jobs:write": "Create, change and cancel jobs, assign workers, keep answers and causes",
    "evidence:write": "Record outcomes and other evidence, say what words mean",
    "webhooks:write": "Say which addresses are told what happens",
}
"""What a token may be good for, in words."""
USUAL_DAYS, MOST_DAYS = 90, 366
LONGEST_NAME = 100
MOST_TOKENS = 50


@dataclass(frozen=True, slots=True)
class Bearer:
    """For whom a program acts, and by which token."""

    account: Account
    token: TokenRow


class Tokens:
    """The tokens of programs. `by` is who makes or ends one, None for the command line, which may do everything."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def add(
        self,
        account: str,
        *,
        name: str,
        scopes: Sequence[str],
        days: int = USUAL_DAYS,
        by: Account | None = None,
        id: str = "",
    ) -> tuple[TokenRow, str]:
        """Return a new token with which a program acts for an account, and its secret, which is kept nowhere.

        Parameters
        ----------
        account
            By its id.
        name
            What it is for, in words.
        scopes
            Of `SCOPES`.
        days
            After so many it ends.
        id
            Drawn beforehand where a form must not make two.

        Raises
        ------
        Invalid
            For a name, scopes or days that cannot be.
        NotFound
            When there is no such account, or it is somebody else's.
        Conflict
            When the account is disabled, has too many tokens, or the id was used already.
        """
        called, now = _name(name), self._clock()
        row = TokenRow(
            id or secrets.token_hex(16), account, called, _scopes(scopes), now, now + _length(days), None, False
        )
        secret = PREFIX + new_token()
        with self._store.write() as transaction:
            transaction.wait_in_line()
            owner = _owner(transaction, account, by)
            if owner.disabled:
                raise Conflict(
                    said("account {sign_in!r} is disabled: enable it before it gets a token", sign_in=owner.sign_in)
                )
            known = transaction.tokens()
            if any(one.id == row.id for one in known):
                raise Conflict(said("this token was made already: its secret was shown then and is kept nowhere"))
            if sum(one.account == account and self.holds(one) for one in known) >= MOST_TOKENS:
                raise Conflict(
                    said(
                        "account {sign_in!r} has {most} tokens: revoke one that is not needed",
                        sign_in=owner.sign_in,
                        most=MOST_TOKENS,
                    )
                )
            transaction.save_token(row, token_hash(secret))
            transaction.note("token made", f"{owner.sign_in}: {called}", by=by, time=now)
        return row, secret

    def all(self, account: str | None = None) -> tuple[TokenRow, ...]:
        """Return the tokens of an account, or of all accounts, the newest first."""
        with self._store.read() as transaction:
            return tuple(transaction.tokens(account))

    def holds(self, row: TokenRow) -> bool:
        """Return whether a token is neither revoked nor has ended."""
        return not row.revoked and (row.expires is None or self._clock() < row.expires)

    def revoke(self, id: str, *, by: Account | None = None, revoked: bool = True) -> TokenRow:
        """End a token, or with `revoked` False let it hold again; raise NotFound where it is not there or not hers."""
        with self._store.write() as transaction:
            transaction.wait_in_line()
            row = next((one for one in transaction.tokens() if one.id == id), None)
            if row is None or (by is not None and by.id != row.account and by.role is not Role.ADMINISTRATOR):
                raise NotFound(said("there is no such token: look at the list of tokens"))
            if row.revoked != revoked:
                transaction.revoke_token(id, revoked=revoked)
                owner = found(transaction, row.account)
                what = "token revoked" if revoked else "token restored"
                transaction.note(what, f"{owner.sign_in}: {row.name}", by=by, time=self._clock())
            return row._replace(revoked=revoked)

    def whose(self, secret: str, *, address: str) -> Bearer:
        """Return for whom a program acts that shows this secret.

        Failures are counted by the `address` they come from: a secret cannot be guessed, but whoever tries has to wait.

        Raises
        ------
        NotAllowed
            When the secret is none, was revoked or has ended, or the account is disabled.
        TryLater
            When that happened too often.
        """
        now = self._clock()
        with self._store.read() as transaction:
            row = transaction.token(token_hash(secret)) if secret.startswith(PREFIX) else None
            account = None if row is None else transaction.account(row.account)
        if row is None or account is None or account.disabled or not self.holds(row):
            self._failed(address, now)
            raise NotAllowed(said("this token is none, was revoked, or has ended: make a new one under Your account"))
        if row.used is None or now >= row.used + NOTED_EVERY:
            with self._store.write() as transaction:
                transaction.touch_token(row.id, now)
        return Bearer(account, row)

    def _failed(self, address: str, now: datetime) -> None:
        """Count a failure, or raise TryLater where one has to wait."""
        subject = token_hash(f"token:{address}")
        with self._store.read() as transaction:
            _wait(transaction, subject, now)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            transaction.drop_failures(before=now - FORGOTTEN)
            failures = _wait(transaction, subject, now)
            transaction.save_failures(subject, failures + 1, now)


def _wait(transaction: Transaction, subject: str, now: datetime) -> int:
    """Return how often a subject has failed, or raise TryLater while it has to wait."""
    known = transaction.failures(subject)
    if known is None:
        return 0
    failures, last = known
    # Where the clock was put back, wait as long as that takes from now, not until then.
    left = timedelta(seconds=wait_after(failures, FREE_FOR_AN_ADDRESS)) - max(now - last, timedelta(0))
    if left > timedelta(0):
        raise TryLater(ceil(left.total_seconds()))
    return failures


def _owner(transaction: Transaction, account: str, by: Account | None) -> Account:
    if by is not None and by.id != account and by.role is not Role.ADMINISTRATOR:
        raise NotFound(said("there is no account {account!r}: look at the list of accounts", account=account))
    return found(transaction, account)


def _name(name: str) -> str:
    called = name.strip()
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise Invalid(
            said(
                "the name of a token has {length} characters: expected 1 to {most} printable ones",
                length=len(called),
                most=LONGEST_NAME,
            )
        )
    return called


def _scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    for scope in scopes:
        if scope not in SCOPES:
            raise NotFound.named("scope", scope, SCOPES)
    if not scopes:
        raise Invalid(
            said("a token without scopes is good for nothing: choose some of {scopes}", scopes=", ".join(SCOPES))
        )
    return tuple(scope for scope in SCOPES if scope in scopes)


def _length(days: int) -> timedelta:
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(said("a token for {days} days: expected 1 to {most}", days=days, most=MOST_DAYS))
    return timedelta(days=days)
