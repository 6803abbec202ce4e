"""Sending what is to be told: claimed so that no two processes send the same at once, tried again, given up in a day.

What was claimed by a process that died is tried again a minute later: a message arrives at least once, and its id says
which one it is.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from threading import Event

from skillmatch.errors import SkillmatchError
from skillmatch.store.store import DeliveryRow, Store
from skillmatch.workspace.certificates import Papers, RunsOut
from skillmatch.workspace.sending import SECONDS, send

HELD = timedelta(seconds=60)
"""So long a delivery belongs to the process that claimed it."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=6)
JITTER = 0.25
GIVEN_UP = timedelta(hours=24)
NOT_THERE = timedelta(seconds=60)
"""So long all else waits for an address that did not answer."""
KEPT, KEPT_TOLD = timedelta(days=30), timedelta(days=400)
STAGES = (7, 30, 60)
"""Days before its last day at which a certificate is told of."""
IDLE_SECONDS = 2.0
TOO_OLD = "it waited for a day: the receiver was busy or did not answer"
EXPIRING = "certificate.expiring"

log = logging.getLogger(__name__)


def pause_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, a quarter more or less by `chance`.

    >>> [round(pause_after(n, 0.5).total_seconds()) for n in (1, 2, 3, 9, 30)]
    [15, 30, 60, 3840, 21600]
    """
    usual = min(FIRST_PAUSE * float(2 ** min(attempts - 1, 20)), LONGEST_PAUSE)
    return usual * (1 + JITTER * (2 * chance - 1))


class Courier:
    """Sends what is to be told. Any number may be at work on one database."""

    def __init__(self, store: Store, clock: Callable[[], datetime], papers: Papers, *, private: bool) -> None:
        self._store = store
        self._clock = clock
        self._papers = papers
        self._private = private

    def deliver(
        self, *, most: int = 10_000, seconds: float = SECONDS, stop: Event | None = None
    ) -> tuple[DeliveryRow, ...]:
        """Send what is due, one after the other, and return it as it stands afterwards."""
        done: list[DeliveryRow] = []
        while len(done) < most and not (stop and stop.is_set()):
            row = self.deliver_one(seconds=seconds)
            if row is None:
                break
            done.append(row)
        return tuple(done)

    def deliver_one(self, number: int | None = None, *, seconds: float = SECONDS) -> DeliveryRow | None:
        """Send one delivery that is due, or that with a `number`; None where another process has it."""
        now = self._clock()
        with self._store.read() as transaction:  # so that nothing is locked while nothing is due
            due = transaction.next_due()
        if due is None or due > now:
            return None
        with self._store.write() as transaction:
            row = transaction.claim_delivery(now, until=now + HELD, number=number)
            if row is None:
                return None
            hook, secret = transaction.webhook(row.webhook), transaction.webhook_secret(row.webhook)
        assert hook is not None
        id = str(json.loads(row.payload)["id"])
        sent = send(
            hook.url,
            secret,
            id=id,
            timestamp=int(now.timestamp()),
            body=row.payload.encode(),
            private=self._private,
            seconds=seconds,
        )
        now = self._clock()
        with self._store.write() as transaction:
            if sent.arrived and sent.status is not None:
                transaction.delivery_arrived(row.number, sent.status, now)
            else:
                transaction.delivery_failed(row, sent.status, sent.error, again=_again(row, now))
                if sent.status is None:
                    transaction.postpone_deliveries(row.webhook, now + NOT_THERE)
            after = transaction.delivery(row.number)
        return after

    def tend(self) -> int:
        """Do what is to be done once a day; return how many certificates were told of. Done twice, it tells once."""
        now = self._clock()
        with self._store.write() as transaction:
            transaction.give_up_deliveries(before=now - GIVEN_UP - HELD, error=TOO_OLD)
            transaction.forget_deliveries(before=now - KEPT, told=now - KEPT_TOLD)
        return self._tell_expiring(now)

    def _tell_expiring(self, now: datetime) -> int:
        with self._store.read() as transaction:
            hooks = [one.id for one in transaction.webhooks() if one.active and EXPIRING in one.events]
        if not hooks:
            return 0
        ending = [one for one in self._papers.running_out(max(STAGES), sees=lambda _worker: True) if one.days >= 0]
        told = 0
        with self._store.write() as transaction:
            transaction.wait_in_line()
            for hook in hooks:
                for one in ending:
                    if transaction.first_time(_key(hook, one), now):
                        told += transaction.tell(EXPIRING, _expiring(one), time=now, only=hook)
        return told

    def run(self, stop: Event, *, idle: float = IDLE_SECONDS) -> None:
        """Send and tend until `stop`. A database that is busy or away for a while is no reason to end."""
        tended: date | None = None
        while not stop.is_set():
            try:
                today = self._clock().date()
                if tended != today:
                    self.tend()
                    tended = today
                self.deliver(stop=stop)
            except SkillmatchError as error:
                log.warning("messages to webhooks wait: %s", error)
                stop.wait(30.0)
            except Exception:
                log.exception("messages to webhooks wait")
                stop.wait(30.0)
            stop.wait(idle)


def _again(row: DeliveryRow, now: datetime) -> datetime | None:
    """Return when a delivery is tried next, None when that is more than a day after it was written down."""
    then = now + pause_after(row.attempts, random.random())
    return then if then <= row.created + GIVEN_UP else None


def _stage(days: int) -> int:
    return next(stage for stage in STAGES if days <= stage)


def _key(hook: str, one: RunsOut) -> str:
    held = one.certification
    parts = (hook, one.worker.id, held.type, str(held.expires), str(_stage(one.days)))
    return sha256("\0".join(parts).encode()).hexdigest()


def _expiring(one: RunsOut) -> dict[str, object]:
    held = one.certification
    return {"worker": one.worker.id, "certificate": held.type, "expires": str(held.expires), "days": one.days}
