"""The use-cases of skills that are one: proposals, merging as a reversible act, undoing it, and saying they are two."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from skillmatch.accounts import Account
from skillmatch.beliefs.evidence import Evidence
from skillmatch.beliefs.params import BeliefParams
from skillmatch.beliefs.structure import from_graph
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import Cause, Correction, Job, JobType, Link, Merge, Report, Skill
from skillmatch.skills.duplicates import Duplicate, Levels, duplicates
from skillmatch.skills.graph import SkillGraph
from skillmatch.skills.merging import Meanings
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.comparing import Comparing
from skillmatch.workspace.importing import refold, restructure
from skillmatch.workspace.refitting import graph_of
from skillmatch.workspace.resident import Resident


@dataclass(frozen=True, slots=True)
class MergeEffect:
    """What a merge moves, or what undoing it moves back.

    Facts that count, workers whom they are about, jobs, job types, causes, links and corrections that name the skill;
    `dropped` of the links join the two skills, or say what another one says, and do not count while they are one.
    `everybody` says that families of skills have changed, so that all workers were folded anew.
    """

    merge: Merge
    skill: Skill
    into: Skill
    facts: int
    workers: int
    jobs: int
    job_types: int
    causes: int
    links: int
    dropped: int
    corrections: int
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A merge on record, with what people call the two skills."""

    merge: Merge
    name: str
    into_name: str


class _RolledBack(Exception):
    """Ends a dry run: everything was done, nothing is kept."""


class Merging(Comparing):
    """The part of the workspace that makes two skills one, and two again."""

    def duplicates(self, *, limit: int = 20) -> tuple[Duplicate, ...]:
        """Return pairs of skills that may be one, the surest first, each with what speaks for and against it.

        Pairs that somebody has said are two, or has taken apart, are left out.
        """
        if limit < 0:
            raise Invalid(said("the first {limit} pairs were asked for: expected 0 or more", limit=limit))
        with self._lock, self._store.read() as transaction:
            resident = self._fresh(transaction)
            # Who is another than a skill is another than whatever that one was merged into.
            meant = transaction.meanings.skill
            undone = [merge for merge in transaction.recorded(Merge) if merge.undone]
            apart = {_pair(meant(merge.skill), meant(merge.into)) for merge in undone}
            found = duplicates(
                tuple(resident.graph.skills.values()),
                resident.graph.links,
                apart=apart,
                together=transaction.skills_together(),
                levels=_levels(resident),
            )
        return found[:limit]

    def merges(self) -> tuple[Told, ...]:
        """Return all merges on record, the newest first: those that hold, those that were undone, and those of two."""
        with self._store.read() as transaction:
            names = {skill.id: skill.name for skill in transaction.recorded(Skill)}
            found = transaction.recorded(Merge)
        newest = sorted(found, key=lambda one: (one.time, one.skill, one.into), reverse=True)
        return tuple(Told(merge, names[merge.skill], names[merge.into]) for merge in newest)

    def merge_skills(
        self,
        skill: str,
        into: str,
        *,
        by: str = "",
        reason: str = "",
        dry_run: bool = False,
        account: Account | None = None,
    ) -> MergeEffect:
        """Make two skills one: from now on everything that names `skill` means `into`, and those touched are refolded.

        Nothing that was recorded is rewritten. With `dry_run` all of it is done and nothing kept. `account` is who was
        signed in, and is kept beside it.

        Raises
        ------
        NotFound
            When there is no such skill.
        Invalid
            When it is merged into itself.
        Conflict
            When one of the two is merged already, or links between skills would run in a circle.
        """

        def act(transaction: Transaction) -> Merge:
            known = {one.id: one for one in transaction.recorded(Skill, [skill, into])}
            for id in (skill, into):
                if id not in known:
                    raise NotFound.named("skill", id, transaction.ids(Skill))
            merge = Merge(skill, into, self.now(), by, reason)
            _check_free(transaction, skill, into)
            return merge

        return self._moved(act, "skills merged", account, dry_run=dry_run)

    def unmerge(
        self, skill: str, *, by: str = "", reason: str = "", dry_run: bool = False, account: Account | None = None
    ) -> MergeEffect:
        """Take a merged skill out again: what named it means it again, and those touched are refolded.

        While nothing else was recorded, beliefs are to the bit what they were before the merge.

        Raises
        ------
        NotFound
            When there is no such skill.
        Conflict
            When it is not merged, or links between skills would run in a circle.
        """

        def act(transaction: Transaction) -> Merge:
            if not transaction.recorded(Skill, [skill]):
                raise NotFound.named("skill", skill, transaction.ids(Skill))
            merge = next((one for one in _holding(transaction) if one.skill == skill), None)
            if merge is None:
                others = [one.skill for one in _holding(transaction) if one.into == skill]
                advice = said("; merged into it: {names}", names=", ".join(others)) if others else ""
                raise Conflict(
                    said(
                        "skill {skill!r} is not merged into another: expected a merged skill{advice}",
                        skill=skill,
                        advice=advice,
                    )
                )
            return replace(merge, undone=True, time=self.now(), by=by, reason=reason)

        return self._moved(act, "skills taken apart", account, dry_run=dry_run)

    def distinct(
        self, skill: str, other: str, *, by: str = "", reason: str = "", account: Account | None = None
    ) -> Merge:
        """Record that two skills are two, so that they are not proposed any more.

        Raises
        ------
        NotFound
            When there is no such skill.
        Invalid
            When both are the same.
        Conflict
            When they are merged.
        """
        merge = Merge(skill, other, self.now(), by, reason, undone=True)
        with self._store.write() as transaction:
            revision = transaction.next_revision()
            for id in (skill, other):
                if not transaction.recorded(Skill, [id]):
                    raise NotFound.named("skill", id, transaction.ids(Skill))
            if transaction.meanings.skill(skill) == transaction.meanings.skill(other):
                raise Conflict(
                    said(
                        "skills {skill!r} and {other!r} are merged: undo that first, then they are two",
                        skill=skill,
                        other=other,
                    )
                )
            transaction.save_nouns(Merge, [merge], revision=revision)
            _note(transaction, "skills said to be two", merge, account)
        return merge

    def propose_again(self, skill: str, other: str, *, account: Account | None = None) -> None:
        """Take back that two skills are two, so that they may be proposed again, in whichever order it was said.

        Raises
        ------
        NotFound
            When nobody has said so, or they were merged and taken apart: then the pair stays apart.
        """
        with self._store.write() as transaction:
            transaction.wait_in_line()
            pair = {skill, other}
            found = [one for one in transaction.recorded(Merge) if one.undone and {one.skill, one.into} == pair]
            if not found or not transaction.forget_distinct(found):
                raise NotFound(
                    said(
                        "nobody has said that {skill!r} and {other!r} are two: there is nothing to take back",
                        skill=skill,
                        other=other,
                    )
                )
            transaction.next_revision()
            _note(transaction, "skills may be one again", found[0], account)

    def _moved(
        self, act: Callable[[Transaction], Merge], what: str, account: Account | None, *, dry_run: bool
    ) -> MergeEffect:
        """Save the merge that `act` gives and refold whom it touches, all in one transaction."""
        try:
            with self._store.write() as transaction:
                revision = transaction.next_revision()
                merge = act(transaction)
                effect = save_merge(transaction, merge, revision)
                _note(transaction, what, merge, account)
                if dry_run:
                    raise _RolledBack
        except _RolledBack:
            pass
        return effect


def _note(transaction: Transaction, what: str, merge: Merge, account: Account | None) -> None:
    if account is not None:
        transaction.note(what, f"{merge.skill} and {merge.into}", by=account, time=merge.time)


def save_merge(transaction: Transaction, merge: Merge, revision: int) -> MergeEffect:
    """Save a merge, or one that is undone, and refold whom it touches; return what it moved.

    Raises
    ------
    Conflict
        When links between skills would run in a circle.
    """
    joined, before = transaction.meanings, graph_of(transaction)
    transaction.save_nouns(Merge, [merge], revision=revision)
    after = _checked_graph(transaction, merge)
    # The skills that are joined with `into` or taken apart from it: the merged one and those merged into it before.
    moved = (transaction.meanings if merge.undone else joined).names_of([merge.skill])
    facts = transaction.facts_naming(moved)
    effect = _effect(transaction, merge, moved, facts, transaction.meanings if not merge.undone else joined)
    workers = sorted({fact.worker for fact in facts})
    transaction.lock_workers(workers)
    params = transaction.params()
    if _differ(params, before, after):
        restructure(transaction, workers, params, revision, Report(), None)
        return replace(effect, everybody=True)
    refold(transaction, workers, params, revision, None)
    return effect


def _effect(
    transaction: Transaction, merge: Merge, moved: Collection[str], facts: Collection[Evidence], joined: Meanings
) -> MergeEffect:
    recorded = [link for link in transaction.recorded(Link) if link.weight > 0.0]
    links = [link for link in recorded if link.source in moved or link.target in moved]
    others = [link for link in recorded if link.source not in moved and link.target not in moved]
    kept = len(joined.links(recorded)) - len(joined.links(others))
    ends = {skill.id: skill for skill in transaction.recorded(Skill, [merge.skill, merge.into])}
    return MergeEffect(
        merge,
        ends[merge.skill],
        ends[merge.into],
        len(facts),
        len({fact.worker for fact in facts}),
        len(transaction.nouns_naming(Job, moved)),
        len(transaction.nouns_naming(JobType, moved)),
        len(transaction.nouns_naming(Cause, moved)),
        len(links),
        len(links) - kept,
        sum(one.skill in moved for one in transaction.recorded(Correction)),
    )


def _checked_graph(transaction: Transaction, merge: Merge) -> SkillGraph:
    try:
        return graph_of(transaction)
    except Invalid as error:
        act = said("taking apart") if merge.undone else said("merging")
        raise Conflict(
            said("{act} {skill!r} and {into!r}: {error}", act=act, skill=merge.skill, into=merge.into, error=str(error))
        ) from error


def _check_free(transaction: Transaction, skill: str, into: str) -> None:
    """Raise Conflict when one of the two skills is merged already."""
    holding = {merge.skill: merge for merge in _holding(transaction)}
    meant = transaction.meanings
    if meant.skill(skill) == meant.skill(into):
        raise Conflict(
            said(
                "skills {skill!r} and {into!r} are one already, {both!r}: nothing to merge; to keep "
                "the other one, undo that first",
                skill=skill,
                into=into,
                both=meant.skill(skill),
            )
        )
    if skill in holding:
        now = holding[skill].into
        raise Conflict(
            said(
                "skill {skill!r} is merged into {now!r} already: undo that first, or merge {now!r}",
                skill=skill,
                now=now,
            )
        )
    if into in holding:
        raise Conflict(
            said(
                "skill {into!r} is itself merged into {skill!r}: merge into that one",
                into=into,
                skill=meant.skill(into),
            )
        )


def _holding(transaction: Transaction) -> list[Merge]:
    return [merge for merge in transaction.recorded(Merge) if not merge.undone]


def _differ(params: BeliefParams, before: SkillGraph, after: SkillGraph) -> bool:
    """Return whether a merge changed what any skill that is left shares with others, or how fast it is forgotten.

    What the parameters say of a skill that is merged does not matter: nothing names it.
    """
    was, now = from_graph(params, before), from_graph(params, after)
    return any(_said(now, skill) != _said(was if skill in before.skills else params, skill) for skill in after.skills)


def _said(params: BeliefParams, skill: str) -> tuple[object, float | None]:
    return params.loadings.get(skill, ()), params.half_lives.get(skill)


def _levels(resident: Resident) -> Callable[[str], Levels]:
    def of(skill: str) -> Levels:
        rows = resident.table.rows(skill)
        return Levels(rows.index, rows.values[0], rows.values[1])

    return of


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
