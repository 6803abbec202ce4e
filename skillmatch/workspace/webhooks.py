"""The use-cases of webhooks: which addresses are told what happens, and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from skillmatch.accounts import Account
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.store.store import DeliveryRow, Store, Transaction, WebhookRow
from skillmatch.workspace.happening import EVENTS, TEST
from skillmatch.workspace.sending import check_url, new_secret

__all__ = ["DeliveryRow", "WebhookBook", "WebhookRow"]

MOST_WEBHOOKS = 20


class WebhookBook:
    """The addresses that are told what happens. `by` is who changes them, None for the command line."""

    def __init__(self, store: Store, clock: Callable[[], datetime], *, private: bool) -> None:
        self._store = store
        self._clock = clock
        self._private = private

    def add(
        self, url: str, *, events: Sequence[str], by: Account | None = None, id: str = ""
    ) -> tuple[WebhookRow, str]:
        """Return a new address that is told of events, and the secret with which that is signed.

        Parameters
        ----------
        url
            Where it is told, http or https.
        events
            Of `EVENTS`.
        id
            Drawn beforehand where a form must not make two.

        Raises
        ------
        Invalid
            For an address that cannot be or must not be reached, or without events.
        NotFound
            For an event that is none.
        Conflict
            When the id was used already, the address is there, or there are too many.
        """
        url, chosen, now = check_url(url, private=self._private), _events(events), self._clock()
        who = "command line" if by is None else by.signature
        row = WebhookRow(id or secrets.token_hex(16), url, chosen, True, now, who)
        secret = new_secret()
        with self._store.write() as transaction:
            transaction.wait_in_line()
            if transaction.webhook(row.id) is not None:
                raise Conflict(
                    "this webhook was added already: its secret was shown then; draw a new one if it is lost"
                )
            known = transaction.webhooks()
            if any(one.url == url for one in known):
                raise Conflict("this address is told already: remove it first to choose other events")
            if len(known) >= MOST_WEBHOOKS:
                raise Conflict(f"there are {MOST_WEBHOOKS} webhooks: remove one that is not needed")
            transaction.save_webhook(row, secret)
            transaction.note("webhook added", url, by=by, time=now)
        return row, secret

    def all(self) -> tuple[WebhookRow, ...]:
        """Return all that were not removed, the oldest first."""
        with self._store.read() as transaction:
            return tuple(transaction.webhooks())

    def get(self, id: str) -> WebhookRow:
        """Return one that was not removed, or raise NotFound."""
        with self._store.read() as transaction:
            return _found(transaction, id)

    def set_active(self, id: str, active: bool, *, by: Account | None = None) -> WebhookRow:
        """Pause it or let it go on: while paused nothing is sent, and what happens meanwhile is not told later."""
        with self._store.write() as transaction:
            row = _found(transaction, id)
            if row.active != active:
                transaction.set_webhook(id, active=active)
                what = "webhook goes on" if active else "webhook paused"
                transaction.note(what, row.url, by=by, time=self._clock())
        return row._replace(active=active)

    def remove(self, id: str, *, by: Account | None = None) -> WebhookRow:
        """Remove it: nothing more is sent. For a month it can be brought `back`."""
        with self._store.write() as transaction:
            row = _found(transaction, id)
            transaction.set_webhook(id, removed=self._clock())
            transaction.note("webhook removed", row.url, by=by, time=self._clock())
        return row

    def back(self, id: str, *, by: Account | None = None) -> WebhookRow:
        """Bring back one that was removed."""
        with self._store.write() as transaction:
            transaction.wait_in_line()
            row = _found(transaction, id, removed=True)
            if row.removed is None:
                return row
            if any(one.url == row.url for one in transaction.webhooks()):
                raise Conflict("its address was added anew meanwhile: remove that one first")
            transaction.set_webhook(id, back=True)
            transaction.note("webhook brought back", row.url, by=by, time=self._clock())
        return row._replace(removed=None)

    def roll(self, id: str, *, by: Account | None = None) -> str:
        """Return a new secret, which signs all that is sent from now on."""
        secret = new_secret()
        with self._store.write() as transaction:
            row = _found(transaction, id)
            transaction.set_webhook(id, secret=secret)
            transaction.note("webhook secret drawn", row.url, by=by, time=self._clock())
        return secret

    def test(self, id: str) -> DeliveryRow:
        """Write down a message that tries it out, and return it; a paused one raises Conflict."""
        with self._store.write() as transaction:
            row = _found(transaction, id)
            _check_active(row)
            transaction.tell(TEST, {"message": "This is a test. Nothing has happened."}, time=self._clock(), only=id)
            return transaction.deliveries(id, limit=1)[0]

    def again(self, number: int) -> DeliveryRow:
        """Tell once more what was told before, under the same id of the event; return the new delivery."""
        with self._store.write() as transaction:
            earlier = transaction.delivery(number)
            if earlier is None:
                raise NotFound(f"there is no delivery {number}: look at the list of deliveries")
            _check_active(_found(transaction, earlier.webhook))
            if earlier.due is not None:
                raise Conflict(f"delivery {number} is on its way still: wait until it has arrived or was given up")
            made = transaction.delivery(transaction.repeat_delivery(earlier, time=self._clock()))
            assert made is not None
            return made

    def deliveries(self, id: str, *, limit: int = 50, offset: int = 0) -> tuple[DeliveryRow, ...]:
        """Return what one was told, the newest first; or raise NotFound."""
        with self._store.read() as transaction:
            _found(transaction, id)
            return tuple(transaction.deliveries(id, limit=limit, offset=offset))

    def delivery(self, number: int) -> DeliveryRow:
        """Return a delivery by its number, or raise NotFound."""
        with self._store.read() as transaction:
            found = transaction.delivery(number)
        if found is None:
            raise NotFound(f"there is no delivery {number}: look at the list of deliveries")
        return found


def _events(events: Sequence[str]) -> tuple[str, ...]:
    for event in events:
        if event not in EVENTS:
            raise NotFound.named("event", event, EVENTS)
    if not events:
        raise Invalid(f"a webhook without events is told nothing: choose some of {', '.join(EVENTS)}")
    return tuple(event for event in EVENTS if event in events)


def _found(transaction: Transaction, id: str, *, removed: bool = False) -> WebhookRow:
    row = transaction.webhook(id) if id.isprintable() else None
    if row is None or (row.removed is not None and not removed):
        raise NotFound("there is no such webhook: look at the list of webhooks")
    return row


def _check_active(row: WebhookRow) -> None:
    if not row.active:
        raise Conflict("this webhook is paused: let it go on first")
