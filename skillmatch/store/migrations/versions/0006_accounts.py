"""Who may sign in, and among whose workers a decision was made."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT, BIG, BOOL, TOKEN, ACCOUNT = sa.Text(), sa.BigInteger(), sa.Boolean(), sa.String(64), sa.String(32)


def upgrade() -> None:
    """Add tables, and the column of decisions: older ones were made among everybody."""
    op.add_column("decision", sa.Column("teams", TEXT, nullable=False, server_default="[]"))
    _table(
        "account",
        sa.Column("id", ACCOUNT, nullable=False),
        sa.Column("sign_in", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("password", sa.String(300)),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("worker", ID),
        sa.Column("teams", TEXT, nullable=False, server_default="[]"),
        sa.Column("epoch", BIG, nullable=False, server_default="0"),
        sa.Column("disabled", BOOL, nullable=False),
        sa.Column("created", BIG, nullable=False),
        key="id",
        points_to={"worker": "worker.id"},
    )
    op.create_index("ix_account_sign_in", "account", ["sign_in"], unique=True)
    _create_tokens()
    _table(
        "audit",
        sa.Column("number", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("time", BIG, nullable=False),
        sa.Column("account", ACCOUNT),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        key="number",
        points_to={"account": "account.id"},
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])


def _create_tokens() -> None:
    _table(
        "session",
        sa.Column("token", TOKEN, nullable=False),
        sa.Column("account", ACCOUNT, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("epoch", "created", "seen", "expires")),
        sa.Column("revoked", BOOL, nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        key="token",
        points_to={"account": "account.id"},
    )
    _table(
        "invitation",
        sa.Column("token", TOKEN, nullable=False),
        sa.Column("account", ACCOUNT, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("created", "expires")),
        sa.Column("used", BIG),
        key="token",
        points_to={"account": "account.id"},
    )
    for table in ("session", "invitation"):
        op.create_index(f"ix_{table}_account", table, ["account"])
    _table(
        "sign_in_failure",
        sa.Column("subject", TOKEN, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("failures", "last")),
        key="subject",
    )
    _table(
        "page_key",
        sa.Column("id", SEQUENCE, nullable=False, autoincrement=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        key="id",
    )


def _table(name: str, *columns: sa.Column[Any], key: str, points_to: dict[str, str] | None = None) -> None:
    targets = (points_to or {}).items()
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        *(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}") for column, target in targets),
    )
