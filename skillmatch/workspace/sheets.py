"""The use-cases of a skills matrix sent by a browser: kept between preview and confirmation, taken in, taken back."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from skillmatch.accounts import Account
from skillmatch.beliefs.evidence import Evidence, Retraction
from skillmatch.errors import Conflict, ImportStopped, Invalid, NotFound
from skillmatch.importers.matrix import Choices, MatrixPreview
from skillmatch.scale import ID_LENGTH
from skillmatch.store.store import Store, Transaction
from skillmatch.store.uploads import CHOICES, FILE, Upload
from skillmatch.wording import said
from skillmatch.workspace.importing import refold
from skillmatch.workspace.matrices import SELF_REPORT, SOURCE, TAKEN_BACK, Matrices, MatrixReport

MOST_BYTES = 20_000_000
KEPT_FOR = timedelta(hours=24)
"""So long a sheet that nobody touches is kept."""
MOST_KEPT = 3
"""Of one person; an older one goes when one more comes."""
MEDIA = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".csv": "text/csv"}
ZIP = b"PK\x03\x04"
TAKEN_IN = "matrix taken in"
GONE = said("this sheet is not here any more: it was taken in, thrown away, or left for a day; send it again")


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody has decided about a sheet: what it means, and what it is taken in as."""

    choices: Choices = field(default_factory=Choices)
    sheet: str = ""
    on: str = ""
    stated_as: str = SELF_REPORT
    rater: str = ""
    leave_out: bool = False

    def to_json(self) -> str:
        """Return it as text."""
        one = self.choices
        kept = {"skills": dict(one.skills), "people": dict(one.people), "marks": dict(one.marks)}
        rest = {name: getattr(self, name) for name in ("sheet", "on", "stated_as", "rater", "leave_out")}
        return json.dumps({**kept, "scale": one.scale, "held": one.held, **rest})

    @classmethod
    def from_json(cls, text: str) -> Decided:
        """Return what `to_json` has written."""
        found = json.loads(text)
        chosen = Choices(*(found.pop(name) for name in ("skills", "people", "marks", "scale", "held")))
        return cls(chosen, **found)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that waits: what it is taken for (or `problem`, why for nothing), and what taking it in would change.

    `sums` has what would be added, changed and unchanged of what can be taken.
    """

    id: str
    name: str
    decided: Decided
    preview: MatrixPreview | None
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a sheet in did, and the number of the write, by which it can be taken back."""

    report: MatrixReport
    revision: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many facts no longer count, how many say again what they said before, how many were changed since."""

    retracted: int
    restored: int
    left: int


class Sheets:
    """Sheets on their way in; made by `Workspace.sheets`. Each is seen by the account that has sent it alone."""

    def __init__(self, store: Store, clock: Callable[[], datetime], reads: Matrices) -> None:
        self._store, self._clock, self._reads = store, clock, reads

    def keep(self, name: str, content: bytes, *, by: Account) -> str:
        """Keep a file until it is taken in, for a day at most; return its id.

        Raises
        ------
        Invalid
            When it is empty, too large, or no .xlsx or .csv by its name or by what is in it.
        """
        name = " ".join("".join(sign for sign in name if sign.isprintable()).split())[-200:]
        ending = _checked(name, content)
        now = self._clock()
        upload = Upload(FILE + secrets.token_hex(12), name, MEDIA[ending], content, by.id, now)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            transaction.drop_uploads(before=now - KEPT_FOR)
            for old in transaction.uploads_of(by.id)[MOST_KEPT - 1 :]:
                _drop(transaction, old)
            transaction.save_upload(upload)
        return upload.id

    def waiting(self, *, by: Account) -> tuple[tuple[str, str], ...]:
        """Return the ids and names of what somebody has sent, the newest first."""
        with self._store.read() as transaction:
            found = [transaction.upload(id) for id in transaction.uploads_of(by.id)]
        return tuple((one.id, one.name) for one in found if one is not None)

    def sheet(self, id: str, *, by: Account, among: Collection[str] | None = None) -> Sheet:
        """Return a sheet with what it is taken for and what that would change; nothing is written.

        Raises
        ------
        NotFound
            When it is not there, or somebody else's.
        """
        upload, decided = self._find(id, by)
        with _file(upload) as path:
            try:
                preview = self._reads.read_matrix(
                    path, choices=decided.choices, sheet=decided.sheet or None, among=among
                )
            except ImportStopped as error:
                return Sheet(id, upload.name, decided, None, problem=_said(error))
            sums = self._sums(path, decided, preview, among)
        return Sheet(id, upload.name, decided, preview, sums)

    def decide(self, id: str, decided: Decided, *, by: Account) -> None:
        """Keep what somebody has decided about a sheet.

        Raises
        ------
        NotFound
            When it is not there, or somebody else's.
        """
        upload, _before = self._find(id, by)
        now = self._clock()
        kept = Upload(_beside(id), upload.name, "application/json", decided.to_json().encode(), by.id, now)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            transaction.save_upload(kept)
            transaction.touch_upload(id, now)

    def take_in(self, id: str, *, by: Account, among: Collection[str] | None = None) -> TakenIn:
        """Take a sheet in as it was decided, in one transaction, and throw the file away.

        Sent twice at once, it is taken in once: the second finds it gone.

        Raises
        ------
        NotFound
            When it is not there, or somebody else's.
        ImportStopped, Invalid
            As `Workspace.import_matrix`; nothing is written then.
        """
        upload, decided = self._find(id, by)
        revisions: list[int] = []

        def settle(transaction: Transaction) -> None:
            if not _drop(transaction, id):
                raise NotFound(GONE)
            revisions.append(transaction.revision())
            transaction.note(TAKEN_IN, str(revisions[0]), by=by, time=self._clock())

        with _file(upload) as path:
            report = self._reads.import_matrix(path, **_options(decided), among=among, also=settle)
        return TakenIn(report, revisions[0])

    def take_back(self, revision: int, *, by: Account) -> TakenBack:
        """Take back what somebody's sheet has added and changed: facts no longer count, or say what they said before.

        What was changed or retracted again since stays as it is now.

        Raises
        ------
        NotFound
            When she has taken in no sheet by that write.
        Conflict
            When nothing is left to take back.
        """
        with self._store.read() as transaction:
            notes = transaction.notes(subject=str(revision), limit=100)
            mine = any(note.what == TAKEN_IN and note.by == by.signature for note in notes)
            facts = transaction.appended_at(revision, SOURCE) if mine else []
        if not mine:
            raise NotFound(
                said("you have taken in no sheet by write {revision}: there is nothing to take back", revision=revision)
            )
        with self._store.read(as_of=revision - 1) as past:
            earlier = {fact.key: past.find_evidence(*fact.key) for fact in facts}
            counted = {key for key in earlier if earlier[key] is not None and not past.is_retracted(*key)}
        now = self._clock()
        with self._store.write() as transaction:
            number = transaction.next_revision()
            back: list[Evidence] = []
            for fact in facts:
                if transaction.find_evidence(*fact.key) != fact or transaction.is_retracted(*fact.key):
                    continue
                before = earlier[fact.key]
                back.append(before if before is not None and fact.key in counted else _retraction(fact, revision, now))
            if not back:
                raise Conflict(
                    said("nothing of this sheet is left to take back: all of it was taken back or changed since")
                )
            workers = sorted({fact.worker for fact in back})
            transaction.lock_workers(set(workers))
            transaction.append(back, revision=number)
            refold(transaction, workers, transaction.params(), number, None)
            transaction.note(TAKEN_BACK, str(revision), by=by, time=now)
        gone = sum(isinstance(fact, Retraction) for fact in back)
        return TakenBack(gone, len(back) - gone, len(facts) - len(back))

    def throw_away(self, id: str, *, by: Account) -> None:
        """Throw a sheet away, or raise NotFound when it is not there, or somebody else's."""
        self._find(id, by)
        with self._store.write() as transaction:
            transaction.wait_in_line()
            _drop(transaction, id)

    def _find(self, id: str, by: Account) -> tuple[Upload, Decided]:
        with self._store.read() as transaction:
            upload = transaction.upload(id) if id.startswith(FILE) else None
            chosen = transaction.upload(_beside(id)) if upload else None
        if upload is None or upload.by != by.id:
            raise NotFound(GONE)
        today = self._clock().astimezone(UTC).date().isoformat()
        return upload, Decided.from_json(chosen.content.decode()) if chosen else Decided(on=today)

    def _sums(
        self, path: Path, decided: Decided, preview: MatrixPreview, among: Collection[str] | None
    ) -> Mapping[str, Mapping[str, int]]:
        """Return what would be changed if everything open was left out: all of it is done, and rolled back."""
        if not preview.cells:
            return {}
        trial = replace(decided, leave_out=True)
        try:
            report = self._reads.import_matrix(path, **_options(trial), among=among, dry_run=True)
        except (Invalid, ImportStopped):  # it is said when it is to be taken in
            return {}
        return {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}


def _checked(name: str, content: bytes) -> str:
    """Return the ending of a file's name, or raise Invalid where the file is not what it says."""
    ending = Path(name).suffix.lower()
    if not content:
        raise Invalid(
            said("{name} is empty: expected a sheet with people, skills and marks", name=name or said("the file"))
        )
    if len(content) > MOST_BYTES:
        raise Invalid(
            said(
                "{name} has {size:.0f} MB: expected at most {most} MB",
                name=name,
                size=len(content) / 1e6,
                most=MOST_BYTES // 10**6,
            )
        )
    if ending not in MEDIA:
        raise Invalid(
            said("{name} is no sheet: expected one saved as .xlsx or .csv", name=name or said("a file without a name"))
        )
    if ending == ".xlsx" and not content.startswith(ZIP):
        raise Invalid(
            said(
                "{name} says that it is a workbook of Excel, but is none: save the sheet as .xlsx and send that",
                name=name,
            )
        )
    if ending == ".csv" and (content.startswith(ZIP) or _binary(content)):
        raise Invalid(
            said("{name} says that it is CSV, but holds no text: save the sheet as .csv (or send the .xlsx)", name=name)
        )
    return ending


def _binary(content: bytes) -> bool:
    # Text in UTF-16, as Excel writes "Unicode text", has NULs too, and says so by its first two bytes.
    return b"\0" in content[:65536] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))


@contextmanager
def _file(upload: Upload) -> Iterator[Path]:
    """Give the file a place on disk, where the readers look for it, as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="skillmatch-") as folder:
        path = Path(folder) / f"sheet{Path(upload.name).suffix.lower()}"
        path.write_bytes(upload.content)
        yield path


def _options(decided: Decided) -> dict[str, Any]:
    try:
        on = datetime.fromisoformat(decided.on).date()
    except ValueError:
        found = repr(decided.on) if decided.on else "nothing"
        raise Invalid(
            said("{found} was given as the day of the sheet: expected one such as 2026-06-02", found=found)
        ) from None
    return {
        "on": on,
        "stated_as": decided.stated_as,
        "by": decided.rater,
        "choices": decided.choices,
        "sheet": decided.sheet or None,
        "skip_unmatched": decided.leave_out,
        "skip_bad": decided.leave_out,
    }


def _retraction(fact: Evidence, revision: int, now: datetime) -> Retraction:
    source, id = fact.key
    reason = "the sheet was taken back"
    name = f"{id}~{revision}"
    return Retraction(
        id=name if len(name) <= ID_LENGTH else secrets.token_hex(16),
        worker=fact.worker,
        time=now,
        source=TAKEN_BACK,
        retracts_source=source,
        retracts_id=id,
        reason=reason,
    )


def _drop(transaction: Transaction, id: str) -> bool:
    transaction.drop_upload(_beside(id))
    return transaction.drop_upload(id)


def _beside(id: str) -> str:
    return CHOICES + id.removeprefix(FILE)


def _said(error: ImportStopped) -> str:
    problems = getattr(error.report, "problems", [])
    return f"{problems[0].found}; expected {problems[0].expected}" if problems else str(error)
