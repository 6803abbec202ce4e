"""The first tables.

What a migration did stays as it was when it was released: it copies the schema of its day and imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
TEXT, INTEGER, BIG, DATE, BOOL = sa.Text(), sa.Integer(), sa.BigInteger(), sa.Date(), sa.Boolean()
DOUBLE = sa.Double[float]()


def upgrade() -> None:
    """Create all tables and start counting revisions at 0."""
    _create_nouns()
    _create_evidence()
    _create_beliefs()
    _table("params", version=INTEGER, record=TEXT, note=TEXT, created=BIG, key=["version"])
    counter = op.create_table(
        "revision_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision_counter"),
        sa.CheckConstraint("id = 1", name=op.f("ck_revision_counter_single")),
    )
    op.bulk_insert(counter, [{"id": 1, "value": 0}])


def _create_nouns() -> None:
    _table(
        "skill",
        id=ID,
        name=TEXT,
        kind=TEXT,
        description=TEXT,
        half_life_days=[DOUBLE],
        alt_names=TEXT,
        source_uri=[TEXT],
        revision=BIG,
    )
    _table(
        "link",
        source=ID,
        target=ID,
        kind=sa.String(20),
        weight=DOUBLE,
        revision=BIG,
        key=["source", "target", "kind"],
        points_to={"source": "skill.id", "target": "skill.id"},
    )
    _table(
        "worker",
        id=ID,
        name=TEXT,
        team=TEXT,
        phone=TEXT,
        latitude=[DOUBLE],
        longitude=[DOUBLE],
        languages=TEXT,
        capacity=DOUBLE,
        active_from=[DATE],
        active_to=[DATE],
        cost_per_hour=[DOUBLE],
        revision=BIG,
    )
    _table(
        "customer",
        id=ID,
        name=TEXT,
        phone=TEXT,
        preferred=TEXT,
        required=TEXT,
        excluded=TEXT,
        search=TEXT,
        revision=BIG,
    )
    _table("site", id=ID, customer=TEXT, name=TEXT, latitude=[DOUBLE], longitude=[DOUBLE], revision=BIG)
    _table("asset", id=ID, site=TEXT, type=TEXT, model=TEXT, revision=BIG)
    _table("job_type", id=ID, name=TEXT, requirements=TEXT, minutes=[DOUBLE], revision=BIG)
    _table(
        "job",
        id=ID,
        title=TEXT,
        text=TEXT,
        type=[TEXT],
        customer=[TEXT],
        site=[TEXT],
        asset=[TEXT],
        requirements=TEXT,
        created=[BIG],
        due=[DATE],
        minutes=[DOUBLE],
        priority=INTEGER,
        status=sa.String(20),
        search=TEXT,
        revision=BIG,
    )
    op.create_index("ix_job_status", "job", ["status"])
    for table in ("skill", "link", "worker", "customer", "site", "asset", "job_type", "job"):
        op.create_index(f"ix_{table}_revision", table, ["revision"])


def _create_evidence() -> None:
    _table(
        "evidence",
        seq=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        source=ID,
        id=ID,
        worker=ID,
        kind=sa.String(40),
        time=BIG,
        payload=TEXT,
        job=[ID],
        superseded=BOOL,
        revision=BIG,
        key=["seq"],
        points_to={"worker": "worker.id"},
        numbered=True,
    )
    of_a_job, effective = sa.text("job IS NOT NULL"), sa.text("NOT superseded")
    op.create_index("ix_evidence_worker_time", "evidence", ["worker", "time"])
    op.create_index("ix_evidence_source_id", "evidence", ["source", "id"])
    op.create_index("ix_evidence_kind_revision", "evidence", ["kind", "revision"])
    op.create_index("ix_evidence_job", "evidence", ["job"], sqlite_where=of_a_job, postgresql_where=of_a_job)
    op.create_index(
        "ix_evidence_effective",
        "evidence",
        ["source", "id"],
        unique=True,
        sqlite_where=effective,
        postgresql_where=effective,
    )


def _create_beliefs() -> None:
    _table(
        "worker_belief",
        worker=ID,
        general_mean=DOUBLE,
        general_var=DOUBLE,
        uses=BIG,
        last_time=[BIG],
        last_source=[ID],
        last_id=[ID],
        revision=BIG,
        key=["worker"],
        points_to={"worker": "worker.id"},
    )
    _table(
        "belief",
        worker=ID,
        skill=ID,
        mean=DOUBLE,
        var=DOUBLE,
        day=DOUBLE,
        recent=DOUBLE,
        lasting=DOUBLE,
        uses=BIG,
        gone=BOOL,
        revision=BIG,
        key=["worker", "skill"],
        points_to={"worker": "worker.id", "skill": "skill.id"},
    )
    for table in ("worker_belief", "belief"):
        op.create_index(f"ix_{table}_revision", table, ["revision"])


def _table(
    table: str,
    *,
    key: list[str] | None = None,
    points_to: dict[str, str] | None = None,
    numbered: bool = False,
    **columns: Any,
) -> None:
    """Create a table; a column's type in a list may be empty. The key is `id` unless told."""
    key, points_to = key or ["id"], points_to or {}
    op.create_table(
        table,
        *_columns(columns, numbered=numbered),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        *(sa.ForeignKeyConstraint([name], [target], name=f"fk_{table}_{name}") for name, target in points_to.items()),
    )


def _columns(columns: dict[str, Any], *, numbered: bool) -> Iterator[sa.Column[Any]]:
    for name, kind in columns.items():
        optional = isinstance(kind, list)
        yield sa.Column(name, kind[0] if optional else kind, nullable=optional, autoincrement=numbered)
