"""Keeping addresses that are told what happens, and what they are told: written with what happened, sent afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Row, and_, delete, exists, insert, or_, select, update

from skillmatch.store import interface_tables
from skillmatch.store.rows import Rows, micros, moment, to_json

HOOK = interface_tables.webhook
DELIVERY = interface_tables.delivery
TOLD = interface_tables.told
_HOOK_COLUMNS = [column for column in HOOK.c if column.name != "secret"]


class WebhookRow(NamedTuple):
    """An address that is told of `events`, without the secret that signs what is sent."""

    id: str
    url: str
    events: tuple[str, ...]
    active: bool
    created: datetime
    by: str
    removed: datetime | None = None


class DeliveryRow(NamedTuple):
    """What is told to one address: `due` is when it is tried next, None once it arrived or was given up.

    `status` is that of the last answer, None where there was none; `error` says why it did not arrive.
    """

    number: int
    webhook: str
    event: str
    payload: str
    created: datetime
    due: datetime | None
    attempts: int
    status: int | None
    error: str
    delivered: datetime | None


class Webhooks(Rows):
    """The part of a transaction that tells others what happens. It takes no revision."""

    def save_webhook(self, row: WebhookRow, secret: str) -> None:
        """Keep an address that is told what happens."""
        values = {**row._asdict(), "events": to_json(row.events), "created": micros(row.created), "removed": None}
        self._execute(insert(HOOK).values(**values, secret=secret))

    def webhooks(self) -> list[WebhookRow]:
        """Return the addresses that were not removed, the oldest first."""
        wanted = select(*_HOOK_COLUMNS).where(HOOK.c.removed.is_(None)).order_by(HOOK.c.created, HOOK.c.id)
        return [_hook(row) for row in self._execute(wanted)]

    def webhook(self, id: str) -> WebhookRow | None:
        """Return an address by its id, a removed one too."""
        row = self._execute(select(*_HOOK_COLUMNS).where(HOOK.c.id == id)).first()
        return None if row is None else _hook(row)

    def webhook_secret(self, id: str) -> str:
        """Return what signs that which is sent to an address that is there."""
        return str(self._execute(select(HOOK.c.secret).where(HOOK.c.id == id)).scalar_one())

    def set_webhook(
        self,
        id: str,
        *,
        active: bool | None = None,
        secret: str | None = None,
        removed: datetime | None = None,
        back: bool = False,
    ) -> None:
        """Change what is given of an address; `back` undoes that it was removed."""
        values: dict[str, Any] = {"removed": None} if back else {}
        given = {"active": active, "secret": secret, "removed": None if removed is None else micros(removed)}
        values.update({name: value for name, value in given.items() if value is not None})
        self._execute(update(HOOK).where(HOOK.c.id == id).values(**values))

    def tell(self, event: str, data: Mapping[str, Any], *, time: datetime, only: str | None = None) -> int:
        """Write down what happened for every address that is told of it, or `only` for one; return for how many.

        The payload names the event by an id of its own, so that whoever gets it twice knows.
        """
        hooks = [one for one in self.webhooks() if one.active and event in one.events]
        if only is not None:
            hooks = [one for one in self.webhooks() if one.id == only]
        if not hooks:
            return 0
        body = {"id": f"evt_{uuid4().hex}", "type": event, "timestamp": time.isoformat(), "data": data}
        payload = json.dumps(body, separators=(",", ":"))
        rows = [{"webhook": one.id, "event": event, "payload": payload} for one in hooks]
        now = micros(time)
        self._execute(insert(DELIVERY), [{**row, "created": now, "due": now, "attempts": 0} for row in rows])
        return len(rows)

    def repeat_delivery(self, row: DeliveryRow, *, time: datetime) -> int:
        """Tell once more what was told before, under the same id of the event; return the number of the new one."""
        values = {"webhook": row.webhook, "event": row.event, "payload": row.payload, "attempts": 0}
        added = self._execute(insert(DELIVERY).values(**values, created=micros(time), due=micros(time)))
        return int(added.inserted_primary_key[0])  # type: ignore[index]

    def next_due(self) -> datetime | None:
        """Return when the next delivery is to be tried."""
        wanted = select(DELIVERY.c.due).select_from(DELIVERY.join(HOOK)).where(_SENDING).order_by(DELIVERY.c.due)
        due = self._execute(wanted.limit(1)).scalar()
        return None if due is None else moment(due)

    def claim_delivery(self, now: datetime, *, until: datetime, number: int | None = None) -> DeliveryRow | None:
        """Take one delivery that is due, or that with a `number`, and count an attempt; None when there is none.

        Nobody else gets it before `until`: if this process dies, it is tried again then.
        """
        wanted = select(DELIVERY).join(HOOK).where(_SENDING, DELIVERY.c.due <= micros(now))
        if number is not None:
            wanted = wanted.where(DELIVERY.c.number == number)
        wanted = wanted.order_by(DELIVERY.c.due, DELIVERY.c.number).limit(1)
        row = self._execute(wanted.with_for_update(skip_locked=True, of=DELIVERY)).first()
        if row is None:
            return None
        taken = {"attempts": row.attempts + 1, "due": micros(until)}
        self._execute(update(DELIVERY).where(DELIVERY.c.number == row.number).values(**taken))
        return _delivery(row)._replace(attempts=row.attempts + 1, due=until)

    def delivery_arrived(self, number: int, status: int, time: datetime) -> None:
        """Note that a delivery arrived."""
        values = {"status": status, "error": "", "delivered": micros(time), "due": None}
        self._execute(update(DELIVERY).where(DELIVERY.c.number == number).values(**values))

    def delivery_failed(self, row: DeliveryRow, status: int | None, error: str, *, again: datetime | None) -> None:
        """Note that the attempt of a claimed delivery failed, unless somebody has tried it since; None gives it up."""
        mine = and_(DELIVERY.c.number == row.number, DELIVERY.c.attempts == row.attempts, DELIVERY.c.due.is_not(None))
        values = {"status": status, "error": error, "due": None if again is None else micros(again)}
        self._execute(update(DELIVERY).where(mine).values(**values))

    def postpone_deliveries(self, webhook: str, until: datetime) -> None:
        """Let what waits for an address wait longer: it does not answer, and others are waiting, too."""
        waiting = and_(DELIVERY.c.webhook == webhook, DELIVERY.c.due < micros(until))
        self._execute(update(DELIVERY).where(waiting).values(due=micros(until)))

    def give_up_deliveries(self, *, before: datetime, error: str) -> None:
        """Give up what has waited since before a moment."""
        old = and_(DELIVERY.c.due.is_not(None), DELIVERY.c.created < micros(before))
        self._execute(update(DELIVERY).where(old).values(due=None, error=error))

    def deliveries(self, webhook: str, *, limit: int = 50, offset: int = 0) -> list[DeliveryRow]:
        """Return what an address was told, the newest first."""
        wanted = select(DELIVERY).where(DELIVERY.c.webhook == webhook).order_by(DELIVERY.c.number.desc())
        return [_delivery(row) for row in self._execute(wanted.limit(limit).offset(offset))]

    def delivery(self, number: int) -> DeliveryRow | None:
        """Return a delivery by its number."""
        row = self._execute(select(DELIVERY).where(DELIVERY.c.number == number)).first()
        return None if row is None else _delivery(row)

    def forget_deliveries(self, *, before: datetime, told: datetime) -> None:
        """Forget deliveries that ended and addresses that were removed before a moment; and what was `told` before."""
        then = micros(before)
        self._execute(delete(TOLD).where(TOLD.c.time < micros(told)))
        gone = select(HOOK.c.id).where(HOOK.c.removed < then)
        ended = and_(DELIVERY.c.due.is_(None), DELIVERY.c.created < then)
        self._execute(delete(DELIVERY).where(or_(ended, DELIVERY.c.webhook.in_(gone))))
        self._execute(delete(HOOK).where(HOOK.c.removed < then, ~exists().where(DELIVERY.c.webhook == HOOK.c.id)))

    def first_time(self, key: str, time: datetime) -> bool:
        """Return whether this was never told, and note that it is now. Ask after waiting in line."""
        if self._execute(select(TOLD.c.key).where(TOLD.c.key == key)).first() is not None:
            return False
        self._execute(insert(TOLD).values(key=key, time=micros(time)))
        return True


_SENDING = and_(DELIVERY.c.due.is_not(None), HOOK.c.active, HOOK.c.removed.is_(None))


def _hook(row: Row[Any]) -> WebhookRow:
    removed = None if row.removed is None else moment(row.removed)
    return WebhookRow(row.id, row.url, tuple(json.loads(row.events)), row.active, moment(row.created), row.by, removed)


def _delivery(row: Row[Any]) -> DeliveryRow:
    values = dict(row._mapping)
    for name in ("created", "due", "delivered"):
        values[name] = None if values[name] is None else moment(values[name])
    return DeliveryRow(**values)
