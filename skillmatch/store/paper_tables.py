"""The tables of what people hand in and leave for each other: files, claims, plans that were shown, notes on sites."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from skillmatch.store.account_tables import TOKEN
from skillmatch.store.columns import ID, NO_LIST, NO_TEXT, integer, key, metadata, revision, words

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    words("name"),
    Column("media", String(100), nullable=False),
    integer("size"),
    Column("sha256", TOKEN, nullable=False),
    Column("content", LargeBinary(), nullable=False),
    Column("worker", ID, ForeignKey("worker.id"), index=True),
    words("by"),
    integer("time"),
)
"""A file as it is shown, `media` its media type; `worker` whose paper it is, where it is one's."""

claim = Table(
    "claim",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("worker", ID, ForeignKey("worker.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    words("payload"),
    Column("attachment", String(32), ForeignKey("attachment.id")),
    words("note", default=NO_TEXT),
    integer("time"),
    words("by"),
    Column("status", String(20), nullable=False),
    integer("decided", nullable=True),
    words("decided_by", default=NO_TEXT),
    words("reason", default=NO_TEXT),
)
"""What a worker says of herself that counts only once somebody has approved it; `payload` is that of the evidence."""
Index("ix_claim_status", claim.c.status)
Index("ix_claim_worker", claim.c.worker)

kept_plan = Table(
    "kept_plan",
    metadata,
    Column("id", String(32), primary_key=True),
    words("content"),
    integer("created"),
    words("by"),
    words("teams", default=NO_LIST),
    integer("applied", nullable=True),
    words("applied_by", default=NO_TEXT),
    words("changed", default=NO_LIST),
    integer("undone", nullable=True),
)
"""A plan that was shown, as text; once applied, `changed` has each booking as it was before and after."""

site_note = Table(
    "site_note",
    metadata,
    key(),
    Column("site", ID, nullable=False, index=True),
    Column("asset", ID),
    Column("kind", String(20), nullable=False),
    words("text"),
    integer("time"),
    words("by"),
    Column("worker", ID),
    Column("status", String(20), nullable=False),
    words("answer", default=NO_TEXT),
    words("answered_by", default=NO_TEXT),
    revision(),
)
"""What somebody who was there leaves for the next, or suggests to improve."""
