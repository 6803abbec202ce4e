"""The tables of who may sign in. They are no nouns: they take no revision and are never exported with the data."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Table

from skillmatch.store.columns import ID, NO_LIST, NO_TEXT, SEQUENCE, integer, metadata, words

TOKEN = String(64)
"""The SHA-256 of a secret, in hexadecimal: what is kept lets nobody in."""

account = Table(
    "account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sign_in", ID, nullable=False),
    words("name"),
    Column("password", String(300)),
    Column("role", String(20), nullable=False),
    Column("worker", ID, ForeignKey("worker.id")),
    words("teams", default=NO_LIST),
    integer("epoch", default="0"),
    Column("disabled", Boolean(), nullable=False),
    integer("created"),
    words("language", default=NO_TEXT),
    words("zone", default=NO_TEXT),
    words("theme", default=NO_TEXT),
    Column("issuer", String(300)),
    Column("subject", String(300)),
)
"""`password` is an argon2id hash, which holds its salt and cost; `issuer` and `subject` name the person for single
sign-on.
"""
Index("ix_account_sign_in", account.c.sign_in, unique=True)
Index("ix_account_subject", account.c.issuer, account.c.subject, unique=True)

session = Table(
    "session",
    metadata,
    Column("token", TOKEN, primary_key=True),
    Column("account", String(32), ForeignKey("account.id"), nullable=False, index=True),
    integer("epoch"),
    integer("created"),
    integer("seen"),
    integer("expires"),
    Column("revoked", Boolean(), nullable=False),
    Column("agent", String(200), nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("token", TOKEN, primary_key=True),
    Column("account", String(32), ForeignKey("account.id"), nullable=False, index=True),
    integer("created"),
    integer("expires"),
    integer("used", nullable=True),
)
"""`used` is when it was, or when another one took its place."""

kept_form = Table(
    "kept_form",
    metadata,
    Column("token", TOKEN, primary_key=True),
    words("content"),
    integer("created"),
    integer("expires"),
)
"""Forms that were sent when their session had ended, while people sign in elsewhere; `content` is sealed."""

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("subject", TOKEN, primary_key=True),
    integer("failures"),
    integer("last"),
)
"""`subject` is the hash of a name that was typed or of an address: people type passwords where names belong."""

audit = Table(
    "audit",
    metadata,
    Column("number", SEQUENCE, primary_key=True),
    integer("time"),
    Column("account", String(32), ForeignKey("account.id")),
    words("by"),
    Column("what", String(40), nullable=False),
    Column("subject", String(500), nullable=False),
)
"""What people did who were signed in; `account` is null for the command line."""
Index("ix_audit_subject", audit.c.subject)

page_key = Table(
    "page_key",
    metadata,
    Column("id", SEQUENCE, primary_key=True, autoincrement=False),
    Column("value", LargeBinary(), nullable=False),
)
"""One row: signs the tokens of forms, so that those opened before a restart are still good. It lets nobody in."""
