"""What matching needs: shifts, leave, bookings, crews, wishes; decisions and policies; looking back.

What a fact or a noun said before this migration is not known any more but for the last word, so looking back begins at
the revision at which the database was migrated: `revision_counter.history_from`. The log has every version of a fact,
but not when an old one was appended: its `added` is the revision of its last change.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT, INTEGER, BIG, DATE, BOOL = sa.Text(), sa.Integer(), sa.BigInteger(), sa.Date(), sa.Boolean()
DOUBLE = sa.Double[float]()


def upgrade() -> None:
    """Add columns with what older rows meant, and tables."""
    _extend_nouns()
    _create_availability()
    _create_history()
    _create_decisions()


def _extend_nouns() -> None:
    _add("worker", max_travel=DOUBLE)
    _add("customer", until=(TEXT, "[]"))
    _add("job_type", risk=(TEXT, "normal"), crew=(BIG, "1"))
    _add("job", earliest=BIG, latest=BIG, risk=TEXT, crew=BIG)
    _add("job", **dict.fromkeys(("preferred", "required", "excluded"), (TEXT, "[]")))
    for column in ("customer", "site", "asset"):
        op.create_index(f"ix_job_{column}", "job", [column])


def _create_availability() -> None:
    _table(
        "shift",
        sa.Column("worker", ID, nullable=False),
        *(sa.Column(name, INTEGER, nullable=False, autoincrement=False) for name in ("weekday", "start")),
        sa.Column("end", INTEGER, nullable=False),
        sa.Column("first", DATE),
        sa.Column("last", DATE),
        sa.Column("revision", BIG, nullable=False),
        key=["worker", "weekday", "start"],
        points_to={"worker": "worker.id"},
    )
    _table(
        "worker_leave",
        sa.Column("worker", ID, nullable=False),
        sa.Column("first", DATE, nullable=False),
        sa.Column("last", DATE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("cancelled", BOOL, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        key=["worker", "first"],
        points_to={"worker": "worker.id"},
    )
    _table(
        "booking",
        sa.Column("job", ID, nullable=False),
        sa.Column("worker", ID, nullable=False),
        sa.Column("start", BIG, nullable=False),
        sa.Column("minutes", DOUBLE, nullable=False),
        *(sa.Column(name, BOOL, nullable=False) for name in ("locked", "lead", "cancelled")),
        sa.Column("revision", BIG, nullable=False),
        key=["job", "worker"],
        points_to={"job": "job.id", "worker": "worker.id"},
    )
    for table in ("shift", "worker_leave", "booking"):
        op.create_index(f"ix_{table}_revision", table, ["revision"])


def _create_history() -> None:
    _table(
        "noun_history",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False, autoincrement=False),
        sa.Column("was", TEXT, nullable=False),
        key=["kind", "key", "until"],
    )
    _add("evidence", added=(BIG, "0"))
    op.execute("UPDATE evidence SET added = revision")
    op.create_index("ix_evidence_kind_time", "evidence", ["kind", "time"])
    _add("revision_counter", history_from=(BIG, "0"))
    op.execute("UPDATE revision_counter SET history_from = value")


def _create_decisions() -> None:
    _table(
        "policy",
        sa.Column("name", ID, nullable=False),
        sa.Column("version", INTEGER, nullable=False, autoincrement=False),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("created", BIG, nullable=False),
        key=["name", "version"],
    )
    _table(
        "decision",
        sa.Column("number", SEQUENCE, nullable=False, autoincrement=True),
        sa.Column("job", ID, nullable=False),
        sa.Column("policy", ID, nullable=False),
        sa.Column("policy_version", INTEGER, nullable=False),
        sa.Column("params_version", INTEGER, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("day", DATE, nullable=False),
        sa.Column("asked", BIG, nullable=False),
        sa.Column("most", INTEGER, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("shown", "chosen", "reason")),
        sa.Column("decided", BIG),
        sa.Column("decided_by", TEXT, nullable=False),
        key=["number"],
    )
    for column in ("job", "asked"):
        op.create_index(f"ix_decision_{column}", "decision", [column])


def _add(table: str, **columns: Any) -> None:
    """Add columns: of a type, empty in the rows that are there; or of a type with what these rows get."""
    for name, kind in columns.items():
        if isinstance(kind, tuple):
            op.add_column(table, sa.Column(name, kind[0], nullable=False, server_default=kind[1]))
        else:
            op.add_column(table, sa.Column(name, kind))


def _table(name: str, *columns: sa.Column[Any], key: list[str], points_to: dict[str, str] | None = None) -> None:
    targets = (points_to or {}).items()
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        *(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}") for column, target in targets),
    )
