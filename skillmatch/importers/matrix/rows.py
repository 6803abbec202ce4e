"""The people of a matrix to workers: by their names, by an id that stands beside them, or by choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from skillmatch.importers.excel import BadCell
from skillmatch.importers.matrix.layout import Layout
from skillmatch.importers.matrix.people import AS_GOOD, MOST_SUGGESTED, SURE, Found, People
from skillmatch.importers.matrix.preview import CHOSEN, LEFT_OUT, MATCHED, TAKEN, UNMATCHED, PersonMatch

DISTINCT = 0.8
"""A column beside the names holds ids of workers when at least so many of its cells are different ones."""


def match_people(layout: Layout, people: People, beside: Iterable[int]) -> list[PersonMatch]:
    """Return the match of each person of the sheet, in its order."""
    grid = layout.grid
    ids = _ids(layout, people, beside)
    found = []
    for place, (row, name) in enumerate(layout.people):
        where = grid.place(row, layout.lanes[0])
        if not name or isinstance(name, BadCell):
            found.append(PersonMatch(str(name), where, UNMATCHED, None, reason="no name"))
        else:
            found.append(_match(name, where, people, ids[place] if ids else ""))
    return _once(found)


def _ids(layout: Layout, people: People, beside: Iterable[int]) -> Sequence[str]:
    """Return the ids of workers that stand beside the names, one for each row; nothing where there are none."""
    for column in beside:
        cells = [layout.grid.rows[row][column] for row, _name in layout.people]
        filled = [cell for cell in cells if cell]
        known = {cell for cell in filled if cell in people.workers}
        if filled and len(known) >= DISTINCT * len(filled):
            return [cell if cell in people.workers else "" for cell in cells]
    return ()


def _match(name: str, where: str, people: People, id: str) -> PersonMatch:
    chosen = people.chosen.get(name)
    if chosen == "":
        return PersonMatch(name, where, LEFT_OUT, None, reason="left out by choice")
    if chosen:
        return PersonMatch(name, where, CHOSEN, Found(chosen, people.workers[chosen].name, 1.0, "choice"))
    links = people.find(name)
    if id:
        return _beside(name, where, people, id, links)
    if not links:
        return PersonMatch(name, where, UNMATCHED, None, reason="nobody is called so")
    best, others = links[0], links[1 : MOST_SUGGESTED + 1]
    reason = ""
    if best.confidence < SURE:
        reason = "not sure enough"
    elif others and others[0].confidence > best.confidence - AS_GOOD:
        reason = f"may be {_listed(links)}"
    return PersonMatch(name, where, UNMATCHED if reason else MATCHED, best, others, reason=reason)


def _beside(name: str, where: str, people: People, id: str, links: Sequence[Found]) -> PersonMatch:
    """Return the match of somebody beside whose name an id stands: what the name says must not contradict it."""
    own = Found(id, people.workers[id].name, 1.0, "id beside the name")
    if not links or links[0].confidence < SURE or any(link.worker == id for link in links):
        return PersonMatch(name, where, MATCHED, own)
    reason = f"the name is that of {_listed(links[:1])}, the id beside it that of {_listed([own])}"
    return PersonMatch(name, where, UNMATCHED, links[0], (own,), reason=reason)


def _listed(links: Sequence[Found]) -> str:
    shown = [f"{link.name} ({link.worker})" for link in links[:MOST_SUGGESTED]]
    more = [f"{len(links) - len(shown)} more"] if len(links) > len(shown) else []
    return " or ".join((*shown, *more))


def _once(people: Sequence[PersonMatch]) -> list[PersonMatch]:
    """Return the matches; who stands there a second time is not taken."""
    first: dict[str, str] = {}
    found = []
    for person in people:
        if person.status in TAKEN and person.best is not None:
            earlier = first.setdefault(person.best.worker, person.place)
            if earlier != person.place:
                reason = f"{person.best.name} stands in {earlier} already"
                person = replace(person, status=UNMATCHED, others=(), reason=reason)
        found.append(person)
    return found
