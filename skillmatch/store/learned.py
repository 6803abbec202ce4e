"""The tables of what was learned: it follows from the log, and can be made anew from it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table

from skillmatch.store.columns import ID, PART, integer, key, metadata, number, revision, words

worker_belief = Table(
    "worker_belief",
    metadata,
    key("worker", "worker.id"),
    number("form"),
    integer("uses"),
    number("worked"),
    words("occasion"),
    integer("last_time", nullable=True),
    Column("last_source", ID),
    Column("last_id", ID),
    revision(),
)

worker_part = Table(
    "worker_part",
    metadata,
    key("worker", "worker.id"),
    Column("part", PART, primary_key=True),
    number("mean"),
    number("var"),
    number("jobs"),
    Column("gone", Boolean(), nullable=False),
    revision(),
)
"""General ability, what the skills of a family have in common, biases: see `params.Loading`."""

belief = Table(
    "belief",
    metadata,
    key("worker", "worker.id"),
    key("skill", "skill.id"),
    number("mean"),
    number("var"),
    number("day"),
    number("recent"),
    number("lasting"),
    integer("uses"),
    number("successes"),
    number("failures"),
    number("surprise"),
    number("won"),
    number("main"),
    Column("gone", Boolean(), nullable=False),
    revision(),
)
"""`gone` marks a skill that a refold took from the worker: kept so that readers of newer rows notice."""

params = Table(
    "params",
    metadata,
    Column("version", Integer(), primary_key=True, autoincrement=False),
    words("record"),
    words("note"),
    integer("created"),
)

diagnosis = Table(
    "diagnosis",
    metadata,
    Column("version", Integer(), primary_key=True, autoincrement=False),
    words("record"),
    integer("findings"),
    integer("created"),
)
"""How strongly each kind of sign speaks for causes, as learned from so many findings."""

skill_vector = Table(
    "skill_vector",
    metadata,
    Column("model", String(100), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("vector", LargeBinary(), nullable=False),
)
"""What a local model of language makes of a skill's text, by the text's SHA-256: kept since making it is slow."""
