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

HEAD = "0004"
"""The newest migration; the version of the database this code works with."""

VERSION_TABLE = "skillmatch_version"
"""Holds the version of the database; its own name tells our databases from those of other programs."""

NO_LIST = "[]"
"""In rows from before a column, as the database fills them in."""

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


def _text(name: str, *, default: str | None = None) -> Column[str]:
    return Column(name, Text(), nullable=False, server_default=default)


def _number(name: str, *, nullable: bool = False) -> Column[float]:
    return Column(name, Double(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False, default: str | None = None) -> Column[int]:
    return Column(name, BigInteger(), nullable=nullable, server_default=default)


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
    _number("max_travel", nullable=True),
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
    _text("until", default=NO_LIST),
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
    _text("risk", default="normal"),
    _integer("crew", default="1"),
    _revision(),
)

job = Table(
    "job",
    metadata,
    _key(),
    _text("title"),
    _text("text"),
    Column("type", Text()),
    Column("customer", Text(), index=True),
    Column("site", Text(), index=True),
    Column("asset", Text(), index=True),
    _text("requirements"),
    _integer("created", nullable=True),
    Column("due", Date()),
    _number("minutes", nullable=True),
    Column("priority", Integer(), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    _integer("earliest", nullable=True),
    _integer("latest", nullable=True),
    Column("risk", Text()),
    _integer("crew", nullable=True),
    _text("preferred", default=NO_LIST),
    _text("required", default=NO_LIST),
    _text("excluded", default=NO_LIST),
    _text("search"),
    _revision(),
)

shift = Table(
    "shift",
    metadata,
    _key("worker", "worker.id"),
    Column("weekday", Integer(), primary_key=True, autoincrement=False),
    Column("start", Integer(), primary_key=True, autoincrement=False),
    Column("end", Integer(), nullable=False),
    Column("first", Date()),
    Column("last", Date()),
    _revision(),
)

leave = Table(
    "worker_leave",
    metadata,
    _key("worker", "worker.id"),
    Column("first", Date(), primary_key=True),
    Column("last", Date(), nullable=False),
    _text("reason"),
    Column("cancelled", Boolean(), nullable=False),
    _revision(),
)
"""By that name since LEAVE is a word of SQL in some databases."""

booking = Table(
    "booking",
    metadata,
    _key("job", "job.id"),
    _key("worker", "worker.id"),
    _integer("start"),
    _number("minutes"),
    Column("locked", Boolean(), nullable=False),
    Column("lead", Boolean(), nullable=False),
    Column("cancelled", Boolean(), nullable=False),
    _revision(),
)

noun_history = Table(
    "noun_history",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("key", Text(), primary_key=True),
    _integer("revision"),
    Column("until", BigInteger(), primary_key=True, autoincrement=False),
    _text("was"),
)
"""How overwritten rows of nouns, which held from `revision` on, differed from what the write `until` made of them."""

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
    _integer("added", default="0"),
    _revision(index=False),
)
"""The log: rows are added and never removed; only `superseded` moves, once, and `revision` with it.

`added` is the revision in which a row was appended. Rows from before that column have that of their last change.
"""

_EFFECTIVE = text("NOT superseded")
_OF_A_JOB = text("job IS NOT NULL")

Index("ix_evidence_worker_time", evidence.c.worker, evidence.c.time)
Index("ix_evidence_source_id", evidence.c.source, evidence.c.id)
Index("ix_evidence_kind_revision", evidence.c.kind, evidence.c.revision)
Index("ix_evidence_kind_time", evidence.c.kind, evidence.c.time)
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

policy = Table(
    "policy",
    metadata,
    _key("name"),
    Column("version", Integer(), primary_key=True, autoincrement=False),
    _text("record"),
    _text("note"),
    _integer("created"),
)

decision = Table(
    "decision",
    metadata,
    Column("number", SEQUENCE, primary_key=True),
    Column("job", ID, nullable=False, index=True),
    Column("policy", ID, nullable=False),
    Column("policy_version", Integer(), nullable=False),
    Column("params_version", Integer(), nullable=False),
    _integer("revision"),
    Column("day", Date(), nullable=False),
    Column("asked", BigInteger(), nullable=False, index=True),
    Column("most", Integer(), nullable=False),
    _text("shown"),
    _text("chosen"),
    _text("reason"),
    _integer("decided", nullable=True),
    _text("decided_by"),
)
"""What deciders were shown and what they chose. Its `revision` is that of the ranking: to keep one takes none."""

counter = Table(
    "revision_counter",
    metadata,
    Column("id", Integer(), CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    _integer("value"),
    _integer("history_from", default="0"),
)
"""One row: the number of the last write, and of the first that can be looked back to. Its lock puts writers in line."""
