"""Rows compared with each other and with the database: ids used twice or unknown, the future, circles of links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from skillmatch.beliefs.evidence import ABOUT_FACTS, Evidence
from skillmatch.importers.about_facts import turn, unfit
from skillmatch.importers.batch import Batch, Known
from skillmatch.importers.draft import Draft, Rows, Unfit, shown
from skillmatch.importers.facts import Employment, future, not_employed, unsound
from skillmatch.importers.merges import Joined, closing_links
from skillmatch.importers.near import Near
from skillmatch.importers.relations import FIELDS, WITH_ID, WORDS, Reference, called, key_of, references
from skillmatch.model import Link, Merge, Skill, Worker

Errors = Sequence[Unfit] | None
"""What is wrong with a row; None for one that only repeats what its file may repeat, and is left out silently."""


def finish(draft: Draft, known: Known, now: datetime) -> Batch:
    """Return the batch of what fits together; what does not becomes a problem, or a note where it was published so.

    A row is left out when it repeats an id, refers to something that is nowhere or was itself left out, lies in the
    future of `now` or outside a worker's time with the firm, or closes a circle of links.
    """
    check = _Check(draft, known, now)
    batch = Batch(notes=draft.notes)
    for cls, field in FIELDS.items():
        rows = check.references(check.unique(draft.rows.pop(cls, Rows())))
        if cls is Link:
            rows = check.acyclic(rows)
        elif cls is Merge:
            rows = check.merged(rows)
        elif cls is Evidence:
            rows = check.about_facts(check.happened(rows))
        elif cls in WITH_ID:
            if cls is Worker:
                check.employment |= {worker.id: Employment.of(worker) for worker in rows.things}
            check.ids[cls] = {thing.id for thing in rows.things}
        setattr(batch, field, rows.things)
    batch.notes += draft.left_out()
    batch.problems = _sorted(draft)
    return batch


def _sorted(draft: Draft) -> list[Any]:
    """Return each problem once: by file in the order of reading, then by line."""
    order: dict[str, int] = {}
    for number, source in enumerate(draft.sources):
        order.setdefault(source.file, number)
    return sorted(dict.fromkeys(draft.problems), key=lambda one: (order.get(one.file, -1), one.file, one.line or 0))


class _Check:
    def __init__(self, draft: Draft, known: Known, now: datetime) -> None:
        self.ids: dict[type, AbstractSet[str]] = {}
        self.employment = dict(known.employment)
        self._recorded = known.facts
        self._draft, self._now = draft, now
        self._links, self._merges = known.links, known.merges
        self._known: dict[type, AbstractSet[str]] = {
            cls: getattr(known, field)
            for cls, field in FIELDS.items()
            if hasattr(known, field) and cls not in (Link, Merge)
        }
        self._known[Skill] = known.skills.keys()
        self._near = Near()

    def unique(self, rows: Rows) -> Rows:
        """Return the first row of each key; a later one is a mistake, unless its source may repeat."""
        first: dict[Any, int] = {}

        def errors(index: int, thing: Any, place: int) -> Errors:
            if isinstance(thing, Evidence) and self._draft.source_of(place).log:
                return ()
            earlier = first.setdefault(key_of(thing), index)
            if earlier == index:
                return ()
            if self._draft.source_of(place).distinct and rows.things[earlier] == thing:
                return None
            found = f"{called(thing)}, which {self._where(rows.places[earlier], place)} has already"
            another = ", or give it another id" if isinstance(thing, Evidence) or type(thing) in WITH_ID else ""
            return [Unfit(found, f"each only once: leave out one of the two{another}")]

        return self._kept(rows, errors)

    def references(self, rows: Rows) -> Rows:
        """Return the rows that refer only to what there is."""

        def errors(_: int, thing: Any, place: int) -> Errors:
            return [self._unknown(each, place) for each in references(thing) if not self._is_there(each)]

        return self._kept(rows, errors)

    def happened(self, rows: Rows) -> Rows:
        """Return the evidence that has happened, while the worker was there, and whose own numbers are sound."""

        def errors(_: int, thing: Evidence, place: int) -> Errors:
            found = [future(thing, self._now), *unsound(thing)]
            # What a log says was taken once, by what was known then; days that were set since do not make it untrue.
            if not self._draft.source_of(place).log:
                found.append(not_employed(thing, self.employment.get(thing.worker, Employment())))
            return [each for each in found if each is not None]

        return self._kept(rows, errors)

    def about_facts(self, rows: Rows) -> Rows:
        """Return the evidence with those retractions, disputes and decisions that name what they can be about; those
        of tables come after all facts.
        """
        named = [thing for thing in rows.things if isinstance(thing, ABOUT_FACTS)]
        if not named:
            return rows
        recorded = self._recorded({thing.target for thing in named} | {thing.key for thing in named})
        latest = {**recorded, **{thing.key: thing for thing in rows.things}}

        def errors(_: int, thing: Evidence, place: int) -> Errors:
            if not isinstance(thing, ABOUT_FACTS):
                return ()
            own = recorded.get(thing.key)
            wrong = unfit(thing, latest.get(thing.target), own, log=self._draft.source_of(place).log)
            return () if wrong is None else [wrong]

        kept = self._kept(rows, errors)
        pairs = list(zip(kept.things, kept.places, strict=True))
        # The rows of a table have no order of their own; the lines of a log have.
        pairs.sort(key=lambda pair: 0 if self._draft.source_of(pair[1]).log else turn(pair[0]))
        sorted_rows = Rows([thing for thing, _ in pairs])
        sorted_rows.places.extend(place for _, place in pairs)
        return sorted_rows

    def acyclic(self, rows: Rows) -> Rows:
        """Return the links without those that close a circle with the earlier ones and those in the database."""
        circles = closing_links(self._links, rows.things, Joined(self._merges, (), ()))
        kept = self._kept(rows, lambda index, *_: [circles[index]] if index in circles else (), "would close a circle")
        self._links = (*self._links, *kept.things)
        return kept

    def merged(self, rows: Rows) -> Rows:
        """Return the merges that can hold together, with those in the database and with all links."""
        joined = Joined(self._merges, rows.things, self._links)
        return self._kept(rows, lambda _index, thing, _place: [*joined.unfit(thing)])

    def _kept(
        self, rows: Rows, errors: Callable[[int, Any, int], Errors], reason: str = "name skills that are not there"
    ) -> Rows:
        """Return the rows without errors; note down the others as problems, or as left out by a publisher."""
        kept = Rows()
        for index, (thing, place) in enumerate(zip(rows.things, rows.places, strict=True)):
            wrong = errors(index, thing, place)
            if wrong is not None and not wrong:
                kept.things.append(thing)
                kept.places.append(place)
            elif wrong and isinstance(thing, Link) and self._draft.source_of(place).published:
                self._draft.leave_out(f"{thing.kind} links that {reason}", called(thing))
            elif wrong:
                for each in wrong:
                    self._draft.refuse_at(place, each)
                if type(thing) in WITH_ID:
                    self._draft.spoil(type(thing), thing.id, place)
        return kept

    def _is_there(self, reference: Reference) -> bool:
        _, cls, id = reference
        return id in self.ids[cls] or id in self._known[cls]

    def _unknown(self, reference: Reference, place: int) -> Unfit:
        column, cls, id = reference
        found = f"{WORDS[cls]} {shown(id)}"
        spoilt = self._draft.spoilt.get((cls, id))
        if spoilt is not None:
            row = self._where(spoilt, place)
            return Unfit(f"{found}, whose row cannot be taken ({row})", "a sound row: mend that one", column=column)
        near = self._near.find(cls, id, self.ids[cls], self._known[cls])
        advice = f"; did you mean {near!r}?" if near else ""
        expected = f"one of the {FIELDS[cls].replace('_', ' ')} of this import or of the database{advice}"
        return Unfit(found, expected, column=column)

    def _where(self, place: int, seen_from: int) -> str:
        """Return a place in words, without the file when it is the same."""
        file, line = self._draft.source_of(place).file, self._draft.line_of(place)
        return f"line {line}" if file == self._draft.source_of(seen_from).file else f"{file}:{line}"
