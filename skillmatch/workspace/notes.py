"""The use-cases of notes about sites: writing one, taking it back, answering it, and who still waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Asset, Customer, NoteKind, NoteStatus, Site, SiteNote
from skillmatch.store.store import Store, Transaction
from skillmatch.wording import said


@dataclass(frozen=True, slots=True)
class NewNote:
    """What somebody is about to leave at a site; one with the same `id` counts once."""

    id: str
    site: str
    kind: NoteKind
    text: str
    asset: str | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """A note with what it is about."""

    note: SiteNote
    site: Site | None
    customer: Customer | None
    asset: Asset | None


class Notes:
    """What people leave at sites for each other."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def one(self, id: str) -> SiteNote:
        """Return a note, or raise NotFound."""
        with self._store.read() as transaction:
            return _found(transaction, id)

    def suggestions(self, status: NoteStatus | None = NoteStatus.OPEN) -> tuple[Suggested, ...]:
        """Return suggestions to improve customers' equipment, open ones first, then the newest first; None for all."""
        with self._store.read() as transaction:
            return _with_places(transaction, transaction.suggestions(status))

    def of_worker(self, worker: str) -> tuple[Suggested, ...]:
        """Return what a worker has suggested, what still waits for an answer first, then the newest first."""
        with self._store.read() as transaction:
            return _with_places(transaction, transaction.suggestions(worker=worker))

    def write(self, new: NewNote, *, by: Account) -> tuple[SiteNote, bool]:
        """Leave a note, and return it and whether it is new: sent again with the same id it counts once.

        Raises
        ------
        NotFound
            When there is no such site.
        Invalid
            When the text is empty or too long, or the asset stands somewhere else.
        Conflict
            When another note has this id.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            return write_within(transaction, new, by=by, now=self._now())

    def edit(self, id: str, text: str, *, by: Account, seen: str) -> SiteNote:
        """Change the words of one's own note while it is open; `seen` are those one has seen.

        Raises
        ------
        NotFound
            When there is no such note.
        NotAllowed
            When somebody else has written it.
        Conflict
            When it was changed or closed meanwhile.
        """
        with self._store.write() as transaction:
            note = self._own(transaction, id, by)
            if note.text != seen:
                raise Conflict(
                    said("this note was changed meanwhile and says “{text}” now: nothing was changed", text=note.text)
                )
            return self._save(transaction, replace(note, text=text.strip()), "changed", by)

    def withdraw(self, id: str, *, by: Account) -> SiteNote:
        """Take one's own note back while it is open: it is shown to nobody then. See `edit` for what is raised."""
        with self._store.write() as transaction:
            note = self._own(transaction, id, by)
            return self._save(transaction, replace(note, status=NoteStatus.WITHDRAWN), "took back", by)

    def answer(
        self, id: str, status: NoteStatus, answer: str, *, by: Account, seen: tuple[NoteStatus, str]
    ) -> SiteNote:
        """Say what becomes of a note, and return it as it is then.

        Parameters
        ----------
        status
            What becomes of it; `open` with an answer promises to look into it.
        seen
            Its status and answer as they were seen.

        Raises
        ------
        NotFound
            When there is no such note.
        NotAllowed
            For a worker.
        Invalid
            For a status that only its writer may give it, or an answer that is too long.
        Conflict
            When somebody else has answered meanwhile; the message says what.
        """
        if by.role is Role.WORKER:
            raise NotAllowed(said("notes are answered by schedulers and managers: ask one of them"))
        if status is NoteStatus.WITHDRAWN:
            raise Invalid(said("a note is taken back by who wrote it: expected open, done or declined"))
        with self._store.write() as transaction:
            transaction.wait_in_line()
            note = _found(transaction, id)
            if (note.status, note.answer) != seen:
                answer = f": “{note.answer}”" if note.answer else ""
                who = note.answered_by or said("somebody")
                raise Conflict(
                    said(
                        "{who} has answered meanwhile, and it is {status} now{answer}",
                        who=who,
                        status=note.status,
                        answer=answer,
                    )
                )
            answered_by = "" if status is NoteStatus.OPEN and not answer.strip() else by.signature
            changed = replace(note, status=status, answer=answer.strip(), answered_by=answered_by)
            return self._save(transaction, changed, "answered", by)

    def _own(self, transaction: Transaction, id: str, by: Account) -> SiteNote:
        transaction.wait_in_line()
        note = _found(transaction, id)
        if not wrote(by, note):
            raise NotAllowed(said("note {id!r} was written by somebody else: only who wrote it may change it", id=id))
        if note.status is not NoteStatus.OPEN:
            raise Conflict(
                said("this note is {status} already: write a new one if there is more to say", status=note.status)
            )
        return note

    def _save(self, transaction: Transaction, note: SiteNote, what: str, by: Account) -> SiteNote:
        if transaction.recorded(SiteNote, [note.id]) != [note]:
            save(transaction, note, what, by=by, now=self._now())
        return note


def wrote(account: Account, note: SiteNote) -> bool:
    """Return whether a note is by the holder of an account."""
    return note.worker == account.worker if note.worker is not None else note.by == account.signature


def write_within(transaction: Transaction, new: NewNote, *, by: Account, now: datetime) -> tuple[SiteNote, bool]:
    """Leave a note as part of a transaction that has waited in line; see `Notes.write`."""
    note = SiteNote(new.id, new.site, new.kind, new.text.strip(), now, by.signature, by.worker, new.asset)
    earlier = next(iter(transaction.recorded(SiteNote, [new.id])), None)
    if earlier is not None:
        kept = (earlier.site, earlier.kind, earlier.text, earlier.asset)
        if not wrote(by, earlier) or kept != (note.site, note.kind, note.text, note.asset):
            raise Conflict(
                said("this form was used already, and left the note “{text}”: nothing more was kept", text=earlier.text)
            )
        return earlier, False
    if transaction.noun(Site, new.site) is None:
        raise NotFound.named("site", new.site)
    if new.asset is not None and new.asset not in {asset.id for asset in transaction.assets_at(new.site)}:
        raise Invalid(
            said("asset {asset!r} is not at site {site!r}: choose one that is, or none", asset=new.asset, site=new.site)
        )
    save(transaction, note, "wrote", by=by, now=now)
    return note, True


def save(transaction: Transaction, note: SiteNote, what: str, *, by: Account, now: datetime) -> None:
    """Save a note, and that somebody did so."""
    transaction.save_nouns(SiteNote, [note], revision=transaction.next_revision())
    transaction.note(what, f"site note {note.id}", by=by, time=now)


def _found(transaction: Transaction, id: str) -> SiteNote:
    note = transaction.noun(SiteNote, id)
    if note is None or note.status is NoteStatus.WITHDRAWN:
        raise NotFound.named("note", id)
    return note


def _with_places(transaction: Transaction, notes: list[SiteNote]) -> tuple[Suggested, ...]:
    sites = {site.id: site for site in transaction.nouns(Site, {note.site for note in notes})}
    owners = {one.id: one for one in transaction.nouns(Customer, {site.customer for site in sites.values()})}
    assets = {one.id: one for one in transaction.nouns(Asset, {note.asset for note in notes if note.asset})}
    found = []
    for note in notes:
        site = sites.get(note.site)
        owner = owners.get(site.customer) if site is not None else None
        found.append(Suggested(note, site, owner, assets.get(note.asset or "")))
    return tuple(found)
