"""What may be behind calls, what words mean, and skills that are one.

Being sent to a family of skills counts otherwise than before. Beliefs are derived from the log: they are dropped, and
whoever opens the database next folds them anew.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
WORDS = sa.String(500).with_variant(sa.String(500, collation="C"), "postgresql")
TEXT, BIG, BOOL, DOUBLE = sa.Text(), sa.BigInteger(), sa.Boolean(), sa.Double[float]()


def upgrade() -> None:
    """Add columns that say nothing of older rows, and tables."""
    op.add_column("site", sa.Column("kind", TEXT, nullable=False, server_default=sa.text("''")))
    op.add_column("asset", sa.Column("installed", sa.Date()))
    op.add_column("job", sa.Column("answers", TEXT, nullable=False, server_default="[]"))
    _create_causes()
    _create_taxonomy()
    _create_learned()
    for table in ("belief", "worker_part", "worker_belief"):
        op.execute(f"DELETE FROM {table}")


def _create_causes() -> None:
    _table(
        "cause",
        sa.Column("job_type", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("needs", TEXT, nullable=False),
        sa.Column("minutes", DOUBLE),
        sa.Column("chance", DOUBLE),
        sa.Column("active", BOOL, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        key=["job_type", "id"],
        points_to={"job_type": "job_type.id"},
    )
    _table(
        "question",
        sa.Column("id", ID, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("yes", TEXT, nullable=False),
        sa.Column("otherwise", DOUBLE, nullable=False),
        sa.Column("job_type", ID),
        sa.Column("active", BOOL, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        key=["id"],
        points_to={"job_type": "job_type.id"},
    )


def _create_taxonomy() -> None:
    _table(
        "correction",
        sa.Column("text", WORDS, nullable=False),
        sa.Column("skill", ID, nullable=False),
        sa.Column("accepted", BOOL, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        key=["text", "skill"],
        points_to={"skill": "skill.id"},
    )
    _table(
        "merge",
        sa.Column("skill", ID, nullable=False),
        sa.Column("into", ID, nullable=False),
        sa.Column("time", BIG, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("undone", BOOL, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        key=["skill", "into"],
        points_to={"skill": "skill.id", "into": "skill.id"},
    )
    for table in ("cause", "question", "correction", "merge"):
        op.create_index(f"ix_{table}_revision", table, ["revision"])


def _create_learned() -> None:
    _table(
        "diagnosis",
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("findings", BIG, nullable=False),
        sa.Column("created", BIG, nullable=False),
        key=["version"],
    )
    _table(
        "skill_vector",
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        key=["model", "digest"],
    )


def _table(name: str, *columns: sa.Column[Any], key: list[str], points_to: dict[str, str] | None = None) -> None:
    targets = (points_to or {}).items()
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        *(sa.ForeignKeyConstraint([column], [target], name=f"fk_{name}_{column}") for column, target in targets),
    )
