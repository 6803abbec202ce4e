"""The store: one database, SQLite or PostgreSQL, that takes and returns nouns, evidence and beliefs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import local

from sqlalchemy import Connection, Engine, select, update

from skillmatch.beliefs.params import BeliefParams
from skillmatch.errors import Invalid, NotFound
from skillmatch.skills.merging import Meanings
from skillmatch.store import connect, schema
from skillmatch.store.accounts import Accounts, AuditRow, SessionRow
from skillmatch.store.asked import AskedFor
from skillmatch.store.beliefs import Beliefs
from skillmatch.store.board import Board
from skillmatch.store.claims import Claims
from skillmatch.store.decisions import Decisions
from skillmatch.store.demanded import Demanded
from skillmatch.store.diagnoses import Diagnoses
from skillmatch.store.edits import Edits
from skillmatch.store.interface import Answered, Interface, TokenRow
from skillmatch.store.outcomes import Outcomes
from skillmatch.store.parameters import Parameters
from skillmatch.store.places import Places
from skillmatch.store.plans import PlanRow, Plans
from skillmatch.store.policies import Policies, PolicyRow
from skillmatch.store.unchanged import Answer, Unchanged
from skillmatch.store.upgrade import upgrade
from skillmatch.store.uploads import Uploads
from skillmatch.store.vectors import Vectors
from skillmatch.store.versions import Appended
from skillmatch.store.webhooks import DeliveryRow, WebhookRow, Webhooks
from skillmatch.store.work import Visit, WorkRow

__all__ = [
    "Answered",
    "Appended",
    "AuditRow",
    "DeliveryRow",
    "PlanRow",
    "PolicyRow",
    "SessionRow",
    "Store",
    "TokenRow",
    "Transaction",
    "Visit",
    "WebhookRow",
    "WorkRow",
]


MOST_SEEN = 100


class Transaction(
    Parameters,
    Outcomes,
    AskedFor,
    Beliefs,
    Decisions,
    Policies,
    Diagnoses,
    Vectors,
    Demanded,
    Uploads,
    Accounts,
    Plans,
    Claims,
    Interface,
    Places,
    Board,
    Edits,
    Webhooks,
):
    """What can be read and written between two moments; made by `Store.read` and `Store.write`."""

    seen_meanings: dict[int, Meanings] | None = None
    """By revision, what was read of merges before. Whoever asks for the revision anyway, as every ranking does, has
    the meanings for nothing. Only readers fill this: what a writer sees of its own may still be rolled back.
    """
    _seen_revision: int | None = None

    def revision(self) -> int:
        """Return the number of the last write; 0 before the first. Looking back, that of the write looked back to."""
        if self.as_of is not None:
            return self.as_of
        if self.writes or self._seen_revision is None:
            self._seen_revision = self._newest_revision()
        return self._seen_revision

    def next_revision(self) -> int:
        """Take the number of this write, after waiting for earlier writers: numbers appear in order, without gaps."""
        counter = schema.counter  # updating it waits in line
        self._execute(update(counter).values(value=counter.c.value + 1))
        self._forget_meanings()
        return self._newest_revision()

    def history_from(self) -> int:
        """Return the first revision that can be looked back to: 0, or that at which an older database was upgraded."""
        return int(self._execute(select(schema.counter.c.history_from)).scalar_one())

    def _newest_revision(self) -> int:
        return int(self._execute(select(schema.counter.c.value)).scalar_one())

    def _find_meanings(self) -> Meanings:
        seen = self.seen_meanings
        if seen is None or self.writes or self.as_of is not None:
            return super()._find_meanings()
        revision = self.revision()
        found = seen.get(revision)
        if found is None:
            found = super()._find_meanings()
            if len(seen) >= MOST_SEEN:
                seen.clear()
            seen[revision] = found
        return found

    def check_as_of(self) -> None:
        """Raise Invalid or NotFound unless there is a state to look back to."""
        if self.as_of is None:
            return
        newest, first = self._newest_revision(), self.history_from()
        if not 0 <= self.as_of <= newest:
            raise Invalid(f"there was no revision {self.as_of} yet: expected {first} to {newest}")
        if self.as_of < first:
            raise NotFound(
                f"what the database held as of revision {self.as_of} is not known any more: it was written by an older"
                f" skillmatch, and its history is kept from revision {first} on; expected {first} to {newest}"
            )


class Store:
    """A database of skillmatch. Threads may share it; each transaction belongs to one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen_params: dict[int, BeliefParams] = {}
        self._seen_meanings: dict[int, Meanings] = {}
        self._here = local()
        self._unchanged = Unchanged(engine)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open a database, and create its tables or bring them up to this version where needed.

        Parameters
        ----------
        url
            `sqlite:///folder/file.db`, `postgresql://user:password@host:5432/name`, or the path of a SQLite file.

        Raises
        ------
        StoreError
            When it cannot be reached, belongs to another program, or was written by a newer skillmatch.
        """
        engine = connect.engine_for(connect.address(url))
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Close all connections."""
        self._unchanged.close()
        self._engine.dispose()

    @property
    def url(self) -> str:
        """The address of the database, for people: without its password."""
        return connect.shown(self._engine.url)

    @contextmanager
    def read(self, as_of: int | None = None) -> Iterator[Transaction]:
        """Give a transaction that sees one unchanging state of the database and cannot write.

        Parameters
        ----------
        as_of
            A revision: nouns and evidence are read as they were right after it. Beliefs are not kept for looking back:
            fold them from the evidence, with the parameters of then (`params_of`). Decisions, policies and parameters
            that have a version are the same as of any revision.

        Raises
        ------
        Invalid
            When there was no such revision yet; and from what has no answer but for the newest state.
        NotFound
            When the revision is older than the history that the database keeps.
        """
        shared: Transaction | None = getattr(self._here, "snapshot", None)
        if shared is not None and as_of is None:
            yield shared
            return
        with connect.transaction(self._engine, writes=False) as connection:
            transaction = Transaction(connection, self._seen_params, as_of=as_of)
            transaction.seen_meanings = self._seen_meanings
            transaction.check_as_of()
            yield transaction

    def unchanged(self, key: Hashable, answer: Callable[[], Answer]) -> Answer:
        """Return what was answered under a key before, if nothing was committed since; otherwise ask.

        For what every page asks. Anybody may be given the same answer, so nobody may change it. Within a snapshot, or
        writes that are made together, it is asked each time.
        """
        if getattr(self._here, "snapshot", None) is not None or getattr(self._here, "connection", None) is not None:
            return answer()
        return self._unchanged.ask(key, answer)

    def one_moment(self) -> AbstractContextManager[None]:
        """Let answers that stand be those of the beginning of the block, until this thread writes."""
        return self._unchanged.one_moment()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make all that this thread reads within the block one state of the database, and what was read be remembered.

        For what asks many small questions, such as a page. Nothing may be written within: the reader would not see it.

        Raises
        ------
        Invalid
            For a write within it.
        """
        if getattr(self._here, "snapshot", None) is not None:
            yield
            return
        with self.read() as transaction:
            transaction.remembered = {}
            self._here.snapshot = transaction
            try:
                yield
            finally:
                self._here.snapshot = None

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Give a transaction that is committed as a whole at the end of the block, or not at all on any exception.

        Within `together` it is a part of that one: undone on an exception, committed with all the rest.
        """
        if getattr(self._here, "snapshot", None) is not None:
            raise Invalid("nothing can be written while one state is looked at: write before or after snapshot()")
        joined: Connection | None = getattr(self._here, "connection", None)
        if joined is not None:
            with joined.begin_nested():
                yield Transaction(joined, self._seen_params, writes=True)
            return
        try:
            with connect.transaction(self._engine, writes=True) as connection:
                yield Transaction(connection, self._seen_params, writes=True)
        finally:
            self._unchanged.written()

    @contextmanager
    def together(self) -> Iterator[Transaction]:
        """Make all that this thread writes within the block one transaction, after waiting for other writers.

        What the thread reads meanwhile is the state before it, which nobody changes until it ends.

        Raises
        ------
        Invalid
            Within itself.
        """
        if getattr(self._here, "connection", None) is not None:
            raise Invalid("these writes are together with others already: expected one block around all of them")
        with connect.transaction(self._engine, writes=True) as connection:
            self._here.connection = connection
            try:
                transaction = Transaction(connection, self._seen_params, writes=True)
                transaction.wait_in_line()
                yield transaction
            finally:
                self._here.connection = None
                self._unchanged.written()
