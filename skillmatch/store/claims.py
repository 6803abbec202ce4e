"""Keeping what workers hand in to be decided, and the files that belong to it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from skillmatch.claims import Attachment, CertificateClaim, Claim, ClaimStatus, LevelClaim
from skillmatch.store import schema
from skillmatch.store.rows import Rows, check_text, chunks, micros, moment, printable, to_json

CLAIM = schema.claim
ATTACHMENT = schema.attachment
CERTIFICATE, LEVEL = "certification", "assessment"
"""By the kinds of evidence that they become."""


class Claims(Rows):
    """The part of a transaction that keeps claims and files. It takes no revision: nothing is ranked by them."""

    def save_claim(self, claim: Claim) -> None:
        """Insert a claim, or overwrite what became of the one with the same id."""
        values = {
            "status": str(claim.status),
            "decided": None if claim.decided is None else micros(claim.decided),
            "decided_by": claim.decided_by,
            "reason": claim.reason,
        }
        check_text(claim.reason, "the reason")
        if self.claim(claim.id) is not None:
            self._execute(update(CLAIM).where(CLAIM.c.id == claim.id).values(**values))
            return
        for text, what in ((claim.note, "the note"), *((value, "the claim") for value in _texts(claim.what))):
            check_text(text, what)
        kind, payload = _payload(claim.what)
        self._execute(
            insert(CLAIM).values(
                id=claim.id,
                worker=claim.worker,
                kind=kind,
                payload=to_json(payload),
                attachment=claim.attachment,
                note=claim.note,
                time=micros(claim.time),
                by=claim.by,
                **values,
            )
        )

    def claim(self, id: str) -> Claim | None:
        """Return a claim by its id, None when there is none."""
        rows = self._claims(CLAIM.c.id == id) if printable(id) else []
        return rows[0] if rows else None

    def claims(
        self, *, worker: str | None = None, status: ClaimStatus | None = None, limit: int | None = None
    ) -> list[Claim]:
        """Return claims, the oldest first: all, or those of a worker, or that stand so; with `limit` the last ones."""
        if worker is not None and not printable(worker):
            return []
        wanted = [CLAIM.c.worker == worker] if worker is not None else []
        wanted += [CLAIM.c.status == str(status)] if status is not None else []
        statement = select(CLAIM).where(*wanted).order_by(CLAIM.c.time.desc(), CLAIM.c.id.desc()).limit(limit)
        return [_claim(row) for row in self._execute(statement)][::-1]

    def decided_claims(self, *, limit: int) -> list[Claim]:
        """Return the claims that were decided last, the newest decision first."""
        decided = CLAIM.c.status.in_([str(ClaimStatus.APPROVED), str(ClaimStatus.DECLINED)])
        statement = select(CLAIM).where(decided).order_by(CLAIM.c.decided.desc(), CLAIM.c.id).limit(limit)
        return [_claim(row) for row in self._execute(statement)]

    def _claims(self, wanted: Any) -> list[Claim]:
        return [_claim(row) for row in self._execute(select(CLAIM).where(wanted))]

    def save_attachment(self, file: Attachment) -> None:
        """Keep a file."""
        check_text(file.name, "the name of the file")
        self._execute(
            insert(ATTACHMENT).values(
                id=file.id,
                name=file.name,
                media=file.media,
                size=len(file.content),
                sha256=sha256(file.content).hexdigest(),
                content=file.content,
                worker=file.worker,
                by=file.by,
                time=micros(file.time),
            )
        )

    def attachment(self, id: str) -> Attachment | None:
        """Return a file by its id, None when there is none."""
        row = self._execute(select(ATTACHMENT).where(ATTACHMENT.c.id == id)).first() if printable(id) else None
        return None if row is None else _attachment(row)

    def attachment_medias(self, ids: Collection[str]) -> dict[str, str]:
        """Return the media types of files by their ids, without their content."""
        found: dict[str, str] = {}
        for part in chunks(sorted(ids)):
            rows = self._execute(select(ATTACHMENT.c.id, ATTACHMENT.c.media).where(self._among(ATTACHMENT.c.id, part)))
            found.update((row.id, row.media) for row in rows)
        return found

    def drop_attachments(self, *, before: datetime) -> int:
        """Forget files that were sent before a moment and never came to belong to a claim; return how many."""
        used = select(CLAIM.c.attachment).where(CLAIM.c.attachment.is_not(None))
        stale = (ATTACHMENT.c.time < micros(before), ATTACHMENT.c.id.not_in(used))
        count = int(self._execute(select(func.count()).select_from(ATTACHMENT).where(*stale)).scalar_one())
        if count:
            self._execute(ATTACHMENT.delete().where(*stale))
        return count


def _texts(what: CertificateClaim | LevelClaim) -> tuple[str, ...]:
    return (what.type, what.issuer) if isinstance(what, CertificateClaim) else (what.skill,)


def _payload(what: CertificateClaim | LevelClaim) -> tuple[str, dict[str, Any]]:
    """Return the kind of evidence that a claim is to become, and what is particular to it."""
    if isinstance(what, LevelClaim):
        return LEVEL, {"skill": what.skill, "level": what.level}
    payload: dict[str, Any] = {"type": what.type, "issued": what.issued.isoformat()}
    if what.expires is not None:
        payload["expires"] = what.expires.isoformat()
    return CERTIFICATE, {**payload, **({"issuer": what.issuer} if what.issuer else {})}


def _what(kind: str, payload: dict[str, Any]) -> CertificateClaim | LevelClaim:
    if kind == LEVEL:
        return LevelClaim(payload["skill"], payload["level"])
    expires = payload.get("expires")
    return CertificateClaim(
        payload["type"],
        date.fromisoformat(payload["issued"]),
        date.fromisoformat(expires) if expires else None,
        payload.get("issuer", ""),
    )


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        row.id,
        row.worker,
        _what(row.kind, json.loads(row.payload)),
        moment(row.time),
        row.by,
        row.note,
        row.attachment,
        ClaimStatus(row.status),
        None if row.decided is None else moment(row.decided),
        row.decided_by,
        row.reason,
    )


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(row.id, row.name, row.media, bytes(row.content), row.worker, row.by, moment(row.time))
