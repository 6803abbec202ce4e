"""What of the company's tables somebody takes away: rows about whom she sees, and in others no name but these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from skillmatch.beliefs.evidence import Evidence
from skillmatch.model import Booking, Customer, Job, Leave, NoteKind, NoteStatus, Noun, Shift, SiteNote, Worker

OF_WORKERS = (Shift, Leave, Booking, Evidence)
"""What is about the one worker that it names."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What somebody takes away.

    Parameters
    ----------
    workers
        The ids of the workers whom she sees, None for everybody.
    private
        Whether what no page shows goes along: why somebody is on leave, and notes that were taken back.
    """

    workers: frozenset[str] | None = None
    private: bool = False

    def sees(self, worker: str | None) -> bool:
        """Return whether she sees a worker."""
        return self.workers is None or worker in self.workers

    def cut(self, things: Iterable[Noun | Evidence]) -> Iterator[Noun | Evidence]:
        """Yield what she takes away of some things, each with what she sees of it."""
        return (part for thing in things if (part := self.part(thing)) is not None)

    def part(self, thing: Noun | Evidence) -> Noun | Evidence | None:
        """Return what she sees of a thing, None for nothing of it."""
        if isinstance(thing, SiteNote):
            return self._note(thing)
        if isinstance(thing, Customer | Job):
            return self._wishes(thing)
        if isinstance(thing, Worker):
            return thing if self.sees(thing.id) else None
        if isinstance(thing, OF_WORKERS) and not self.sees(thing.worker):
            return None
        return replace(thing, reason="") if isinstance(thing, Leave) and not self.private else thing

    def _wishes(self, of: Customer | Job) -> Customer | Job:
        """Return a customer or job with the wishes about workers whom she sees."""
        preferred, required, excluded = map(self._seen, (of.preferred, of.required, of.excluded))
        if isinstance(of, Job):
            return replace(of, preferred=preferred, required=required, excluded=excluded)
        until = tuple((worker, day) for worker, day in of.until if self.sees(worker))
        return replace(of, preferred=preferred, required=required, excluded=excluded, until=until)

    def _seen(self, workers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(filter(self.sees, workers))

    def _note(self, note: SiteNote) -> SiteNote | None:
        """Return a note that is for all, without who wrote it where she does not see her; of suggestions those she
        sees, as on the pages.
        """
        if note.status is NoteStatus.WITHDRAWN and not self.private:
            return None
        if note.worker is None or self.sees(note.worker):
            return note
        return replace(note, worker=None, by="") if note.kind is NoteKind.NOTE else None
