"""The use-cases of signing in: passwords are checked at the same cost for everybody, failures make people wait, and
what stays in a browser is a secret of which only the hash is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from skillmatch.accounts import Account, Role, sign_in_name
from skillmatch.errors import NotAllowed, NotFound, TryLater
from skillmatch.model import Booking, Worker
from skillmatch.store.store import SessionRow, Transaction
from skillmatch.wording import said
from skillmatch.workspace.accounts import found
from skillmatch.workspace.passwords import hashed, matches, new_token, nobodys_hash, outdated, token_hash
from skillmatch.workspace.preferences import Preferences
from skillmatch.workspace.vouching import Vouching

LASTS = timedelta(days=7)
IDLE = timedelta(hours=12)
"""A session ends a week after it began, or when it was not used for a shift and the way home."""
NOTED_EVERY = timedelta(minutes=5)
"""So often at most it is noted that a session is in use: to look at a page should not wait for a writer."""
FREE_FOR_A_NAME, FREE_FOR_AN_ADDRESS = 5, 20
"""So many failures cost no wait. A whole office may share one address."""
FIRST_WAIT, LONGEST_WAIT = 30, 900
FORGOTTEN = timedelta(days=1)
LONGEST_AGENT = 200
WRONG = "this name and password do not go together: check both, and whether the capitals are locked"
DEMO_ROLES = (Role.SCHEDULER, Role.WORKER, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has signed in, and the secret that shows it from now on."""

    account: Account
    token: str


def wait_after(failures: int, free: int) -> int:
    """Return the seconds to wait after so many failures of which some are free: 30, then twice as long each time.

    >>> [wait_after(failures, 5) for failures in (4, 5, 6, 7, 100)]
    [0, 30, 60, 120, 900]
    """
    return 0 if failures < free else min(FIRST_WAIT * 2 ** min(failures - free, 10), LONGEST_WAIT)


class Accounts(Vouching, Preferences):
    """Who may sign in, and who is signed in."""

    def sign_in(
        self, name: str, password: str, *, address: str, agent: str = "", roles: Collection[Role] = frozenset(Role)
    ) -> SignedIn:
        """Begin a session for whoever knows the password.

        An unknown name, a wrong password and a disabled account take as long and say the same.

        Parameters
        ----------
        name
            As typed.
        password
            As typed.
        address
            From where: failures are counted by name and by address.
        agent
            What the browser says that it is, to recognise the session by.
        roles
            Who may sign in by password.

        Raises
        ------
        NotAllowed
            When name and password do not go together, or others sign in by password.
        TryLater
            When it failed too often; nothing was checked.
        """
        nobodys_hash()  # where it was not made yet, everybody pays for it
        typed = sign_in_name(name)
        subjects = (_subject("name", typed), FREE_FOR_A_NAME), (_subject("address", address), FREE_FOR_AN_ADDRESS)
        self._count(subjects)
        with self._store.read() as transaction:
            account = transaction.account_named(typed)
            kept = transaction.password_of(account.id) if account is not None and not account.disabled else None
        if not matches(kept, password) or account is None:
            raise NotAllowed(WRONG)
        if account.role not in roles:
            raise NotAllowed("here only administrators sign in by password: use the button for single sign-on")
        fresh = hashed(password) if kept is not None and outdated(kept) else None
        with self._store.write() as transaction:
            transaction.wait_in_line()
            now = found(transaction, account.id)
            if now.disabled or transaction.password_of(now.id) != kept:  # meanwhile
                raise NotAllowed(WRONG)
            if fresh is not None:
                transaction.save_password(now.id, fresh)
            self._forgive(transaction, subjects)
            return self._begin(transaction, now, agent)

    def begin(self, account: str, *, agent: str = "") -> SignedIn:
        """Begin a session for somebody who has shown otherwise who she is; raise NotAllowed when she is disabled."""
        with self._store.write() as transaction:
            transaction.wait_in_line()
            known = found(transaction, account)
            if known.disabled:
                raise NotAllowed(said("account {name!r} is disabled: ask an administrator", name=known.sign_in))
            return self._begin(transaction, known, agent)

    def _begin(self, transaction: Transaction, account: Account, agent: str) -> SignedIn:
        token, now = new_token(), self._clock()
        told = "".join(letter for letter in agent if letter.isprintable())[:LONGEST_AGENT]
        transaction.save_session(
            SessionRow(token_hash(token), account.id, account.epoch, now, now, now + LASTS, False, told)
        )
        transaction.drop_sessions(ended=now - LASTS)
        return SignedIn(account, token)

    def _count(self, subjects: tuple[tuple[str, int], ...]) -> None:
        """Count a failure for each subject before anything is checked, so that many at once do not slip through; raise
        TryLater where one has to wait.
        """
        now, wait = self._clock(), 0
        with self._store.write() as transaction:
            transaction.wait_in_line()
            transaction.drop_failures(before=now - FORGOTTEN)
            counts = [(subject, *self._failures(transaction, subject, free, now)) for subject, free in subjects]
            wait = max(left for _subject, _failures, left in counts)
            for subject, failures, _left in counts if not wait else ():
                transaction.save_failures(subject, failures + 1, now)
        if wait:
            raise TryLater(wait)

    def _failures(self, transaction: Transaction, subject: str, free: int, now: datetime) -> tuple[int, int]:
        """Return how often a subject has failed, and how many seconds are left to wait."""
        known = transaction.failures(subject)
        if known is None:
            return 0, 0
        failures, last = known
        if last > now:  # the clock was put back: wait as long as that takes from now, not until then
            transaction.save_failures(subject, failures, now)
            last = now
        left = timedelta(seconds=wait_after(failures, free)) - (now - last)
        return failures, max(ceil(left.total_seconds()), 0)

    def _forgive(self, transaction: Transaction, subjects: tuple[tuple[str, int], ...]) -> None:
        """Forget the failures of a name, and of its address the one that was counted ahead."""
        (name, _free), (address, _many) = subjects
        transaction.save_failures(name, 0, self._clock())
        known = transaction.failures(address)
        if known is not None:
            transaction.save_failures(address, known[0] - 1, known[1])

    def whose(self, token: str) -> Account | None:
        """Return whose session a secret shows, None when it has ended or never was."""
        now, hashed = self._clock(), token_hash(token)
        known = self._store.unchanged(("session", hashed), lambda: self._session(hashed))
        if known is None:
            return None
        row, account = known
        ended = row.revoked or row.epoch != account.epoch or account.disabled
        if ended or now >= row.expires or now >= row.seen + IDLE:
            return None
        if now >= row.seen + NOTED_EVERY:
            with self._store.write() as transaction:
                transaction.touch_session(row.token, now)
        return account

    def _session(self, hashed: str) -> tuple[SessionRow, Account] | None:
        with self._store.read() as transaction:
            return transaction.session(hashed)

    def sign_out(self, token: str) -> None:
        """End the session that a secret shows; one that has ended stays so."""
        with self._store.write() as transaction:
            transaction.revoke_session(token_hash(token))

    def sessions(self, account: str, token: str | None = None) -> tuple[tuple[SessionRow, bool], ...]:
        """Return the sessions of an account that hold, the last used first, each with whether `token` shows it."""
        now, own = self._clock(), None if token is None else token_hash(token)
        with self._store.read() as transaction:
            epoch, rows = found(transaction, account).epoch, transaction.sessions(account)
        held = (row for row in rows if row.epoch == epoch and now < row.expires and now < row.seen + IDLE)
        return tuple((replaced(row), row.token == own) for row in held)

    def change_password(self, account: Account, old: str, new: str, *, address: str) -> Account:
        """Set a new password for somebody who knows the old one; every session ends, also the one it is done from.

        Raises
        ------
        NotAllowed
            When the old one is wrong; it counts as a failure to sign in.
        Invalid
            When the new one is easy to guess.
        """
        self.sign_in(account.sign_in, old, address=address)
        return self.set_password(account.id, new, by=account)

    def demo(self) -> dict[Role, Account]:
        """Return the accounts of the demo, without passwords: a scheduler of all teams, the worker with most to do, and
        a manager of the teams of her place.

        Raises
        ------
        NotFound
            When there are no workers.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            known = {role: transaction.account(f"demo-{role}") for role in DEMO_ROLES}
            if any(account is None for account in known.values()):
                worker = _busiest(transaction)
                teams = _of_one_place(worker.team, {one.team for one in transaction.nouns(Worker)})
                for role in DEMO_ROLES:
                    account = _demo_account(role, worker, teams, self._clock())
                    transaction.save_account(account)
                    known[role] = account
            return {role: account for role, account in known.items() if account is not None}


def replaced(row: SessionRow) -> SessionRow:
    """Return a session without the hash of its secret, which no page needs."""
    return row._replace(token="")


def _subject(kind: str, text: str) -> str:
    return token_hash(f"{kind}:{text}")


def _busiest(transaction: Transaction) -> Worker:
    """Return the worker with most bookings, the first by id among equals."""
    workers = transaction.nouns(Worker)
    if not workers:
        raise NotFound("there are no workers yet: import a company first")
    booked = Counter(one.worker for one in transaction.nouns(Booking) if not one.cancelled)
    return max(workers, key=lambda worker: (booked[worker.id], -workers.index(worker)))


def _of_one_place(team: str, teams: set[str]) -> tuple[str, ...]:
    """Return the teams whose names begin with the same word, as those of one place do in the sample company."""
    return tuple(sorted(one for one in teams if one and one.split()[0] == (team.split() or [""])[0]))


def _demo_account(role: Role, worker: Worker, teams: tuple[str, ...], now: datetime) -> Account:
    plain = Account(f"demo-{role}", f"demo-{role}", f"Demo {role}", Role.SCHEDULER, now)
    if role is Role.WORKER:
        return replace(plain, name=worker.name, role=role, worker=worker.id)
    return replace(plain, role=role, teams=teams if role is Role.MANAGER else ())
