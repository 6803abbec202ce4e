"""The use-cases of single sign-on: which account is meant by somebody for whom an identity provider vouches.

What the provider calls a person (`issuer`, `subject`) is what counts. A name it states only finds the account the first
time, and only one that nobody could sign in to by password, so that nobody takes over what is somebody else's.
"""

from __future__ import annotations

from datetime import timedelta

from skillmatch.accounts import Account, Role, sign_in_name
from skillmatch.errors import Conflict, NotAllowed
from skillmatch.wording import said
from skillmatch.workspace.accounts import AccountBook, found, only_administrators
from skillmatch.workspace.passwords import new_token, token_hash

KEPT_FOR = timedelta(minutes=30)
MOST_KEPT = 500
"""So many forms wait at once for people who are on their way to the identity provider; the oldest go first."""


class Vouching(AccountBook):
    """Which account is whose, by an identity provider."""

    def vouched(self, issuer: str, subject: str, *, named: str = "") -> Account:
        """Return the account of whom an identity provider vouches for.

        Parameters
        ----------
        issuer
            The identity provider.
        subject
            What it calls the person, never anybody else.
        named
            The sign-in name that it states, "" when it states none that can be relied on. The first time it finds an
            account that has neither a password nor an identity, and that is no administrator's; the identity is kept.

        Raises
        ------
        NotAllowed
            When there is no account for her, or it is disabled.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            account = transaction.account_of(issuer, subject)
            if account is None:
                account = transaction.account_named(sign_in_name(named)) if named else None
                if account is None or not _may_be_found(account):
                    raise NotAllowed(_nobody(named, account))
                transaction.save_identity(account.id, issuer, subject)
                transaction.note("single sign-on linked", account.sign_in, by=account, time=self._clock())
            if account.disabled:
                raise NotAllowed(
                    said("account {sign_in!r} is disabled: ask your administrator", sign_in=account.sign_in)
                )
            return account

    def link(self, id: str, issuer: str, subject: str) -> Account:
        """Keep what an identity provider calls the holder of an account, who is signed in to both.

        Raises
        ------
        Conflict
            When that identity belongs to another account.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            other = transaction.account_of(issuer, subject)
            if other is not None and other.id != id:
                raise Conflict(
                    said(
                        "this identity belongs to account {sign_in!r}: sign in to that one, or have it unlinked",
                        sign_in=other.sign_in,
                    )
                )
            account = found(transaction, id)
            if other is None:
                transaction.save_identity(id, issuer, subject)
                transaction.note("single sign-on linked", account.sign_in, by=account, time=self._clock())
            return found(transaction, id)

    def unlink(self, id: str, *, by: Account | None = None) -> Account:
        """Forget what an identity provider calls the holder of an account; her sessions end."""
        if by is not None and by.id != id:
            only_administrators(by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            before = found(transaction, id)
            if not before.linked:
                return before
            transaction.save_identity(id, None, None)
            transaction.note("single sign-on unlinked", before.sign_in, by=by, time=self._clock())
        return self.revoke(id, by=by)

    def keep_form(self, content: str) -> str:
        """Keep a form for somebody who is on her way to the identity provider; return the secret that opens it."""
        token, now = new_token(), self._clock()
        with self._store.write() as transaction:
            transaction.save_kept(token_hash(token), content, created=now, expires=now + KEPT_FOR)
            transaction.drop_kept(before=now, most=MOST_KEPT)
        return token

    def kept_form(self, token: str) -> str:
        """Return a form that was kept, once; "" when it is no longer there."""
        with self._store.write() as transaction:
            return transaction.take_kept(token_hash(token), now=self._clock())


def _may_be_found(account: Account) -> bool:
    return not (account.has_password or account.linked or account.role is Role.ADMINISTRATOR)


def _nobody(named: str, account: Account | None) -> str:
    if account is None:
        who = f"{named!r}" if named else said("you")
        return said("there is no account for {who} here: ask your administrator to add one", who=who)
    return said(
        "account {sign_in!r} is not linked to single sign-on: sign in by password, then link it on the page "
        "of your account, or ask your administrator",
        sign_in=account.sign_in,
    )
