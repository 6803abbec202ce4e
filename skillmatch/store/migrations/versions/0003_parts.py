"""Beliefs have parts that skills share, and remember the last occasion of rating.

They are derived from the log, so they are dropped, not converted: whoever opens the database next folds them anew.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
PART = sa.String(220).with_variant(sa.String(220, collation="C"), "postgresql")
BIG, BOOL = sa.BigInteger(), sa.Boolean()
DOUBLE = sa.Double[float]()


def upgrade() -> None:
    """Make both tables anew with the columns of this version, and one for the parts of workers."""
    for table in ("belief", "worker_belief"):
        op.drop_table(table)
    op.create_table(
        "worker_belief",
        _column("worker", ID),
        _column("form", DOUBLE),
        _column("uses", BIG),
        _column("worked", DOUBLE),
        _column("occasion", sa.Text()),
        _column("last_time", BIG, nullable=True),
        _column("last_source", ID, nullable=True),
        _column("last_id", ID, nullable=True),
        _column("revision", BIG),
        sa.PrimaryKeyConstraint("worker", name="pk_worker_belief"),
        sa.ForeignKeyConstraint(["worker"], ["worker.id"], name="fk_worker_belief_worker"),
    )
    op.create_table(
        "worker_part",
        _column("worker", ID),
        _column("part", PART),
        *(_column(name, DOUBLE) for name in ("mean", "var", "jobs")),
        _column("gone", BOOL),
        _column("revision", BIG),
        sa.PrimaryKeyConstraint("worker", "part", name="pk_worker_part"),
        sa.ForeignKeyConstraint(["worker"], ["worker.id"], name="fk_worker_part_worker"),
    )
    op.create_table(
        "belief",
        _column("worker", ID),
        _column("skill", ID),
        *(_column(name, DOUBLE) for name in ("mean", "var", "day", "recent", "lasting")),
        _column("uses", BIG),
        *(_column(name, DOUBLE) for name in ("successes", "failures", "surprise", "won", "main")),
        _column("gone", BOOL),
        _column("revision", BIG),
        sa.PrimaryKeyConstraint("worker", "skill", name="pk_belief"),
        sa.ForeignKeyConstraint(["worker"], ["worker.id"], name="fk_belief_worker"),
        sa.ForeignKeyConstraint(["skill"], ["skill.id"], name="fk_belief_skill"),
    )
    for table in ("belief", "worker_belief", "worker_part"):
        op.create_index(f"ix_{table}_revision", table, ["revision"])


def _column(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)
