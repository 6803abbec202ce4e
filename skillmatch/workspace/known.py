"""Everything that is known about one worker, as one file to take away."""

from __future__ import annotations

from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from skillmatch.beliefs.evidence import Evidence
from skillmatch.claims import CertificateClaim, Claim
from skillmatch.importers import forms
from skillmatch.importers.columns import Column, Kind
from skillmatch.importers.export import Table, write_book
from skillmatch.importers.kinds import KINDS
from skillmatch.model import Booking, Leave, Shift, SiteNote, Worker
from skillmatch.store.store import Store, Transaction
from skillmatch.workspace.answers import Profile
from skillmatch.workspace.downloads import XLSX, put_file, rows_of
from skillmatch.workspace.portion import Portion

ABOUT_ONE = (Worker, Shift, Leave, Booking, SiteNote, Evidence)
"""What is about one worker, or written by her."""


def _skill(name: str) -> Column:
    return Column(f"skill_{name}", forms.TEXT, get=lambda row: getattr(row.skill, name))


def _estimate(name: str) -> Column:
    return Column(name, forms.NUMBER, get=lambda row: getattr(row.proficiency, name))


LEVELS = (
    _skill("id"),
    _skill("name"),
    _estimate("level"),
    _estimate("low"),
    _estimate("high"),
    Column("evidence", forms.NUMBER, get=lambda row: row.uses),
    Column("last_used", forms.TIME),
    Column("set_to", forms.LEVEL, get=lambda row: row.override and row.override.level),
    Column("set_by", forms.TEXT, get=lambda row: row.override and row.override.rater),
)
"""What is believed of each skill: the level, between which two it lies in 8 cases of 10, what a manager has set."""


def _claimed(name: str, form: forms.Form) -> Column:
    """Return a column that only some claims fill."""
    return Column(name, form, get=lambda claim: getattr(claim.what, name, None))


CLAIMS = (
    Column("id", forms.ID),
    Column(
        "what", forms.TEXT, get=lambda claim: "certificate" if isinstance(claim.what, CertificateClaim) else "level"
    ),
    _claimed("type", forms.ID),
    _claimed("issued", forms.DATE),
    _claimed("expires", forms.DATE),
    _claimed("issuer", forms.TEXT),
    _claimed("skill", forms.ID),
    _claimed("level", forms.LEVEL),
    Column("time", forms.TIME),
    Column("by", forms.TEXT),
    Column("note", forms.TEXT),
    Column("status", forms.TEXT),
    Column("decided", forms.TIME),
    Column("decided_by", forms.TEXT),
    Column("reason", forms.TEXT),
)
"""What she has handed in, and what became of it."""


class Known:
    """What is known about one worker, as a file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, profile: Profile, target: IO[bytes], form: str, *, private: bool) -> int:
        """Write everything that is on record of a worker and believed of her, and return how many rows that has.

        Parameters
        ----------
        profile
            What is believed of her, and who she is.
        form
            "xlsx" for a workbook; "zip" for CSV files and the papers that she has handed in.
        private
            Whether why she was on leave and notes that she took back go along.
        """
        worker = profile.worker.id
        with self._store.read() as transaction:
            claims = transaction.claims(worker=worker)
            tables = _tables(transaction, Portion(frozenset({worker}), private))
            tables[1:1] = [Table("levels", LEVELS, profile.skills), Table("claims", CLAIMS, claims)]
            if form == XLSX:
                return write_book(target, tables)
            with ZipFile(target, "w", ZIP_DEFLATED) as archive:
                rows = sum(put_file(archive, table) for table in tables)
                for claim in claims:
                    _put_paper(transaction, archive, claim)
                return rows


def _tables(transaction: Transaction, portion: Portion) -> list[Table]:
    return [
        Table.of(kind, _own(transaction, kind, portion)) for kind in KINDS.values() if issubclass(kind.cls, ABOUT_ONE)
    ]


def _own(transaction: Transaction, kind: Kind, portion: Portion) -> list[Any]:
    rows = rows_of(transaction, kind, portion)
    # Notes are for all: hers are those that she wrote.
    return [row for row in rows if not isinstance(row, SiteNote) or portion.sees(row.worker)]


def _put_paper(transaction: Transaction, archive: ZipFile, claim: Claim) -> None:
    """Write the file of a claim into an archive, under the id of the claim."""
    paper = None if claim.attachment is None else transaction.attachment(claim.attachment)
    if paper is not None:
        archive.writestr(f"papers/{claim.id}-{paper.name}", paper.content)
