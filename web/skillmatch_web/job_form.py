"""The form of a job: its choices, what is wrong beside each field, and what others made of it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from skillmatch.errors import Invalid, NotFound
from skillmatch.model import RUNGS, JobStatus, Risk
from skillmatch.workspace import JobVersion
from skillmatch_web.addresses import workspace
from skillmatch_web.job_draft import LABELS, OWN, Draft, Read, _named_with_id
from skillmatch_web.languages import N_, _
from skillmatch_web.need_rows import CERTIFICATION, CHOICES, KEPT, KINDS, LANGUAGE, Row, key_of
from skillmatch_web.words import PRIORITIES, RISKS, need_name

MOST_OFFERED = 400
"""So many skills a browser suggests; of larger graphs those that jobs need."""
KEEPS, TAKES, SAME = N_("yours is kept below"), N_("taken over below"), N_("you made the same of it")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed: what it was, what she made of it, what you had, and what stands below."""

    label: str
    was: str
    theirs: str
    yours: str
    then: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else made of a job while its form was open, and the form with both."""

    by: str
    differences: tuple[Difference, ...]
    merged: Draft

    @classmethod
    def of(cls, job: str, draft: Draft, now: JobVersion, seen: int) -> Meanwhile:
        """Return what was changed since the write `seen`, on top of which the draft was made."""
        theirs = Draft.of(now.view)
        try:
            base = Draft.of(workspace().job_version(job, seen=seen).view)
        except (NotFound, Invalid):
            base = theirs  # nobody knows any more what was seen: what differs from now is taken for hers
        mine = draft.differing(base)
        found = []
        for name in theirs.differing(base):
            if name == "needs":
                continue  # told with the rows
            was, others, yours = (said(one, name) for one in (base, theirs, draft))
            kept = name in mine or (name == "rows" and "needs" in mine)
            then = TAKES if not kept else SAME if others == yours else KEEPS
            found.append(Difference(_(LABELS[name]), was, others, yours, _(then)))
        return cls(now.by, tuple(found), draft.merged(base, theirs))


def said(draft: Draft, name: str) -> str:
    """Return a field of a draft as people read it."""
    text = str(getattr(draft, name)) if name != "rows" else ""
    if name == "rows":
        if draft.needs != OWN:
            return _("what its type needs")
        return "; ".join(row_said(row) for row in draft.rows if row.counts) or _("nothing of its own")
    if name == "priority":
        return f"{text} {_(PRIORITIES.get(int(text), ''))}" if text.isdecimal() and len(text) < 3 else text
    if name == "type":
        return {type.id: type.name for type in workspace().job_types()}.get(text, text) or _("none")
    if name == "risk":
        return _(RISKS[Risk(text)]) if text in set(Risk) else _("as its type")
    if name == "site":
        return text or _("not known")
    return text.replace("T", ", ") if name in ("earliest", "latest") else text or "–"


def row_said(row: Row) -> str:
    """Return a need of the form in words."""
    if row.kind == KEPT:
        return _("a choice within a choice")
    name = {CERTIFICATION: _("certification %(name)s", name=row.name), LANGUAGE: _("language %(name)s", name=row.name)}
    parts = [name.get(row.kind, row.name)]
    if row.level:
        parts.append(_("level %(level)s", level=row.level))
    if row.preferred:
        parts.append(_("better %(level)s", level=row.preferred))
    if row.must:
        parts.append(_("a must"))
    if row.weight not in ("", "1"):
        parts.append(_("weight %(weight)s", weight=row.weight))
    if row.count not in ("", "1"):
        parts.append(_("%(count)s of the crew", count=row.count))
    if row.choice in CHOICES and row.choice:
        parts.append(_(CHOICES[row.choice]) % {"group": row.choice[0], "set": row.choice[1:]})
    return ", ".join(parts)


def render_job_form(
    draft: Draft,
    *,
    version: JobVersion | None = None,
    seen: int | None = None,
    fresh: str = "",
    found: Read | None = None,
    meanwhile: Meanwhile | None = None,
    blank: int = 1,
) -> str:
    """Return the page with the form of a job, or of a new one that is to be called `fresh`."""
    types, names = workspace().job_types(), workspace().names()
    chosen = next((type for type in types if type.id == draft.type), None)
    known = _named_with_id(draft.customer)
    sites = found.sites if found and found.sites else workspace().sites_of(known.id) if known else ()
    view = version.view if version else None
    return render_template(
        "edit_job.html",
        draft=draft,
        rows=(*draft.rows, *(Row() for _blank in range(blank))) if draft.needs == OWN else (),
        fresh=fresh,
        view=view,
        is_open=view is None or view.job.status is JobStatus.OPEN,
        seen=seen if seen is not None else version.revision if version else 0,
        errors=found.errors if found else {},
        customers=found.customers if found else (),
        sites=sites,
        meanwhile=meanwhile,
        types=types,
        inherited=chosen.requirements if chosen else (),
        kept={key_of(need): need for need in (*(view.needs if view else ()), *(chosen.requirements if chosen else ()))},
        kinds=KINDS,
        choices=CHOICES,
        rungs=RUNGS,
        names=names,
        offered=offered_skills(names),
        certifications=sorted({one.name for one in draft.rows if one.kind == CERTIFICATION}),
        labels=LABELS,
        priorities=PRIORITIES,
        risks=RISKS,
    )


def offered_skills(names: dict[str, str]) -> Sequence[str]:
    """Return the names of the skills that a browser suggests: all, or those that job types need."""
    if len(names) <= MOST_OFFERED:
        return sorted(names.values(), key=str.casefold)
    needed = {need_name(need, names) for type in workspace().job_types() for need in type.requirements}
    return sorted(needed & set(names.values()), key=str.casefold)[:MOST_OFFERED]
