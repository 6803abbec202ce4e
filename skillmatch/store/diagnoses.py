"""How strongly signs speak for causes, as learned, under versions: what a version said is never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select

from skillmatch.store import schema
from skillmatch.store.rows import Rows, micros, moment, to_json

TABLE = schema.diagnosis


class Learned(NamedTuple):
    """One version of the weights of signs: learned from so many findings, and when."""

    version: int
    record: Mapping[str, float]
    findings: int
    created: datetime


class Diagnoses(Rows):
    """The part of a transaction that keeps the weights of signs. They take no revision."""

    def sign_weights(self) -> Learned | None:
        """Return the newest weights; None as long as none were learned."""
        row = self._execute(select(TABLE).order_by(TABLE.c.version.desc()).limit(1)).first()
        if row is None:
            return None
        return Learned(row.version, json.loads(row.record), row.findings, moment(row.created))

    def save_sign_weights(self, record: Mapping[str, float], *, findings: int, time: datetime) -> int:
        """Keep weights under the next version, which becomes the newest, and return its number."""
        self._wait_in_line()
        newest = self.sign_weights()
        version = newest.version + 1 if newest else 1
        values = {"version": version, "record": to_json(dict(record)), "findings": findings, "created": micros(time)}
        self._execute(insert(TABLE).values(**values))
        return version
