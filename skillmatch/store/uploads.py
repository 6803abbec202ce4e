"""Files that somebody has sent and nobody has taken in yet: kept between a preview and its confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, insert, select, update

from skillmatch.beliefs.evidence import Evidence, Retraction
from skillmatch.store.log import TABLE as LOG
from skillmatch.store.log import Log
from skillmatch.store.paper_tables import attachment
from skillmatch.store.rows import micros, moment, printable
from skillmatch.store.versions import fact_of

FILE, CHOICES = "matrix-", "choice-"
"""How the ids of what is thrown away begin: sheets, and what somebody has chosen about one."""
_LOG_COLUMNS = (LOG.c.kind, LOG.c.payload, LOG.c.id, LOG.c.worker, LOG.c.time, LOG.c.source)


@dataclass(frozen=True, slots=True)
class Upload:
    """A sheet as it was sent: by the account with the id `by`, under the `name` that it had there."""

    id: str
    name: str
    media: str
    content: bytes
    by: str
    time: datetime


class Uploads(Log):
    """The part of a transaction that keeps what was sent until it is taken in or thrown away."""

    def save_upload(self, upload: Upload) -> None:
        """Keep a file, or replace that with the same id."""
        self._execute(delete(attachment).where(attachment.c.id == upload.id))
        values = {
            "id": upload.id,
            "name": upload.name,
            "media": upload.media,
            "size": len(upload.content),
            "sha256": sha256(upload.content).hexdigest(),
            "content": upload.content,
            "worker": None,
            "by": upload.by,
            "time": micros(upload.time),
        }
        self._execute(insert(attachment).values(**values))

    def upload(self, id: str) -> Upload | None:
        """Return a file that waits to be taken in, None when there is none: other attachments are none."""
        if not printable(id) or not id.startswith((FILE, CHOICES)):
            return None
        row = self._execute(select(attachment).where(attachment.c.id == id)).first()
        if row is None:
            return None
        return Upload(row.id, row.name, row.media, bytes(row.content), row.by, moment(row.time))

    def uploads_of(self, by: str, beginning: str = FILE) -> list[str]:
        """Return the ids of what somebody has sent, the newest first."""
        wanted = (attachment.c.by == by, attachment.c.id.startswith(beginning, autoescape=True))
        rows = select(attachment.c.id).where(*wanted).order_by(attachment.c.time.desc(), attachment.c.id)
        return list(self._execute(rows).scalars())

    def touch_upload(self, id: str, now: datetime) -> None:
        """Note that somebody still works on it."""
        self._execute(update(attachment).where(attachment.c.id == id).values(time=micros(now)))

    def drop_upload(self, id: str) -> bool:
        """Throw a file away; return whether it was there."""
        if not id.startswith((FILE, CHOICES)):
            return False
        return self._execute(delete(attachment).where(attachment.c.id == id)).rowcount > 0

    def drop_uploads(self, *, before: datetime) -> None:
        """Throw away what nobody has touched since a moment."""
        for beginning in (FILE, CHOICES):
            old = (attachment.c.id.startswith(beginning, autoescape=True), attachment.c.time < micros(before))
            self._execute(delete(attachment).where(*old))

    def appended_at(self, revision: int, source: str) -> list[Evidence]:
        """Return the facts of a source that one write has added or corrected, as they were recorded."""
        wanted = (LOG.c.added == revision, LOG.c.source == source)
        return [fact_of(row) for row in self._execute(select(*_LOG_COLUMNS).where(*wanted).order_by(LOG.c.seq))]

    def retracted_by(self, source: str) -> set[tuple[str, str]]:
        """Return the keys (source, id) of the facts that retractions of a source name."""
        wanted = (LOG.c.kind == Retraction.KIND, LOG.c.source == source)
        facts = (fact_of(row) for row in self._execute(select(*_LOG_COLUMNS).where(*wanted)))
        return {fact.target for fact in facts if isinstance(fact, Retraction)}
