"""Which outcomes drew on a skill: the few rows of the log whose text names it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select

from skillmatch.beliefs.evidence import JobOutcome
from skillmatch.beliefs.meaning import with_skills
from skillmatch.store.log import TABLE, Log
from skillmatch.store.rows import micros, printable, to_json
from skillmatch.store.versions import fact_of

_COLUMNS = (TABLE.c.kind, TABLE.c.payload, TABLE.c.id, TABLE.c.worker, TABLE.c.time, TABLE.c.source)


class Demanded(Log):
    """The part of a transaction that tells which work drew on a skill."""

    def outcomes_demanding(self, skills: Collection[str], *, after: datetime) -> list[JobOutcome]:
        """Return the outcomes that count, of a `time` not before `after`, of jobs that demanded one of these skills.

        `skills` are all ids under which it may have been recorded; in canonical order, with the skills meant now.
        """
        wanted = [skill for skill in sorted(skills) if printable(skill)]
        if not wanted:
            return []
        # The text may say such a word for another reason; what is found is looked at.
        named = or_(*(TABLE.c.payload.contains(to_json(skill), autoescape=True) for skill in wanted))
        rows = and_(self._effective, TABLE.c.kind == JobOutcome.KIND, TABLE.c.time >= micros(after), named)
        found = []
        for row in self._execute(select(*_COLUMNS).where(rows)):
            fact = fact_of(row)
            if isinstance(fact, JobOutcome) and any(demand.skill in skills for demand in fact.demands):
                found.append(with_skills(fact, self.meanings.into))
        return [fact for fact in sorted(found, key=lambda fact: fact.order) if isinstance(fact, JobOutcome)]
