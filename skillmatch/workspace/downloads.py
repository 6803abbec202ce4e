"""The use-case of downloads: every table of the company, or all of them, as files that the import reads back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from skillmatch.beliefs.evidence import Evidence
from skillmatch.errors import NotFound
from skillmatch.importers.export import write_tables
from skillmatch.importers.kinds import KINDS
from skillmatch.model import Noun, Worker
from skillmatch.store.store import Store, Transaction


class Downloads:
    """The tables of the company as files."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def names(self) -> tuple[str, ...]:
        """What the tables are called, what is referred to before what refers to it."""
        return tuple(KINDS)

    def write(self, name: str, path: Path) -> int:
        """Write one table, whole or not at all, and return how many rows it has.

        Parameters
        ----------
        name
            Of `names`.
        path
            Ends in .xlsx for a workbook; otherwise a new folder, in which the table is NAME.csv. An empty table makes
            no sheet and no file.

        Raises
        ------
        NotFound
            When there is no such table.
        Invalid
            When it is longer than Excel can keep.
        """
        if name not in KINDS:
            raise NotFound.named("table", name, KINDS)
        cls = KINDS[name].cls
        with self._store.read() as transaction:
            if issubclass(cls, Evidence):
                return write_tables(path, (), _facts(transaction, cls))
            nouns: list[Noun] = list(transaction.recorded(cast(type[Worker], cls)))
        return write_tables(path, nouns, ())


def _facts(transaction: Transaction, cls: type[Evidence]) -> Iterable[Evidence]:
    return (fact for _worker, own in transaction.evidence(as_recorded=True) for fact in own if type(fact) is cls)
