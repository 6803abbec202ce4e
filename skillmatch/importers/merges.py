"""Merges of a table against each other, those of the database, and the links between skills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from skillmatch.importers.cycles import closing_edges
from skillmatch.importers.draft import Unfit, shown
from skillmatch.model import Link, LinkKind, Merge

ONE_WAY = (LinkKind.BROADER, LinkKind.NEEDS)


class Joined:
    """What each skill means by the merges taken so far; those of the database that a table changes are left out."""

    def __init__(self, known: Iterable[Merge], changed: Iterable[Merge], links: Sequence[Link]) -> None:
        again = {(merge.skill, merge.into) for merge in changed}
        held = [merge for merge in known if not merge.undone and (merge.skill, merge.into) not in again]
        self.direct = {merge.skill: merge.into for merge in held}
        self._following: dict[LinkKind, dict[str, set[str]]] = {kind: {} for kind in ONE_WAY}
        for link in links:
            if link.kind in ONE_WAY and link.weight > 0.0:
                self._follow(link.kind, self.skill(link.source)).add(link.target)

    def skill(self, id: str) -> str:
        """Return what a skill means."""
        while id in self.direct:
            id = self.direct[id]
        return id

    def unfit(self, merge: Merge) -> Iterator[Unfit]:
        """Yield why a merge cannot be taken; without a reason it is taken."""
        if merge.undone:
            return
        now = self.direct.get(merge.skill)
        if now is not None:
            found = f"skill {shown(merge.skill)}, which is merged into {shown(now)} already"
            yield Unfit(found, "a skill that is not merged: undo that one first", column="skill")
            return
        one, other = merge.skill, self.skill(merge.into)
        if one == other:
            yield Unfit(
                f"{shown(merge.into)}, which is merged into {shown(one)}: merges that run in a circle",
                "one skill to be left: leave out one of them",
                column="into",
            )
            return
        for kind in ONE_WAY:
            for start, end in ((one, other), (other, one)):
                if between := self._between(kind, start, end):
                    found = f"skills that {kind} links join over {shown(between)}"
                    yield Unfit(f"{found}: as one they would run in a circle", "no circle: leave out the merge")
                    return
        self._join(one, other)

    def _follow(self, kind: LinkKind, id: str) -> set[str]:
        return self._following[kind].setdefault(id, set())

    def _between(self, kind: LinkKind, start: str, end: str) -> str | None:
        """Return the last skill before `end` on a way from `start` over a third one; None without such a way."""
        waiting = [id for id in map(self.skill, self._follow(kind, start)) if id not in (start, end)]
        seen = set(waiting)
        while waiting:
            id = waiting.pop()
            for target in map(self.skill, self._follow(kind, id)):
                if target == end:
                    return id
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return None

    def _join(self, one: str, other: str) -> None:
        self.direct[one] = other
        for kind in ONE_WAY:
            self._follow(kind, other).update(self._following[kind].pop(one, ()))


def closing_links(known: Sequence[Link], added: Sequence[Link], joined: Joined) -> dict[int, Unfit]:
    """Return, by their places in `added`, the links that close a circle with the earlier ones and with `known`.

    Looked at as they were recorded and as they are by the merges in the database: both must do without a circle.
    """
    found: dict[int, Unfit] = {}
    for meant in (str, joined.skill) if joined.direct else (str,):
        for kind in ONE_WAY:
            there = [
                (meant(link.source), meant(link.target)) for link in known if link.kind is kind and link.weight > 0.0
            ]
            chosen = [
                place
                for place, link in enumerate(added)
                if link.kind is kind and link.weight > 0.0 and place not in found
            ]
            edges = [(meant(added[place].source), meant(added[place].target)) for place in chosen]
            apart = [number for number, (source, target) in enumerate(edges) if source != target]
            there = [(source, target) for source, target in there if source != target]
            for number, circle in closing_edges(there, [edges[place] for place in apart]).items():
                shortened = circle if len(circle) <= 8 else (*circle[:6], "…", circle[-1])
                words = f"{kind} links that run in a circle: {' -> '.join(shortened)}"
                found[chosen[apart[number]]] = Unfit(words, "no circle: remove one of these links")
    return found
