"""The tables. A change here needs a migration beside it, and `HEAD` moves to its number.

Every row of nouns and beliefs carries `revision`: the number of the write that last changed it, so that a reader pulls
only what is newer than what it has. Times are whole microseconds since 1970-01-01T00:00Z, exact on both databases;
tuples are JSON texts. Texts sort by code point on both databases, as Python sorts them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from skillmatch.model import ID_LENGTH

HEAD = "0003"
"""The newest migration; the version of the database this code works with."""

VERSION_TABLE = "skillmatch_version"
"""Holds the version of the database; its own name tells our databases from those of other programs."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ID = String(ID_LENGTH).with_variant(String(ID_LENGTH, collation="C"), "postgresql")
_PART_LENGTH = ID_LENGTH + 20
PART = String(_PART_LENGTH).with_variant(String(_PART_LENGTH, collation="C"), "postgresql")
SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")


def _id(name: str = "id", target: str | None = None, **options: Any) -> Column[str]:
    return Column(name, ID, *([ForeignKey(target)] if target else []), nullable=False, **options)


def _key(name: str = "id", target: str | None = None) -> Column[str]:
    return _id(name, target, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> Column[float]:
    return Column(name, Double(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger(), nullable=nullable)


def _revision(*, index: bool = True) -> Column[int]:
    return Column("revision", BigInteger(), nullable=False, index=index)


skill = Table(
    "skill",
    metadata,
    _key(),
    _text("name"),
    _text("kind"),
    _text("description"),
    _number("half_life_days", nullable=True),
    _text("alt_names"),
    Column("source_uri", Text()),
    _revision(),
)

link = Table(
    "link",
    metadata,
    _key("source", "skill.id"),
    _key("target", "skill.id"),
    Column("kind", String(20), primary_key=True),
    _number("weight"),
    _revision(),
)

worker = Table(
    "worker",
    metadata,
    _key(),
    _text("name"),
    _text("team"),
    _text("phone"),
    _number("latitude", nullable=True),
    _number("longitude", nullable=True),
    _text("languages"),
    _number("capacity"),
    Column("active_from", Date()),
    Column("active_to", Date()),
    _number("cost_per_hour", nullable=True),
    _revision(),
)

customer = Table(
    "customer",
    metadata,
    _key(),
    _text("name"),
    _text("phone"),
    _text("preferred"),
    _text("required"),
    _text("excluded"),
    _text("search"),
    _revision(),
)

site = Table(
    "site",
    metadata,
    _key(),
    _text("customer"),
    _text("name"),
    _number("latitude", nullable=True),
    _number("longitude", nullable=True),
    _revision(),
)

asset = Table(
    "asset",
    metadata,
    _key(),
    _text("site"),
    _text("type"),
    _text("model"),
    _revision(),
)

job_type = Table(
    "job_type",
    metadata,
    _key(),
    _text("name"),
    _text("requirements"),
    _number("minutes", nullable=True),
    _revision(),
)

job = Table(
    "job",
    metadata,
    _key(),
    _text("title"),
    _text("text"),
    Column("type", Text()),
    Column("customer", Text()),
    Column("site", Text()),
    Column("asset", Text()),
    _text("requirements"),
    _integer("created", nullable=True),
    Column("due", Date()),
    _number("minutes", nullable=True),
    Column("priority", Integer(), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    _text("search"),
    _revision(),
)

evidence = Table(
    "evidence",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    _id("source"),
    _id("id"),
    _id("worker", "worker.id"),
    Column("kind", String(40), nullable=False),
    _integer("time"),
    _text("payload"),
    Column("job", ID),
    Column("superseded", Boolean(), nullable=False),
    _revision(index=False),
)
"""The log: rows are added and never removed; only `superseded` moves, and `revision` with it."""

_EFFECTIVE = text("NOT superseded")
_OF_A_JOB = text("job IS NOT NULL")

Index("ix_evidence_worker_time", evidence.c.worker, evidence.c.time)
Index("ix_evidence_source_id", evidence.c.source, evidence.c.id)
Index("ix_evidence_kind_revision", evidence.c.kind, evidence.c.revision)
Index("ix_evidence_job", evidence.c.job, sqlite_where=_OF_A_JOB, postgresql_where=_OF_A_JOB)
Index(
    "ix_evidence_effective",
    evidence.c.source,
    evidence.c.id,
    unique=True,
    sqlite_where=_EFFECTIVE,
    postgresql_where=_EFFECTIVE,
)

worker_belief = Table(
    "worker_belief",
    metadata,
    _key("worker", "worker.id"),
    _number("form"),
    _integer("uses"),
    _number("worked"),
    _text("occasion"),
    _integer("last_time", nullable=True),
    Column("last_source", ID),
    Column("last_id", ID),
    _revision(),
)

worker_part = Table(
    "worker_part",
    metadata,
    _key("worker", "worker.id"),
    Column("part", PART, primary_key=True),
    _number("mean"),
    _number("var"),
    _number("jobs"),
    Column("gone", Boolean(), nullable=False),
    _revision(),
)
"""General ability, what the skills of a family have in common, biases: see `params.Loading`."""

belief = Table(
    "belief",
    metadata,
    _key("worker", "worker.id"),
    _key("skill", "skill.id"),
    _number("mean"),
    _number("var"),
    _number("day"),
    _number("recent"),
    _number("lasting"),
    _integer("uses"),
    _number("successes"),
    _number("failures"),
    _number("surprise"),
    _number("won"),
    _number("main"),
    Column("gone", Boolean(), nullable=False),
    _revision(),
)
"""`gone` marks a skill that a refold took from the worker: kept so that readers of newer rows notice."""

params = Table(
    "params",
    metadata,
    Column("version", Integer(), primary_key=True, autoincrement=False),
    _text("record"),
    _text("note"),
    _integer("created"),
)

counter = Table(
    "revision_counter",
    metadata,
    Column("id", Integer(), CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    _integer("value"),
)
"""One row: the number of the last write. Its lock puts writers in line."""
