"""The use-cases of accounts: who may sign in, as what, and how they are invited."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from skillmatch.accounts import (
    Account,
    Role,
    check_password,
    check_sign_in_name,
    checked_teams,
    sign_in_name,
)
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Worker
from skillmatch.store.store import AuditRow, Store, Transaction
from skillmatch.wording import said
from skillmatch.workspace.passwords import hashed, new_token, nobodys_hash, token_hash

INVITED_FOR = timedelta(hours=48)
FIRST = "admin"
"""The sign-in name of the administrator whom the first start makes."""


class AccountBook:
    """Who may sign in. `by` is who changes something, None for the command line, which may do everything."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def all(self) -> tuple[Account, ...]:
        """Return all accounts, by sign-in name."""
        with self._store.read() as transaction:
            return tuple(transaction.accounts())

    def get(self, id: str) -> Account:
        """Return an account by its id, or raise NotFound."""
        with self._store.read() as transaction:
            return found(transaction, id)

    def named(self, name: str) -> Account:
        """Return an account by its sign-in name in any spelling, or raise NotFound with the nearest."""
        with self._store.read() as transaction:
            account = transaction.account_named(sign_in_name(name))
            if account is None:
                raise NotFound.named("account", name, [one.sign_in for one in transaction.accounts()])
            return account

    def add(
        self,
        sign_in: str,
        *,
        role: Role,
        name: str = "",
        worker: str | None = None,
        teams: Sequence[str] = (),
        password: str | None = None,
        by: Account | None = None,
    ) -> Account:
        """Add an account. Without a password nobody can sign in to it before she was invited or given one.

        Raises
        ------
        Invalid
            For a name, a role, a worker or teams that cannot be, or a password that is easy to guess.
        NotFound
            When there is no such worker or team.
        Conflict
            When the sign-in name is taken.
        """
        only_administrators(by)
        typed = sign_in_name(sign_in)
        check_sign_in_name(typed)
        called = name.strip() or sign_in.strip()
        if password is not None:
            check_password(password, typed, called)
        kept = None if password is None else hashed(password)
        with self._store.write() as transaction:
            account = Account(
                secrets.token_hex(8),
                typed,
                called,
                role,
                self._clock(),
                worker or None,
                checked_teams(tuple(teams)),
                has_password=kept is not None,
            )
            _check_names(transaction, account)
            transaction.save_account(account)
            transaction.save_password(account.id, kept)
            transaction.note("account added", account.sign_in, by=by, time=self._clock())
        return account

    def change(
        self,
        id: str,
        *,
        name: str | None = None,
        role: Role | None = None,
        worker: str | None = None,
        teams: Sequence[str] | None = None,
        by: Account | None = None,
    ) -> Account:
        """Change what is given of an account; `worker` "" takes the worker away. It holds from the next page on.

        Raises
        ------
        Conflict
            When no administrator would be left. Else as `add`.
        """
        only_administrators(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            before = found(transaction, id)
            after = replace(
                before,
                name=before.name if name is None else name.strip(),
                role=before.role if role is None else role,
                worker=before.worker if worker is None else worker or None,
                teams=before.teams if teams is None else checked_teams(tuple(teams)),
            )
            if after == before:
                return before
            if after.role is not Role.ADMINISTRATOR:
                _check_one_is_left(transaction, before)
            _check_names(transaction, after)
            transaction.save_account(after)
            transaction.note("account changed", after.sign_in, by=by, time=self._clock())
            return after

    def disable(self, id: str, *, by: Account | None = None) -> Account:
        """Let nobody sign in to an account any more, and end its sessions and invitations; raise Conflict where no
        administrator would be left.
        """
        only_administrators(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            before = found(transaction, id)
            if before.disabled:
                return before
            _check_one_is_left(transaction, before)
            after = replace(before, disabled=True, epoch=before.epoch + 1)
            transaction.save_account(after)
            transaction.use_invitations(id, self._clock())
            transaction.note("account disabled", after.sign_in, by=by, time=self._clock())
            return after

    def enable(self, id: str, *, by: Account | None = None) -> Account:
        """Let somebody sign in again."""
        only_administrators(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            after = replace(found(transaction, id), disabled=False)
            transaction.save_account(after)
            transaction.note("account enabled", after.sign_in, by=by, time=self._clock())
            return after

    def invite(self, id: str, *, by: Account | None = None) -> str:
        """Return a secret with which the person can choose a password, once, within 48 hours.

        Earlier invitations no longer hold. The secret is kept nowhere; a new one can be had at any time.

        Raises
        ------
        Conflict
            When the account is disabled.
        """
        only_administrators(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            account = found(transaction, id)
            if account.disabled:
                raise Conflict(said("account {name!r} is disabled: enable it before you invite", name=account.sign_in))
            return self._invite(transaction, account, by)

    def _invite(self, transaction: Transaction, account: Account, by: Account | None) -> str:
        token, now = new_token(), self._clock()
        transaction.save_invitation(token_hash(token), account.id, created=now, expires=now + INVITED_FOR)
        transaction.note("invited", account.sign_in, by=by, time=now)
        return token

    def invited(self, token: str) -> Account:
        """Return whom an invitation is for, or raise NotFound when it does not hold any more."""
        with self._store.read() as transaction:
            return self._invited(transaction, token)

    def _invited(self, transaction: Transaction, token: str) -> Account:
        account = transaction.invited(token_hash(token), self._clock())
        if account is None or account.disabled:
            raise NotFound(
                said("this link was used, has expired, or is not complete: ask your administrator for a new one")
            )
        return account

    def accept(self, token: str, password: str) -> Account:
        """Set the password of whoever was invited, and use the invitation up; sessions from before end.

        Raises
        ------
        NotFound
            When the invitation does not hold any more.
        Invalid
            For a password that is easy to guess.
        """
        account = self.invited(token)
        check_password(password, account.sign_in, account.name)
        kept = hashed(password)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            account = self._invited(transaction, token)
            return self._set(transaction, account, kept, by=account)

    def set_password(self, id: str, password: str, *, by: Account | None = None) -> Account:
        """Set the password of an account and end its sessions; raise Invalid for one that is easy to guess."""
        account = self.get(id)
        if by is not None and by.id != id:
            only_administrators(by)
        check_password(password, account.sign_in, account.name)
        kept = hashed(password)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            return self._set(transaction, found(transaction, id), kept, by=by)

    def _set(self, transaction: Transaction, account: Account, kept: str, *, by: Account | None) -> Account:
        after = replace(account, epoch=account.epoch + 1, has_password=True)
        transaction.save_account(after)
        transaction.save_password(account.id, kept)
        transaction.use_invitations(account.id, self._clock())
        transaction.note("password set", account.sign_in, by=by, time=self._clock())
        return after

    def revoke(self, id: str, *, by: Account | None = None) -> Account:
        """End every session of an account, wherever it is signed in."""
        if by is not None and by.id != id:
            only_administrators(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            before = found(transaction, id)
            after = replace(before, epoch=before.epoch + 1)
            transaction.save_account(after)
            transaction.note("signed out everywhere", after.sign_in, by=by, time=self._clock())
            return after

    def first_invitation(self) -> tuple[Account, str] | None:
        """Return an invitation for an administrator while none has a password; None once one has.

        The first time, an administrator is made for it.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            known = [one for one in transaction.accounts() if one.role is Role.ADMINISTRATOR and not one.disabled]
            if any(one.has_password for one in known):
                return None
            account = known[0] if known else self._first(transaction)
            return account, self._invite(transaction, account, None)

    def _first(self, transaction: Transaction) -> Account:
        taken = {one.sign_in for one in transaction.accounts()}
        name = next(name for name in (FIRST, *(f"{FIRST}{n}" for n in range(2, len(taken) + 3))) if name not in taken)
        account = Account(secrets.token_hex(8), name, "Administrator", Role.ADMINISTRATOR, self._clock())
        transaction.save_account(account)
        transaction.note("account added", account.sign_in, by=None, time=self._clock())
        return account

    def audit(self, *, subject: str | None = None, limit: int = 100) -> tuple[AuditRow, ...]:
        """Return what people did who were signed in, the newest first."""
        with self._store.read() as transaction:
            return tuple(transaction.notes(subject=subject, limit=limit))

    def page_key(self) -> bytes:
        """Return what signs the tokens of forms, drawn at the first use and kept."""
        with self._store.read() as transaction:
            known = transaction.page_key()
        if known is not None:
            return known
        nobodys_hash()
        with self._store.write() as transaction:
            transaction.wait_in_line()
            known = transaction.page_key()
            if known is None:
                known = secrets.token_bytes(32)
                transaction.save_page_key(known)
            return known


def found(transaction: Transaction, id: str) -> Account:
    """Return an account by its id, or raise NotFound."""
    account = transaction.account(id)
    if account is None:
        raise NotFound(said("there is no account {id!r}: look at the list of accounts", id=id))
    return account


def only_administrators(by: Account | None) -> None:
    """Raise NotAllowed for whoever is signed in as somebody else."""
    if by is not None and by.role is not Role.ADMINISTRATOR:
        raise NotAllowed(
            said("{name} is {role}: only an administrator changes accounts", name=by.name, role=said(str(by.role)))
        )


def _check_one_is_left(transaction: Transaction, account: Account) -> None:
    last = account.role is Role.ADMINISTRATOR and not account.disabled and transaction.count_administrators() == 1
    if last:
        raise Conflict(said("{name!r} is the only administrator: make somebody else one first", name=account.sign_in))


def _check_names(transaction: Transaction, account: Account) -> None:
    if account.worker is not None and transaction.noun(Worker, account.worker) is None:
        raise NotFound.named("worker", account.worker, transaction.ids(Worker))
    if account.teams:
        known = {worker.team for worker in transaction.nouns(Worker)} - {""}
        for team in account.teams:
            if team not in known:
                raise Invalid(str(NotFound.named("team", team, known)) + "; a team is what its workers name")
