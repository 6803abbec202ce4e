"""What the tables are made of: kinds of columns, and where constraints get their names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Integer, MetaData, String, Text, TextClause, text

from skillmatch.model import ID_LENGTH
from skillmatch.taxonomy import LONGEST_WORDS

NO_LIST, NO_TEXT = "[]", text("''")
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
WORDS = String(LONGEST_WORDS).with_variant(String(LONGEST_WORDS, collation="C"), "postgresql")
SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")


def id_of(name: str = "id", target: str | None = None, **options: Any) -> Column[str]:
    return Column(name, ID, *([ForeignKey(target)] if target else []), nullable=False, **options)


def key(name: str = "id", target: str | None = None) -> Column[str]:
    return id_of(name, target, primary_key=True)


def words(name: str, *, default: str | TextClause | None = None) -> Column[str]:
    return Column(name, Text(), nullable=False, server_default=default)


def number(name: str, *, nullable: bool = False) -> Column[float]:
    return Column(name, Double(), nullable=nullable)


def integer(name: str, *, nullable: bool = False, default: str | None = None) -> Column[int]:
    return Column(name, BigInteger(), nullable=nullable, server_default=default)


def revision(*, index: bool = True) -> Column[int]:
    return Column("revision", BigInteger(), nullable=False, index=index)
