"""Keeping nouns: one table for each class, found again by natural key, as they are or as they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from skillmatch.errors import Invalid
from skillmatch.model import (
    Cause,
    Correction,
    Job,
    JobStatus,
    JobType,
    Link,
    Merge,
    Noun,
    Requirement,
    Skill,
    plain_needs,
)
from skillmatch.needs import with_skills
from skillmatch.skills.merging import Meanings
from skillmatch.store import schema
from skillmatch.store.forms import KINDS, Kind, Row, folded
from skillmatch.store.need_forms import needs_from_json
from skillmatch.store.recorded import Recorded
from skillmatch.store.rows import check_text, chunks, printable, to_json

T = TypeVar("T", bound=Noun)

SEARCH_LENGTH = 500
"""The longest text to search for; databases limit the size of a question."""

MEANT = frozenset({Skill, Link, Job, JobType, Cause, Correction})
"""The classes of nouns that name skills."""


NEEDS: dict[type[Any], str] = {Job: "requirements", JobType: "requirements", Cause: "needs"}
"""Where the classes of nouns that need skills keep which."""

MOST_NAMED = 50
"""So many skills are looked for in the texts of rows at once."""


class Nouns(Recorded):
    """The part of a transaction that keeps nouns."""

    remembered: dict[tuple[type[Any], str], Any] | None = None
    """What was looked up by id, while one state is looked at; None where it is looked up each time."""

    def noun(self, cls: type[T], id: str) -> T | None:
        """Return the noun with this id, None where there is none; of a merged skill, that which it became."""
        known = self.remembered
        if known is None:
            return next(iter(self.nouns(cls, [id])), None)
        if (cls, id) not in known:
            known[cls, id] = next(iter(self.nouns(cls, [id])), None)
        found: T | None = known[cls, id]
        return found

    def nouns(self, cls: type[T], ids: Iterable[str] | None = None, *, since: int = -1) -> list[T]:
        """Return nouns by natural key: all, or those of `ids` that exist; only rows changed after revision `since`.

        Skills that were merged are not among them, and wherever one is named, the skill that it became stands for it.
        """
        meanings = self.meanings if cls in MEANT else None
        if not meanings:
            return self.recorded(cls, ids, since=since)
        kind = KINDS[cls]
        if cls is Skill:
            return sorted(self._skills(meanings, ids, since), key=kind.key_of_noun)  # type: ignore[arg-type]
        found: list[Any]
        if cls is Link:
            found = meanings.links(self.recorded(Link))
        elif cls is Correction:
            found = meanings.corrections(self.recorded(Correction))
        else:
            return [meanings.noun(noun) for noun in self.recorded(cls, ids, since=since)]
        if since >= 0:  # what is newer may have joined with what is older
            newer = {kind.key_of_noun(one) for one in _changed(meanings, self.recorded(cls, since=since))}
            found = [one for one in found if kind.key_of_noun(one) in newer]
        return sorted(found, key=kind.key_of_noun)

    def _skills(self, meanings: Meanings, ids: Iterable[str] | None, since: int) -> list[Skill]:
        if ids is None and since < 0:
            return meanings.skills(self.recorded(Skill))
        if since >= 0:
            newer = {meanings.skill(skill.id) for skill in self.recorded(Skill, since=since)}
            ids = newer if ids is None else newer & {meanings.skill(id) for id in ids}
        return meanings.skills(self.recorded(Skill, meanings.names_of(ids or ())))

    def nouns_naming(self, cls: type[Job] | type[JobType] | type[Cause], skills: Collection[str]) -> list[Noun]:
        """Return the nouns of a class that need one of these skills, as they were recorded."""
        kind = KINDS[cls]
        text = kind.table.c[NEEDS[cls]]
        found: dict[Any, Noun] = {}
        for part in chunks(sorted(skills), MOST_NAMED):
            # The text may say such a word for another reason; what is found is looked at.
            wanted = or_(*(text.contains(to_json(skill), autoescape=True) for skill in part))
            for row in self._execute(select(*kind.columns).where(self._written(kind), wanted)):
                noun = kind.decode(row)
                needs = plain_needs(getattr(noun, NEEDS[cls]))
                if any(isinstance(need, Requirement) and need.skill in part for need in needs):
                    found[kind.key_of_noun(noun)] = noun
        return [found[key] for key in sorted(found)]

    def skills_together(self) -> set[frozenset[str]]:
        """Return the sets of skills that one job, job type or cause needs, each once, however many need it."""
        self._check_newest("which skills are needed together")
        found: set[frozenset[str]] = set()
        for cls, column in NEEDS.items():
            text = KINDS[cls].table.c[column]
            for row in self._execute(select(text).where(text != "[]").distinct()):
                needs = with_skills(needs_from_json(row[0]), self.meanings.into)
                found.add(frozenset(need.skill for need in plain_needs(needs) if isinstance(need, Requirement)))
        return {skills for skills in found if len(skills) > 1}

    def ids(self, cls: type[Noun]) -> set[str]:
        """Return the ids of all nouns of a class that has ids; those of merged skills too, which still mean one."""
        kind = KINDS[cls]
        newest = self._execute(select(kind.id).where(self._written(kind))).scalars()
        return {*newest, *(key[0] for key in self._past_keys(kind))}

    def save_nouns(self, cls: type[T], nouns: Sequence[T], *, revision: int) -> tuple[int, int, int]:
        """Insert nouns, or overwrite those with the same natural key; the last one counts where a key comes twice.

        What is overwritten is kept for those who look back.

        Returns
        -------
        tuple
            How many were added, changed, unchanged.

        Raises
        ------
        NotFound
            When a link, shift, leave or booking names a skill, worker or job that is not in the database.
        """
        kind = KINDS[cls]
        added = changed = 0
        for part in chunks(nouns):
            rows = [kind.encode(noun) for noun in part]
            stored = self._stored(kind, [kind.key_of(row) for row in rows])
            dirty: dict[Row, Row] = {}
            for row in rows:
                key = kind.key_of(row)
                before = dirty.get(key) or stored.get(key)
                if before is None or before[: len(row)] != row:
                    added += before is None
                    changed += before is not None
                    dirty[key] = row
            self._write(kind.table, [kind.row(row, revision) for row in dirty.values()], overwrite=True)
            self._keep(kind, [(stored[key], row) for key, row in dirty.items() if key in stored], until=revision)
        if cls is Merge:
            self._forget_meanings()
        return added, changed, len(nouns) - added - changed

    def forget_distinct(self, merges: Iterable[Merge]) -> int:
        """Remove undone merges that never held, so that nothing ever read them as one; return how many these were.

        One that held once stays: whoever looks back needs it.
        """
        kind, gone = KINDS[Merge], 0
        for merge in merges:
            here = and_(schema.merge.c.skill == merge.skill, schema.merge.c.into == merge.into, schema.merge.c.undone)
            if not self._has_past(kind, kind.encode(merge)):
                gone += self._execute(schema.merge.delete().where(here)).rowcount
        return gone

    def _stored(self, kind: Kind, keys: list[Row]) -> dict[Row, Row]:
        """Return the rows with these keys, and perhaps some more, each with its revision after its last column."""
        # Of a composite key the first column is enough to narrow it down; SQLite finds no index for more.
        narrow = self._among(kind.keys[0], {key[0] for key in keys})
        wanted = select(*kind.columns, kind.table.c.revision).where(narrow)
        return {kind.key_of(row): row for row in map(tuple, self._execute(wanted))}

    def find_jobs(
        self,
        *,
        status: JobStatus | None = None,
        search: str = "",
        limit: int = 50,
        offset: int = 0,
        among: Collection[str] | None = None,
        where: Mapping[str, str] | None = None,
    ) -> tuple[list[Job], int]:
        """Return one page of jobs, and how many there are on all pages.

        Every word of `search` must be part of the job's id, title or text, or of its customer's id or name, in any
        case. With `among`, only jobs of these ids are looked at; `where` names the `type`, `customer`, `site` or
        `asset` they have. Open jobs come by priority, due day (none: last), creation and id; the others after them,
        newest first.

        Raises
        ------
        Invalid
            For a search text of more than 500 characters, or a page that lies outside any list.
        """
        self._check_newest("pages of jobs")
        check_page(search, limit, offset)
        job, kind = schema.job.c, KINDS[Job]
        wanted = and_(true(), *(mentions(word) for word in folded(search).split()))
        if among is not None:
            wanted = and_(wanted, self._among(job.id, sorted(among)))
        if status is not None:
            wanted = and_(wanted, job.status == str(status))
        if where and not printable(*where.values()):
            return [], 0
        wanted = and_(wanted, *(job[name] == id for name, id in (where or {}).items()))
        is_open = job.status == str(JobStatus.OPEN)
        order = (
            case((is_open, 0), else_=1),
            case((is_open, job.priority)),
            case((is_open, job.due)).nulls_last(),
            case((is_open, job.created), else_=-job.created).nulls_last(),
            job.id,
        )
        page = select(*kind.columns).where(wanted).order_by(*order).limit(limit).offset(offset)
        total = self._execute(select(func.count()).select_from(schema.job).where(wanted)).scalar_one()
        found = [kind.decode(row) for row in self._execute(page)]
        return [self.meanings.noun(job) for job in found] if self.meanings else found, total


def _changed(meanings: Meanings, recorded: Iterable[Any]) -> Iterable[Any]:
    """Return links or corrections, each as it is meant."""
    for one in recorded:
        yield from meanings.links([one]) if isinstance(one, Link) else meanings.corrections([one])


def check_page(search: str, limit: int, offset: int) -> None:
    """Raise Invalid for a page, or a text to search for, that no list has."""
    """Raise Invalid for a text that is too long to search for, or a page that lies outside any list."""
    if len(search) > SEARCH_LENGTH:
        raise Invalid(f"the search text has {len(search)} characters: expected up to {SEARCH_LENGTH}")
    check_text(search, "the search text")
    if not (0 <= limit < 2**31 and 0 <= offset < 2**31):
        raise Invalid(f"limit {limit} and offset {offset}: expected 0 to {2**31 - 1}")


def mentions(word: str) -> ColumnElement[bool]:
    """Return whether a job, or its customer, says a word."""
    customers = select(schema.customer.c.id).where(schema.customer.c.search.contains(word, autoescape=True))
    return or_(schema.job.c.search.contains(word, autoescape=True), schema.job.c.customer.in_(customers))
