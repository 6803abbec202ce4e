"""Which skills are one, by the merges that hold, and what nouns say then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from skillmatch.errors import Invalid
from skillmatch.model import Cause, Correction, Job, JobType, Link, LinkKind, Merge, Noun, Skill
from skillmatch.needs import with_skills

N = TypeVar("N", bound=Noun)


@dataclass(frozen=True, slots=True)
class Meanings:
    """What each merged skill means: the skill at the end of its merges. Skills that are not merged are left out."""

    into: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, merges: Iterable[Merge]) -> Meanings:
        """Return the meanings by the merges that are not undone.

        Raises
        ------
        Invalid
            When merges run in a circle, so that nothing would be left.
        """
        direct = {merge.skill: merge.into for merge in merges if not merge.undone}
        return cls({skill: _end(skill, direct) for skill in direct})

    def __bool__(self) -> bool:
        return bool(self.into)

    def skill(self, id: str) -> str:
        """Return the id of the skill that an id means."""
        return self.into.get(id, id)

    def names_of(self, ids: Iterable[str]) -> set[str]:
        """Return every id under which something that means the same as one of `ids` may have been recorded."""
        meant = {self.skill(id) for id in ids}
        return meant | {old for old, new in self.into.items() if new in meant}

    def noun(self, noun: N) -> N:
        """Return a job, job type, cause or correction with the skills that are meant; any other noun as it is."""
        changed: Noun = noun
        if isinstance(noun, Job | JobType):
            needs = with_skills(noun.requirements, self.into)
            changed = noun if needs is noun.requirements else replace(noun, requirements=needs)
        elif isinstance(noun, Cause):
            plain = with_skills(noun.needs, self.into)
            changed = noun if plain is noun.needs else replace(noun, needs=plain)  # type: ignore[arg-type]
        elif isinstance(noun, Correction):
            changed = replace(noun, skill=self.skill(noun.skill)) if noun.skill in self.into else noun
        return changed  # type: ignore[return-value]

    def skills(self, skills: Iterable[Skill]) -> list[Skill]:
        """Return the skills that are left; the names of those merged into one are among its alternative names."""
        there = {skill.id: skill for skill in skills}
        merged: dict[str, list[Skill]] = {}
        for id, skill in there.items():
            if id in self.into:
                merged.setdefault(self.into[id], []).append(skill)
        return [_named_by_all(skill, merged.get(id, ())) for id, skill in there.items() if id not in self.into]

    def links(self, links: Iterable[Link]) -> list[Link]:
        """Return the links between what is meant: none of a skill to itself, and of equal ones that of most weight."""
        found: dict[tuple[str, str, LinkKind], Link] = {}
        for link in links:
            source, target = self.skill(link.source), self.skill(link.target)
            before = found.get((source, target, link.kind))
            if source != target and (before is None or before.weight < link.weight):
                found[source, target, link.kind] = Link(source, target, link.kind, link.weight)
        return list(found.values())

    def corrections(self, corrections: Iterable[Correction]) -> list[Correction]:
        """Return the corrections for what is meant; where two disagree, what was said of the skill itself counts.

        Of those that were said of merged skills only, acceptance counts.
        """
        found: dict[tuple[str, str], tuple[tuple[bool, bool], Correction]] = {}
        for one in corrections:
            strength, meant = (one.skill not in self.into, one.accepted), self.noun(one)
            before = found.get((meant.text, meant.skill))
            if before is None or before[0] < strength:
                found[meant.text, meant.skill] = strength, meant
        return [correction for _strength, correction in found.values()]


def _end(skill: str, direct: Mapping[str, str]) -> str:
    passed = [skill]
    while skill in direct:
        skill = direct[skill]
        if skill in passed:
            circle = " -> ".join((*passed[passed.index(skill) :], skill))
            raise Invalid(f"merges run in a circle: {circle}; expected one skill to be left: undo one of them")
        passed.append(skill)
    return skill


def _named_by_all(skill: Skill, merged: Sequence[Skill]) -> Skill:
    if not merged:
        return skill
    kept = {name.casefold(): name for name in skill.alt_names}
    for name in (name for other in merged for name in (other.name, *other.alt_names)):
        if name.casefold() != skill.name.casefold():
            kept.setdefault(name.casefold(), name)
    return replace(skill, alt_names=tuple(kept.values()))
