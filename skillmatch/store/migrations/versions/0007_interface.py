"""What people hand in, what the API keeps, and how each person wants the pages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT, BIG, BOOL, TOKEN, KEY = sa.Text(), sa.BigInteger(), sa.Boolean(), sa.String(64), sa.String(32)
NO_TEXT = sa.text("''")


def upgrade() -> None:
    """Add tables, and columns of accounts."""
    for name in ("language", "zone", "theme"):
        op.add_column("account", sa.Column(name, TEXT, nullable=False, server_default=NO_TEXT))
    for name in ("issuer", "subject"):
        op.add_column("account", sa.Column(name, sa.String(300)))
    op.create_index("ix_account_subject", "account", ["issuer", "subject"], unique=True)
    _table(
        "kept_form",
        sa.Column("token", TOKEN, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("created", "expires")),
        key=("token",),
    )
    op.create_index("ix_site_customer", "site", ["customer"])
    op.create_index("ix_asset_site", "asset", ["site"])
    _create_papers()
    _create_plans()
    _create_api()
    _create_webhooks()


def _create_papers() -> None:
    _table(
        "attachment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("media", sa.String(100), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("sha256", TOKEN, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("worker", ID),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("time", BIG, nullable=False),
        key=("id",),
        points_to={"worker": "worker.id"},
        indexes={"worker": ["worker"]},
    )
    _table(
        "claim",
        sa.Column("id", KEY, nullable=False),
        sa.Column("worker", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("attachment", KEY),
        sa.Column("note", TEXT, nullable=False, server_default=NO_TEXT),
        sa.Column("time", BIG, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("decided", BIG),
        *(sa.Column(name, TEXT, nullable=False, server_default=NO_TEXT) for name in ("decided_by", "reason")),
        key=("id",),
        points_to={"worker": "worker.id", "attachment": "attachment.id"},
        indexes={"status": ["status"], "worker": ["worker"]},
    )
    _table(
        "site_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("site", ID, nullable=False),
        sa.Column("asset", ID),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("time", BIG, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("worker", ID),
        sa.Column("status", sa.String(20), nullable=False),
        *(sa.Column(name, TEXT, nullable=False, server_default=NO_TEXT) for name in ("answer", "answered_by")),
        sa.Column("revision", BIG, nullable=False),
        key=("id",),
        indexes={"site": ["site"], "revision": ["revision"]},
    )


def _create_plans() -> None:
    _table(
        "kept_plan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("teams", TEXT, nullable=False, server_default="[]"),
        *(sa.Column(name, BIG) for name in ("applied", "undone")),
        sa.Column("applied_by", TEXT, nullable=False, server_default=NO_TEXT),
        sa.Column("changed", TEXT, nullable=False, server_default="[]"),
        key=("id",),
    )


def _create_api() -> None:
    _table(
        "api_token",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account", KEY, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("scopes", TEXT, nullable=False, server_default="[]"),
        sa.Column("token", TOKEN, nullable=False),
        sa.Column("created", BIG, nullable=False),
        *(sa.Column(name, BIG) for name in ("expires", "used")),
        sa.Column("revoked", BOOL, nullable=False),
        key=("id",),
        points_to={"account": "account.id"},
        indexes={"account": ["account"]},
    )
    op.create_index("ix_api_token_token", "api_token", ["token"], unique=True)
    _table(
        "idempotency",
        sa.Column("account", KEY, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request", TOKEN, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", TEXT, nullable=False, server_default="{}"),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("created", BIG, nullable=False),
        key=("account", "key"),
        points_to={"account": "account.id"},
        indexes={"created": ["created"]},
    )


def _create_webhooks() -> None:
    _table(
        "webhook",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("url", "secret")),
        sa.Column("events", TEXT, nullable=False, server_default="[]"),
        sa.Column("active", BOOL, nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("removed", BIG),
        key=("id",),
    )
    _table(
        "told",
        sa.Column("key", TOKEN, nullable=False),
        sa.Column("time", BIG, nullable=False),
        key=("key",),
        indexes={"time": ["time"]},
    )
    _table(
        "delivery",
        sa.Column("number", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("webhook", KEY, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("created", BIG, nullable=False),
        sa.Column("due", BIG),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("status", sa.Integer()),
        sa.Column("error", TEXT, nullable=False, server_default=NO_TEXT),
        sa.Column("delivered", BIG),
        key=("number",),
        points_to={"webhook": "webhook.id"},
        indexes={"due": ["due"], "webhook": ["webhook", "number"]},
    )


def _table(
    name: str,
    *columns: sa.Column[Any],
    key: tuple[str, ...],
    points_to: dict[str, str] | None = None,
    indexes: dict[str, list[str]] | None = None,
) -> None:
    targets = (points_to or {}).items()
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        *(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}") for column, target in targets),
    )
    for index, named in (indexes or {}).items():
        op.create_index(f"ix_{name}_{index}", name, named)
