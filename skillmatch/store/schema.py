"""The tables. A change here needs a migration beside it, and `HEAD` moves to its number.

Every row of nouns and beliefs carries `revision`: the number of the write that last changed it, so that a reader pulls
only what is newer than what it has. Times are whole microseconds since 1970-01-01T00:00Z, exact on both databases;
tuples are JSON texts. Texts sort by code point on both databases, as Python sorts them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from skillmatch.store.account_tables import account as account
from skillmatch.store.account_tables import audit as audit
from skillmatch.store.account_tables import invitation as invitation
from skillmatch.store.account_tables import kept_form as kept_form
from skillmatch.store.account_tables import page_key as page_key
from skillmatch.store.account_tables import session as session
from skillmatch.store.account_tables import sign_in_failure as sign_in_failure
from skillmatch.store.columns import ID, NO_LIST, NO_TEXT, SEQUENCE, WORDS, id_of, integer, key, number, revision, words
from skillmatch.store.columns import metadata as metadata
from skillmatch.store.interface_tables import api_token as api_token
from skillmatch.store.interface_tables import delivery as delivery
from skillmatch.store.interface_tables import idempotency as idempotency
from skillmatch.store.interface_tables import told as told
from skillmatch.store.interface_tables import webhook as webhook
from skillmatch.store.learned import belief as belief
from skillmatch.store.learned import diagnosis as diagnosis
from skillmatch.store.learned import params as params
from skillmatch.store.learned import skill_vector as skill_vector
from skillmatch.store.learned import worker_belief as worker_belief
from skillmatch.store.learned import worker_part as worker_part
from skillmatch.store.paper_tables import attachment as attachment
from skillmatch.store.paper_tables import claim as claim
from skillmatch.store.paper_tables import kept_plan as kept_plan
from skillmatch.store.paper_tables import site_note as site_note

HEAD = "0007"
"""The newest migration; the version of the database this code works with."""

VERSION_TABLE = "skillmatch_version"
"""Holds the version of the database; its own name tells our databases from those of other programs."""

skill = Table(
    "skill",
    metadata,
    key(),
    words("name"),
    words("kind"),
    words("description"),
    number("half_life_days", nullable=True),
    words("alt_names"),
    Column("source_uri", Text()),
    revision(),
)

link = Table(
    "link",
    metadata,
    key("source", "skill.id"),
    key("target", "skill.id"),
    Column("kind", String(20), primary_key=True),
    number("weight"),
    revision(),
)

worker = Table(
    "worker",
    metadata,
    key(),
    words("name"),
    words("team"),
    words("phone"),
    number("latitude", nullable=True),
    number("longitude", nullable=True),
    words("languages"),
    number("capacity"),
    Column("active_from", Date()),
    Column("active_to", Date()),
    number("cost_per_hour", nullable=True),
    number("max_travel", nullable=True),
    revision(),
)

customer = Table(
    "customer",
    metadata,
    key(),
    words("name"),
    words("phone"),
    words("preferred"),
    words("required"),
    words("excluded"),
    words("until", default=NO_LIST),
    words("search"),
    revision(),
)

site = Table(
    "site",
    metadata,
    key(),
    Column("customer", Text(), nullable=False, index=True),
    words("name"),
    number("latitude", nullable=True),
    number("longitude", nullable=True),
    words("kind", default=NO_TEXT),
    revision(),
)

asset = Table(
    "asset",
    metadata,
    key(),
    Column("site", Text(), nullable=False, index=True),
    words("type"),
    words("model"),
    Column("installed", Date()),
    revision(),
)

job_type = Table(
    "job_type",
    metadata,
    key(),
    words("name"),
    words("requirements"),
    number("minutes", nullable=True),
    words("risk", default="normal"),
    integer("crew", default="1"),
    revision(),
)

job = Table(
    "job",
    metadata,
    key(),
    words("title"),
    words("text"),
    Column("type", Text()),
    Column("customer", Text(), index=True),
    Column("site", Text(), index=True),
    Column("asset", Text(), index=True),
    words("requirements"),
    integer("created", nullable=True),
    Column("due", Date()),
    number("minutes", nullable=True),
    Column("priority", Integer(), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    integer("earliest", nullable=True),
    integer("latest", nullable=True),
    Column("risk", Text()),
    integer("crew", nullable=True),
    words("preferred", default=NO_LIST),
    words("required", default=NO_LIST),
    words("excluded", default=NO_LIST),
    words("answers", default=NO_LIST),
    words("search"),
    revision(),
)

shift = Table(
    "shift",
    metadata,
    key("worker", "worker.id"),
    Column("weekday", Integer(), primary_key=True, autoincrement=False),
    Column("start", Integer(), primary_key=True, autoincrement=False),
    Column("end", Integer(), nullable=False),
    Column("first", Date()),
    Column("last", Date()),
    revision(),
)

leave = Table(
    "worker_leave",
    metadata,
    key("worker", "worker.id"),
    Column("first", Date(), primary_key=True),
    Column("last", Date(), nullable=False),
    words("reason"),
    Column("cancelled", Boolean(), nullable=False),
    revision(),
)
"""By that name since LEAVE is a word of SQL in some databases."""

booking = Table(
    "booking",
    metadata,
    key("job", "job.id"),
    key("worker", "worker.id"),
    integer("start"),
    number("minutes"),
    Column("locked", Boolean(), nullable=False),
    Column("lead", Boolean(), nullable=False),
    Column("cancelled", Boolean(), nullable=False),
    revision(),
)

cause = Table(
    "cause",
    metadata,
    key("job_type", "job_type.id"),
    key(),
    words("needs"),
    number("minutes", nullable=True),
    number("chance", nullable=True),
    Column("active", Boolean(), nullable=False),
    revision(),
)

question = Table(
    "question",
    metadata,
    key(),
    words("text"),
    words("yes"),
    number("otherwise"),
    Column("job_type", ID, ForeignKey("job_type.id")),
    Column("active", Boolean(), nullable=False),
    revision(),
)

correction = Table(
    "correction",
    metadata,
    Column("text", WORDS, primary_key=True),
    key("skill", "skill.id"),
    Column("accepted", Boolean(), nullable=False),
    words("by"),
    revision(),
)

merge = Table(
    "merge",
    metadata,
    key("skill", "skill.id"),
    key("into", "skill.id"),
    integer("time"),
    words("by"),
    words("reason"),
    Column("undone", Boolean(), nullable=False),
    revision(),
)

noun_history = Table(
    "noun_history",
    metadata,
    Column("kind", String(40), primary_key=True),
    Column("key", Text(), primary_key=True),
    integer("revision"),
    Column("until", BigInteger(), primary_key=True, autoincrement=False),
    words("was"),
)
"""How overwritten rows of nouns, which held from `revision` on, differed from what the write `until` made of them."""

evidence = Table(
    "evidence",
    metadata,
    Column("seq", SEQUENCE, primary_key=True),
    id_of("source"),
    id_of("id"),
    id_of("worker", "worker.id"),
    Column("kind", String(40), nullable=False),
    integer("time"),
    words("payload"),
    Column("job", ID),
    Column("superseded", Boolean(), nullable=False),
    integer("added", default="0"),
    revision(index=False),
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

policy = Table(
    "policy",
    metadata,
    key("name"),
    Column("version", Integer(), primary_key=True, autoincrement=False),
    words("record"),
    words("note"),
    integer("created"),
)

decision = Table(
    "decision",
    metadata,
    Column("number", SEQUENCE, primary_key=True),
    Column("job", ID, nullable=False, index=True),
    Column("policy", ID, nullable=False),
    Column("policy_version", Integer(), nullable=False),
    Column("params_version", Integer(), nullable=False),
    integer("revision"),
    Column("day", Date(), nullable=False),
    Column("asked", BigInteger(), nullable=False, index=True),
    Column("most", Integer(), nullable=False),
    words("shown"),
    words("chosen"),
    words("reason"),
    integer("decided", nullable=True),
    words("decided_by"),
    words("teams", default=NO_LIST),
)
"""What deciders were shown and what they chose. Its `revision` is that of the ranking: to keep one takes none."""

counter = Table(
    "revision_counter",
    metadata,
    Column("id", Integer(), CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    integer("value"),
    integer("history_from", default="0"),
)
"""One row: the number of the last write, and of the first that can be looked back to. Its lock puts writers in line."""
