"""The use-cases of editing the skills graph: one skill, its links, on top of what was seen, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import normalize

from skillmatch.accounts import Account, Role
from skillmatch.errors import Conflict, Invalid, NotAllowed, NotFound
from skillmatch.model import Link, LinkKind, Report, Skill
from skillmatch.scale import ID_LENGTH
from skillmatch.skills.neighbours import KINDS, Relation, link_of
from skillmatch.store.rows import check_text
from skillmatch.store.store import Store, Transaction
from skillmatch.wording import said
from skillmatch.workspace.importing import restructure
from skillmatch.workspace.refitting import graph_of

LONGEST_NAME, LONGEST_DESCRIPTION, MOST_NAMES = 200, 5000, 60
FIELDS = ("name", "kind", "description", "half_life_days", "alt_names")
"""What people change of a skill."""


@dataclass(frozen=True, slots=True)
class Editable:
    """A skill as it was recorded, without what merges add, and the `revision` at which it was looked at."""

    skill: Skill
    revision: int


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: under which `revision`; `everybody` when what skills share changed and all were folded anew."""

    skill: Skill
    revision: int
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a skill that somebody else has changed: what was seen, and what it is now."""

    field: str
    seen: object
    now: object


class ChangedMeanwhile(Conflict):
    """Somebody else changed a skill since it was looked at. `changes` says what, `now` is the skill as it is."""

    def __init__(self, now: Skill, changes: tuple[Changed, ...]) -> None:
        super().__init__(
            said(
                "skill {id!r} was changed by somebody else meanwhile: nothing was changed now; look at the difference,"
                " and save again what you want",
                id=now.id,
            )
        )
        self.now, self.changes = now, changes


class SkillEditing:
    """Changes skills and links; made by `Workspace.skill_editing`. `by` is who does, None for the command line."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    def look(self, id: str) -> Editable:
        """Return a skill to be changed, that which it was merged into where it was, or raise NotFound."""
        with self._store.read() as transaction:
            return Editable(_recorded(transaction, transaction.meanings.skill(id)), transaction.revision())

    def save(self, skill: Skill, *, seen: int, by: Account | None = None) -> Edited:
        """Change a skill on top of the revision at which it was seen; beliefs follow where its half-life changed.

        Raises
        ------
        NotFound
            When there is no such skill.
        ChangedMeanwhile
            When somebody else has changed it since; nothing is changed then.
        Invalid
            For a name, other names or a half-life that cannot be.
        """
        _only_administrators(by)
        skill = tidied(skill)
        before = self._at(skill.id, seen)
        with self._store.write() as transaction:
            revision = transaction.next_revision()
            now = _recorded(transaction, skill.id)
            differ = _differences(before, now)
            # What they both want is no matter to tell.
            if differ and skill != now:
                raise ChangedMeanwhile(now, differ)
            if skill == now:
                return Edited(now, revision)
            transaction.save_nouns(Skill, [skill], revision=revision)
            return self._settled(transaction, skill, revision, "skill changed", by)

    def add(self, skill: Skill, *, by: Account | None = None) -> Edited:
        """Add a skill; an empty id is made from its name by `id_for`, so it must not be empty here.

        Raises
        ------
        Conflict
            When there is a skill with this id, or of this name.
        Invalid
            For a name, other names or a half-life that cannot be.
        """
        _only_administrators(by)
        skill = tidied(skill)
        with self._store.write() as transaction:
            revision = transaction.next_revision()
            known = transaction.recorded(Skill)
            taken = next((one for one in known if one.id == skill.id), None)
            if taken is not None:
                raise Conflict(
                    said(
                        "there is a skill with the id {id!r} already, {name!r}: choose another id",
                        id=skill.id,
                        name=taken.name,
                    )
                )
            same = next((one for one in known if one.name.casefold() == skill.name.casefold()), None)
            if same is not None:
                raise Conflict(
                    said(
                        "there is a skill called {name!r} already: choose another name, or use that one", name=same.name
                    )
                )
            transaction.save_nouns(Skill, [skill], revision=revision)
            return self._settled(transaction, skill, revision, "skill added", by)

    def link(
        self,
        id: str,
        relation: Relation,
        other: str,
        *,
        weight: float,
        seen: int | None = None,
        by: Account | None = None,
    ) -> Edited:
        """Say how another skill stands to one, change how strongly, or with weight 0 that it does not any more.

        Parameters
        ----------
        seen
            The revision at which its links were looked at; None does not ask.

        Raises
        ------
        NotFound
            When there is no such skill.
        Conflict
            When somebody else changed this link since, or what is to be removed is not there.
        Invalid
            For a weight outside 0 to 1, a skill and itself, or a link that would close a circle, which is named.
        """
        _only_administrators(by)
        if relation not in KINDS:
            raise Invalid(
                said(
                    "{relation} is learned from who does what: expected what people state, such as needs",
                    relation=relation,
                )
            )
        with self._store.write() as transaction:
            revision = transaction.next_revision()
            meant = transaction.meanings.skill
            ends = [_recorded(transaction, meant(one)) for one in (id, other)]
            if ends[0].id == ends[1].id:
                raise Invalid(said("{name!r} and itself: a link joins two different skills", name=ends[0].name))
            wanted = link_of(ends[0].id, relation, ends[1].id, weight)
            stated = _saying(transaction, wanted)
            if seen is not None:
                self._check_link(stated, wanted, seen)
            if not weight and not any(one.weight for one in stated):
                raise Conflict(
                    said(
                        "{name!r} has no such link to {other!r} any more: nothing to remove",
                        name=ends[0].name,
                        other=ends[1].name,
                    )
                )
            _check_circle(transaction, wanted)
            transaction.save_nouns(Link, _in_its_place(stated, wanted), revision=revision)
            return self._settled(transaction, ends[0], revision, "skill linked" if weight else "skill link removed", by)

    def undo(self, id: str, revision: int, *, by: Account | None = None) -> Edited:
        """Take back what one write changed of a skill and its links.

        Raises
        ------
        NotFound
            When that write changed nothing of it.
        Conflict
            When it was changed again since, or was added by that write; nothing is changed then.
        """
        _only_administrators(by)
        skill_before, links_before = self._state(id, revision - 1)
        skill_after, links_after = self._state(id, revision)
        moved = [
            key for key in links_after.keys() | links_before.keys() if links_after.get(key) != links_before.get(key)
        ]
        if skill_after is None or (skill_after == skill_before and not moved):
            raise NotFound(
                said(
                    "nothing of skill {id!r} was changed by write {revision}: there is nothing to take back",
                    id=id,
                    revision=revision,
                )
            )
        if skill_before is None:
            raise Conflict(
                said("skill {id!r} was added then and stays on record: rename it, or merge it into another", id=id)
            )
        with self._store.write() as transaction:
            number = transaction.next_revision()
            links_now = _links_of(transaction, id)
            if _recorded(transaction, id) != skill_after or any(
                links_now.get(key) != links_after[key] for key in moved
            ):
                raise Conflict(
                    said("skill {id!r} was changed again since: nothing was taken back; change it by hand", id=id)
                )
            back = [links_before.get(key) or replace(links_after[key], weight=0.0) for key in moved]
            for link in back:
                _check_circle(transaction, link)
            transaction.save_nouns(Skill, [skill_before], revision=number)
            transaction.save_nouns(Link, back, revision=number)
            return self._settled(transaction, skill_before, number, "skill change undone", by)

    def _settled(self, transaction: Transaction, skill: Skill, revision: int, what: str, by: Account | None) -> Edited:
        """Let beliefs follow, as an import does, and keep who did it."""
        report = Report()
        restructure(transaction, (), transaction.params(), revision, report, None)
        transaction.note(what, skill.id, by=by, time=self._clock())
        return Edited(skill, revision, everybody=bool(report.notes))

    def _at(self, id: str, revision: int) -> Skill:
        with self._store.read(as_of=revision) as transaction:
            return _recorded(transaction, id)

    def _state(self, id: str, revision: int) -> tuple[Skill | None, dict[tuple[str, str, LinkKind], Link]]:
        with self._store.read(as_of=revision) as transaction:
            return next(iter(transaction.recorded(Skill, [id])), None), _links_of(transaction, id)

    def _check_link(self, now: Sequence[Link], wanted: Link, seen: int) -> None:
        with self._store.read(as_of=seen) as transaction:
            then = _saying(transaction, wanted)
        if {_key(one): one.weight for one in then if one.weight} != {
            _key(one): one.weight for one in now if one.weight
        }:
            raise Conflict(
                said("this link was changed by somebody else meanwhile: nothing was changed now; look at it again")
            )


def id_for(name: str, taken: Sequence[str] | set[str]) -> str:
    """Return an id made from a name, another one where it is taken.

    >>> id_for("Wärme & Kälte", {"wärme-kälte"})
    'wärme-kälte-2'
    """
    words = re.findall(r"\w+", normalize("NFC", name).casefold())
    base = "-".join(words)[: ID_LENGTH - 8].strip("-") or "skill"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def tidied(skill: Skill) -> Skill:
    """Return a skill as it is kept: no blanks around names, each other name once, or raise Invalid."""
    name, description = " ".join(skill.name.split()), skill.description.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(said("a name of {length} characters: expected 1 to {most}", length=len(name), most=LONGEST_NAME))
    if len(description) > LONGEST_DESCRIPTION:
        raise Invalid(
            said(
                "a description of {length:,} characters: expected at most {most:,}",
                length=len(description),
                most=LONGEST_DESCRIPTION,
            )
        )
    others: dict[str, str] = {}
    for other in (" ".join(one.split()) for one in skill.alt_names):
        if len(other) > LONGEST_NAME:
            raise Invalid(
                said(
                    "another name of {length} characters: expected at most {most} in each line",
                    length=len(other),
                    most=LONGEST_NAME,
                )
            )
        if other and other.casefold() != name.casefold():
            others.setdefault(other.casefold(), other)
    if len(others) > MOST_NAMES:
        raise Invalid(said("{count} other names: expected at most {most}", count=len(others), most=MOST_NAMES))
    for text in (name, description, *others.values()):
        check_text(text, said("what was typed"))
    return replace(skill, name=name, description=description, alt_names=tuple(others.values()))


def _recorded(transaction: Transaction, id: str) -> Skill:
    found = transaction.recorded(Skill, [id])
    if not found:
        raise NotFound.named("skill", id, transaction.ids(Skill))
    return found[0]


def _links_of(transaction: Transaction, id: str) -> dict[tuple[str, str, LinkKind], Link]:
    return {_key(link): link for link in transaction.recorded(Link) if id in (link.source, link.target)}


def _key(link: Link) -> tuple[str, str, LinkKind]:
    return link.source, link.target, link.kind


def _saying(transaction: Transaction, wanted: Link) -> list[Link]:
    """Return the links on record that say what a link says, by the merges that hold; resembling ones either way."""
    meant = transaction.meanings.skill
    ends = {(wanted.source, wanted.target)}
    if wanted.kind is LinkKind.RELATED:
        ends.add((wanted.target, wanted.source))
    recorded = transaction.recorded(Link)
    return [one for one in recorded if one.kind is wanted.kind and (meant(one.source), meant(one.target)) in ends]


def _in_its_place(stated: Sequence[Link], wanted: Link) -> list[Link]:
    """Return what to save so that of all links that say the same, one holds, with the wanted weight."""
    others = [replace(one, weight=0.0) for one in stated if _key(one) != _key(wanted)]
    return [*others, wanted] if wanted.weight or len(others) < len(stated) else others


def _check_circle(transaction: Transaction, wanted: Link) -> None:
    if wanted.kind is LinkKind.RELATED or not wanted.weight:
        return
    graph = graph_of(transaction)
    meant = transaction.meanings.skill
    way = graph.way(wanted.kind, meant(wanted.target), meant(wanted.source))
    if way:
        circle = " → ".join(graph.name(one) for one in (meant(wanted.source), *way))
        raise Invalid(
            said(
                "this would close a circle of “{kind}”: {circle}; remove one of those links first",
                kind=wanted.kind,
                circle=circle,
            )
        )


def _differences(seen: Skill, now: Skill) -> tuple[Changed, ...]:
    pairs = ((field, getattr(seen, field), getattr(now, field)) for field in FIELDS)
    return tuple(Changed(field, before, after) for field, before, after in pairs if before != after)


def _only_administrators(by: Account | None) -> None:
    if by is not None and by.role is not Role.ADMINISTRATOR:
        raise NotAllowed(said("{name} is {role}: only an administrator changes skills", name=by.name, role=by.role))
