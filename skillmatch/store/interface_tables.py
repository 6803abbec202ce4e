"""The tables of the API: tokens, requests that were answered once, addresses that are told what happens. No nouns."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from skillmatch.store.account_tables import TOKEN
from skillmatch.store.columns import NO_LIST, NO_TEXT, SEQUENCE, integer, metadata, words

api_token = Table(
    "api_token",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), ForeignKey("account.id"), nullable=False, index=True),
    words("name"),
    words("scopes", default=NO_LIST),
    Column("token", TOKEN, nullable=False),
    integer("created"),
    integer("expires", nullable=True),
    integer("used", nullable=True),
    Column("revoked", Boolean(), nullable=False),
)
Index("ix_api_token_token", api_token.c.token, unique=True)

idempotency = Table(
    "idempotency",
    metadata,
    Column("account", String(32), ForeignKey("account.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", TOKEN, nullable=False),
    Column("status", Integer(), nullable=False),
    words("headers", default="{}"),
    Column("body", Text(), nullable=False),
    integer("created"),
)
"""What a write was answered, so that the same request again is answered the same; `request` is the hash of it."""
Index("ix_idempotency_created", idempotency.c.created)

webhook = Table(
    "webhook",
    metadata,
    Column("id", String(32), primary_key=True),
    words("url"),
    words("secret"),
    words("events", default=NO_LIST),
    Column("active", Boolean(), nullable=False),
    integer("created"),
    words("by"),
    integer("removed", nullable=True),
)
"""`secret` signs what is sent, so it is kept as it is; it is shown once. A `removed` one can come back for a while."""

delivery = Table(
    "delivery",
    metadata,
    Column("number", SEQUENCE, primary_key=True),
    Column("webhook", String(32), ForeignKey("webhook.id"), nullable=False),
    Column("event", String(40), nullable=False),
    words("payload"),
    integer("created"),
    integer("due", nullable=True),
    Column("attempts", Integer(), nullable=False, server_default="0"),
    Column("status", Integer()),
    words("error", default=NO_TEXT),
    integer("delivered", nullable=True),
)
"""What is to be told to whom; `due` is when it is tried next, null once it has arrived or was given up."""
Index("ix_delivery_due", delivery.c.due)
Index("ix_delivery_webhook", delivery.c.webhook, delivery.c.number)

told = Table(
    "told",
    metadata,
    Column("key", TOKEN, primary_key=True),
    integer("time"),
)
"""What is told once and was, by the hash of what it is."""
Index("ix_told_time", told.c.time)
