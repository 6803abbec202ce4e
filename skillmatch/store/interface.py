"""Keeping the tokens of programs, and what their writes were answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, insert, select, update

from skillmatch.store import interface_tables
from skillmatch.store.rows import Rows, check_text, micros, moment, to_json

TOKEN = interface_tables.api_token
KEPT = interface_tables.idempotency


class TokenRow(NamedTuple):
    """The token of a program by its id; the secret itself is kept nowhere."""

    id: str
    account: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None
    used: datetime | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """What a write was answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


class Interface(Rows):
    """The part of a transaction that programs need. It takes no revision."""

    def save_token(self, row: TokenRow, token: str) -> None:
        """Keep a token by the hash of its secret."""
        check_text(row.name, "the name of the token")
        values = {
            **row._asdict(),
            "scopes": to_json(row.scopes),
            **{name: _micros(getattr(row, name)) for name in ("created", "expires", "used")},
        }
        self._execute(insert(TOKEN).values(**values, token=token))

    def token(self, hash: str) -> TokenRow | None:
        """Return the token whose secret has this hash, whether it still holds or not."""
        row = self._execute(select(TOKEN).where(TOKEN.c.token == hash)).first()
        return None if row is None else _token(row)

    def tokens(self, account: str | None = None) -> list[TokenRow]:
        """Return the tokens of an account, or all, the newest first."""
        wanted = select(TOKEN).order_by(TOKEN.c.created.desc(), TOKEN.c.id)
        if account is not None:
            wanted = wanted.where(TOKEN.c.account == account)
        return [_token(row) for row in self._execute(wanted)]

    def revoke_token(self, id: str, *, revoked: bool = True) -> None:
        """End a token, or let it hold again."""
        self._execute(update(TOKEN).where(TOKEN.c.id == id).values(revoked=revoked))

    def touch_token(self, id: str, used: datetime) -> None:
        """Note that a token was used."""
        self._execute(update(TOKEN).where(TOKEN.c.id == id).values(used=micros(used)))

    def answered(self, account: str, key: str) -> tuple[str, Answered, datetime] | None:
        """Return the hash of the request that was answered under a key, the answer, and when."""
        wanted = select(KEPT).where(KEPT.c.account == account, KEPT.c.key == key)
        row = self._execute(wanted).first()
        if row is None:
            return None
        return row.request, Answered(row.status, json.loads(row.headers), row.body), moment(row.created)

    def keep_answer(self, account: str, key: str, request: str, answer: Answered, *, time: datetime) -> None:
        """Keep what a request was answered; an older answer under the key goes."""
        self._execute(KEPT.delete().where(KEPT.c.account == account, KEPT.c.key == key))
        values = {"status": answer.status, "headers": to_json(dict(answer.headers)), "body": answer.body}
        row = {"account": account, "key": key, "request": request, "created": micros(time), **values}
        self._execute(insert(KEPT).values(**row))

    def drop_answers(self, *, before: datetime) -> None:
        """Forget what was answered before a moment."""
        self._execute(KEPT.delete().where(KEPT.c.created < micros(before)))


def _micros(time: datetime | None) -> int | None:
    return None if time is None else micros(time)


def _token(row: Row[Any]) -> TokenRow:
    expires, used = (None if value is None else moment(value) for value in (row.expires, row.used))
    scopes = tuple(json.loads(row.scopes))
    return TokenRow(row.id, row.account, row.name, scopes, moment(row.created), expires, used, row.revoked)
