"""The use-case of a request that counts once: what it writes and what it was answered are kept in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from skillmatch.errors import Invalid
from skillmatch.store.store import Answered
from skillmatch.workspace.base import Base

__all__ = ["KEPT_FOR", "Answered", "KeyUsed", "Once"]

KEPT_FOR = timedelta(hours=24)


class KeyUsed(Invalid):
    """A key that counts a request once was used for another request."""


class Once(Base):
    """The part of the workspace that lets a program ask twice and be served once."""

    def once(self, account: str, key: str | None, request: str, act: Callable[[], Answered]) -> tuple[Answered, bool]:
        """Return what a request is answered, and whether that is the answer of an earlier time.

        All that `act` writes is one transaction with its answer: when the process is killed, both are there or neither.
        Of two at once the second waits for the first, and is then given its answer. Nothing is kept of a request that
        raises. What `act` reads is the state before it.

        Parameters
        ----------
        account
            Whose request it is, by id: keys of different accounts are different keys.
        key
            What names the request; None for one that counts each time.
        request
            The hash of all that matters of it.

        Raises
        ------
        KeyUsed
            When another request had the key within 24 hours.
        """
        # The lock comes before the database, as everywhere: otherwise two threads would wait for each other.
        with self._lock, self._store.together() as transaction:
            now = self.now()
            if key is not None:
                transaction.drop_answers(before=now - KEPT_FOR)
                earlier = transaction.answered(account, key)
                if earlier is not None:
                    if earlier[0] != request:
                        raise KeyUsed(
                            f"the key {key!r} was used for another request at {earlier[2]:%Y-%m-%d %H:%M} UTC: send "
                            "the same one again for its answer, or use a new key"
                        )
                    return earlier[1], True
            answer = act()
            if key is not None:
                transaction.keep_answer(account, key, request, answer, time=now)
            return answer, False
