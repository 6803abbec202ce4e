"""Keeping accounts, their sessions and invitations, how often signing in failed, and who did what."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, func, insert, select, update

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict
from skillmatch.store import schema
from skillmatch.store.rows import Rows, check_text, chunks, micros, moment, printable, to_json

ACCOUNT = schema.account
SESSION = schema.session
INVITATION = schema.invitation
KEPT = schema.kept_form
FAILURE = schema.sign_in_failure
AUDIT = schema.audit
LONGEST_SUBJECT = 500


class SessionRow(NamedTuple):
    """A session by the hash of its token."""

    token: str
    account: str
    epoch: int
    created: datetime
    seen: datetime
    expires: datetime
    revoked: bool
    agent: str


class AuditRow(NamedTuple):
    """Who did what to whom or what, and when."""

    time: datetime
    by: str
    what: str
    subject: str


class Accounts(Rows):
    """The part of a transaction that keeps who may sign in. It takes no revision."""

    def wait_in_line(self) -> None:
        """Wait until no other writer is at work: what is read from now on holds until the end of the transaction."""
        self._wait_in_line()

    def save_account(self, account: Account) -> None:
        """Insert an account or overwrite the one of the same id; the password stays as it is.

        Raises
        ------
        Conflict
            When another account has this sign-in name.
        """
        check_text(account.name, f"the name of account {account.sign_in!r}")
        self._wait_in_line()
        other = self.account_named(account.sign_in)
        if other is not None and other.id != account.id:
            raise Conflict(f"there is an account {account.sign_in!r} already: give this one another sign-in name")
        values = {
            "sign_in": account.sign_in,
            "name": account.name,
            "role": str(account.role),
            "worker": account.worker,
            "teams": to_json(account.teams),
            "epoch": account.epoch,
            "disabled": account.disabled,
            "language": account.language,
            "zone": account.zone,
            "theme": account.theme,
        }
        if self.account(account.id) is None:
            self._execute(insert(ACCOUNT).values(id=account.id, created=micros(account.created), **values))
        else:
            self._execute(update(ACCOUNT).where(ACCOUNT.c.id == account.id).values(**values))

    def save_password(self, account: str, password: str | None) -> None:
        """Keep the hash of a password."""
        self._execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(password=password))

    def account(self, id: str) -> Account | None:
        """Return an account by its id."""
        return self._account(ACCOUNT.c.id == id) if printable(id) else None

    def account_named(self, sign_in: str) -> Account | None:
        """Return an account by its sign-in name."""
        return self._account(ACCOUNT.c.sign_in == sign_in) if printable(sign_in) else None

    def _account(self, wanted: Any) -> Account | None:
        row = self._execute(select(ACCOUNT).where(wanted)).first()
        return None if row is None else _account(row)

    def account_of(self, issuer: str, subject: str) -> Account | None:
        """Return the account of whom an identity provider calls `subject`."""
        if not printable(issuer, subject):
            return None
        return self._account(and_(ACCOUNT.c.issuer == issuer, ACCOUNT.c.subject == subject))

    def save_identity(self, account: str, issuer: str | None, subject: str | None) -> None:
        """Keep what an identity provider calls the holder of an account; None for nothing."""
        self._execute(update(ACCOUNT).where(ACCOUNT.c.id == account).values(issuer=issuer, subject=subject))

    def accounts(self) -> list[Account]:
        """Return all accounts, by sign-in name."""
        return [_account(row) for row in self._execute(select(ACCOUNT).order_by(ACCOUNT.c.sign_in))]

    def password_of(self, account: str) -> str | None:
        """Return the hash of the password of an account, None when it has none."""
        return self._execute(select(ACCOUNT.c.password).where(ACCOUNT.c.id == account)).scalar()

    def save_session(self, row: SessionRow) -> None:
        """Keep a session that begins."""
        times = {name: micros(getattr(row, name)) for name in ("created", "seen", "expires")}
        self._execute(insert(SESSION).values(**{**row._asdict(), **times}))

    def session(self, token: str) -> tuple[SessionRow, Account] | None:
        """Return the session whose token has this hash, whether it still holds or not, and its account."""
        joined = select(*SESSION.c, *(column.label(f"account_{column.name}") for column in ACCOUNT.c)).join(
            ACCOUNT, SESSION.c.account == ACCOUNT.c.id
        )
        row = self._execute(joined.where(SESSION.c.token == token)).first()
        return None if row is None else (_session(row), _account(row, "account_"))

    def sessions(self, account: str) -> list[SessionRow]:
        """Return the sessions of an account that were not revoked, the last used first."""
        wanted = select(SESSION).where(SESSION.c.account == account, ~SESSION.c.revoked)
        return [_session(row) for row in self._execute(wanted.order_by(SESSION.c.seen.desc(), SESSION.c.token))]

    def touch_session(self, token: str, seen: datetime) -> None:
        """Note that a session was used."""
        self._execute(update(SESSION).where(SESSION.c.token == token).values(seen=micros(seen)))

    def revoke_session(self, token: str) -> None:
        """End a session."""
        self._execute(update(SESSION).where(SESSION.c.token == token).values(revoked=True))

    def drop_sessions(self, *, ended: datetime) -> None:
        """Forget sessions that expired before a moment."""
        self._execute(SESSION.delete().where(SESSION.c.expires < micros(ended)))

    def save_invitation(self, token: str, account: str, *, created: datetime, expires: datetime) -> None:
        """Keep an invitation by the hash of its token; earlier ones of the account no longer hold."""
        earlier = update(INVITATION).where(INVITATION.c.account == account, INVITATION.c.used.is_(None))
        self._execute(earlier.values(used=micros(created)))
        times = {"created": micros(created), "expires": micros(expires)}
        self._execute(insert(INVITATION).values(token=token, account=account, **times))

    def invited(self, token: str, now: datetime) -> Account | None:
        """Return whom an invitation is for, None when it was used, has expired, or never was."""
        wanted = (INVITATION.c.token == token, INVITATION.c.used.is_(None), INVITATION.c.expires > micros(now))
        id = self._execute(select(INVITATION.c.account).where(*wanted)).scalar()
        return None if id is None else self.account(id)

    def use_invitations(self, account: str, now: datetime) -> None:
        """End every invitation of an account."""
        open_ = (INVITATION.c.account == account, INVITATION.c.used.is_(None))
        self._execute(update(INVITATION).where(*open_).values(used=micros(now)))

    def save_kept(self, token: str, content: str, *, created: datetime, expires: datetime) -> None:
        """Keep a form by the hash of the secret that opens it."""
        times = {"created": micros(created), "expires": micros(expires)}
        self._execute(insert(KEPT).values(token=token, content=content, **times))

    def take_kept(self, token: str, *, now: datetime) -> str:
        """Return a form that was kept and forget it; "" when it is not there or has expired."""
        wanted = KEPT.c.token == token
        found = self._execute(select(KEPT.c.content).where(wanted, KEPT.c.expires > micros(now))).scalar()
        self._execute(KEPT.delete().where(wanted))
        return found or ""

    def drop_kept(self, *, before: datetime, most: int) -> None:
        """Forget forms that expired before a moment, and all but the newest `most`."""
        self._execute(KEPT.delete().where(KEPT.c.expires < micros(before)))
        newest = select(KEPT.c.created).order_by(KEPT.c.created.desc()).offset(most).limit(1)
        last = self._execute(newest).scalar()
        if last is not None:
            self._execute(KEPT.delete().where(KEPT.c.created <= last))

    def failures(self, subject: str) -> tuple[int, datetime] | None:
        """Return how often signing in failed for a hashed subject, and when last."""
        row = self._execute(select(FAILURE).where(FAILURE.c.subject == subject)).first()
        return None if row is None else (row.failures, moment(row.last))

    def save_failures(self, subject: str, failures: int, last: datetime) -> None:
        """Keep how often signing in failed; 0 forgets it."""
        self._execute(FAILURE.delete().where(FAILURE.c.subject == subject))
        if failures:
            self._execute(insert(FAILURE).values(subject=subject, failures=failures, last=micros(last)))

    def drop_failures(self, *, before: datetime) -> None:
        """Forget failures whose last was before a moment."""
        self._execute(FAILURE.delete().where(FAILURE.c.last < micros(before)))

    def note(self, what: str, subject: str, *, by: Account | None, time: datetime) -> None:
        """Keep that somebody did something; `by` None is the command line."""
        who = {"account": None, "by": "command line"} if by is None else {"account": by.id, "by": by.signature}
        self._execute(insert(AUDIT).values(time=micros(time), what=what, subject=subject[:LONGEST_SUBJECT], **who))

    def notes(self, *, subject: str | None = None, limit: int = 100) -> list[AuditRow]:
        """Return what people did, the newest first."""
        statement = select(AUDIT).order_by(AUDIT.c.number.desc()).limit(limit)
        if subject is not None:
            statement = statement.where(AUDIT.c.subject == subject[:LONGEST_SUBJECT])
        return [AuditRow(moment(row.time), row.by, row.what, row.subject) for row in self._execute(statement)]

    def noted_by(self, subjects: Iterable[str]) -> dict[str, str]:
        """Return who did something last to each of some subjects that somebody did anything to."""
        kept = {subject[:LONGEST_SUBJECT]: subject for subject in subjects}
        found: dict[str, str] = {}
        for part in chunks(sorted(kept)):
            among = self._among(AUDIT.c.subject, part)
            last = select(func.max(AUDIT.c.number)).where(among).group_by(AUDIT.c.subject)
            rows = self._execute(select(AUDIT.c.subject, AUDIT.c.by).where(AUDIT.c.number.in_(last)))
            found |= {kept[row.subject]: row.by for row in rows}
        return found

    def page_key(self) -> bytes | None:
        """Return what signs the tokens of forms."""
        return self._execute(select(schema.page_key.c.value)).scalar()

    def save_page_key(self, value: bytes) -> None:
        """Keep what signs the tokens of forms."""
        self._execute(insert(schema.page_key).values(id=1, value=value))

    def count_administrators(self) -> int:
        """Return how many administrators can sign in or have been invited to."""
        wanted = (ACCOUNT.c.role == str(Role.ADMINISTRATOR), ~ACCOUNT.c.disabled)
        return int(self._execute(select(func.count()).select_from(ACCOUNT).where(*wanted)).scalar_one())


def _session(row: Row[Any]) -> SessionRow:
    times = (moment(row.created), moment(row.seen), moment(row.expires))
    return SessionRow(row.token, row.account, row.epoch, *times, row.revoked, row.agent)


def _account(row: Row[Any], prefix: str = "") -> Account:
    found = {column.name: getattr(row, prefix + column.name) for column in ACCOUNT.c}
    return Account(
        found["id"],
        found["sign_in"],
        found["name"],
        Role(found["role"]),
        moment(found["created"]),
        found["worker"],
        tuple(json.loads(found["teams"])),
        found["epoch"],
        found["disabled"],
        found["password"] is not None,
        found["subject"] is not None,
        found["language"],
        found["zone"],
        found["theme"],
    )
