"""A job as it is typed into a form: as texts, what they mean, what is wrong with them, and how two drafts differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from skillmatch.errors import Invalid
from skillmatch.model import Customer, Job, Need, Risk, Site
from skillmatch.workspace import LONGEST_TEXT, LONGEST_TITLE, JobView
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import N_, _
from skillmatch_web.need_rows import Row, needs_of, rows_of, typed_rows

OWN, OF_TYPE = "own", "type"
LABELS = {
    "title": N_("What is it about?"),
    "text": N_("What the customer said"),
    "priority": N_("Priority"),
    "type": N_("Job type"),
    "customer": N_("Customer: name or id"),
    "site": N_("Place"),
    "due": N_("Promised for the day"),
    "earliest": N_("To begin not before"),
    "latest": N_("To begin by"),
    "minutes": N_("Estimate in minutes"),
    "risk": N_("Risk"),
    "crew": N_("How many go together"),
    "needs": N_("Whose needs"),
    "rows": N_("What it needs"),
}
"""What each field is called, in the order of the form."""
TEXTS = tuple(name for name in LABELS if name not in ("needs", "rows"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A job in the texts of its form. `needs` says whether its needs are its own or those of its type."""

    title: str = ""
    text: str = ""
    priority: str = "3"
    type: str = ""
    customer: str = ""
    site: str = ""
    due: str = ""
    earliest: str = ""
    latest: str = ""
    minutes: str = ""
    risk: str = ""
    crew: str = ""
    needs: str = OF_TYPE
    rows: tuple[Row, ...] = ()

    @classmethod
    def of(cls, view: JobView) -> Draft:
        """Return the texts of a job."""
        job = view.job
        return cls(
            job.title,
            job.text,
            str(job.priority),
            job.type or "",
            customer_text(job.customer),
            job.site or "",
            job.due.isoformat() if job.due else "",
            _time_text(job.earliest),
            _time_text(job.latest),
            "" if job.minutes is None else f"{job.minutes:.12g}",
            job.risk.value if job.risk else "",
            "" if job.crew is None else str(job.crew),
            OWN if job.requirements else OF_TYPE,
            rows_of(job.requirements, workspace().names()),
        )

    @classmethod
    def of_form(cls, form: MultiDict[str, str]) -> Draft:
        """Return the texts that a form was sent with."""
        typed = {name: form.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
        typed["customer"] = form.get("pick", "").strip() or typed["customer"]
        whose = OWN if form.get("needs") == OWN else OF_TYPE
        return cls(**typed, needs=whose, rows=typed_rows(form) if whose == OWN else ())

    def differing(self, other: Draft) -> tuple[str, ...]:
        """Return the names of the fields in which two drafts differ."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) != getattr(other, field.name))

    def merged(self, base: Draft, theirs: Draft) -> Draft:
        """Return this draft, which began as `base`, with what others changed wherever this one changed nothing."""
        mine = set(self.differing(base))
        if {"needs", "rows"} & mine:
            mine |= {"needs", "rows"}  # they belong together
        return replace(theirs, **{name: getattr(self, name) for name in mine})


@dataclass(frozen=True, slots=True)
class Read:
    """What a draft means: a job, or what is wrong by field, and the customers and sites to choose among."""

    job: Job | None
    errors: Mapping[str, str]
    customers: tuple[Customer, ...] = ()
    sites: tuple[Site, ...] = ()


def read(draft: Draft, base: Job, before: Sequence[Need], *, asked_site: bool = True) -> Read:
    """Return what a draft means on top of a job; a text that stands as it stood keeps the value behind it.

    Parameters
    ----------
    before
        The needs of the job or its type, among which those are that the form only keeps.
    asked_site
        Whether the form had a choice of sites at all.
    """
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    former = Draft.of(JobView(base, None, None, None, None, base.requirements, False, ()))
    changed = set(draft.differing(former))
    for name, understand in READERS.items():
        if name in changed:
            try:
                values[name] = understand(getattr(draft, name))
            except ValueError as error:
                errors[name] = str(error)
    customers = _customers(draft, values, errors) if "customer" in changed else ()
    customer = values.get("customer", base.customer)
    sites = workspace().sites_of(customer) if customer else ()
    _read_site(draft, sites, values, errors, asked=asked_site)
    if {"needs", "rows"} & changed:
        values["requirements"], wrong = (
            needs_of(draft.rows, workspace().names(), before) if draft.needs == OWN else ((), {})
        )
        errors.update(wrong)
    try:
        job = None if errors else replace(base, **values)
    except Invalid as error:
        return Read(None, {"": _("This cannot be: %(why)s.", why=error)}, customers, sites)
    return Read(job, errors, customers, sites)


def _customers(draft: Draft, values: dict[str, Any], errors: dict[str, str]) -> tuple[Customer, ...]:
    """Find the customer who is meant, and return whom to choose among where that is not clear."""
    text = draft.customer
    if not text:
        values["customer"] = None
        return ()
    found = workspace().customers_called(text)
    own = _named_with_id(text)
    exact = [own] if own else [one for one in found if one.name.casefold() == text.casefold() or one.id == text]
    meant = exact if len(exact) == 1 else found
    if len(meant) == 1:
        values["customer"] = meant[0].id
        return ()
    if found:
        errors["customer"] = _("Several customers are called so: choose one below, or type more of the name.")
    else:
        errors["customer"] = _(
            "No customer is called “%(text)s”. Type a part of the name; or leave it empty and write down who called.",
            text=text[:60],
        )
    return found


def _named_with_id(text: str) -> Customer | None:
    """Return the customer whom a text names as `customer_text` does, None for any other text."""
    ids = (text[place + 1 : -1] for place, sign in enumerate(text) if sign == "(" and text.endswith(")"))
    known = (one for id in ids if id for one in workspace().customers_called(id)[:1] if one.id == id)
    return next((one for one in known if customer_text(one.id) == text), None)


def customer_text(id: str | None) -> str:
    """Return by what a customer is called in the form: the name, with the id where that tells her from others."""
    if not id:
        return ""
    known = workspace().customers_called(id)
    return f"{known[0].name} ({id})" if known and known[0].id == id else id


def _read_site(
    draft: Draft, sites: Sequence[Site], values: dict[str, Any], errors: dict[str, str], *, asked: bool
) -> None:
    ids, moved = [site.id for site in sites], "customer" in values
    if draft.site in ids:
        values["site"] = draft.site
    elif moved and len(ids) == 1:
        values["site"] = ids[0]
    elif moved and ids and (draft.site or not asked):
        errors["site"] = _("This customer has several places: choose one, or “not known”.")
    elif moved or not draft.site:
        values["site"] = None


def _time_text(time: datetime | None) -> str:
    return "" if time is None else f"{time.astimezone(workspace().zone):%Y-%m-%dT%H:%M}"


def _title(text: str) -> str:
    if not text:
        raise ValueError(_("Say in a few words what it is about."))
    return _short(text, LONGEST_TITLE)


def _short(text: str, most: int = LONGEST_TEXT) -> str:
    if len(text) > most:
        raise ValueError(_("This is too long: at most %(most)s characters.", most=most))
    if "\0" in text:
        raise ValueError(_("This has a character that cannot be kept: type it anew."))
    return text


def _priority(text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        raise ValueError(_("Choose a priority from the list."))
    return int(text)


def _type(text: str) -> str | None:
    if text and text not in {type.id for type in workspace().job_types()}:
        raise ValueError(_("There is no such job type any more: choose from the list."))
    return text or None


def _day(text: str) -> date | None:
    try:
        return _likely(date.fromisoformat(text)) if text else None
    except ValueError:
        raise ValueError(_("“%(text)s” is no day: write it as 2026-11-23.", text=text[:40])) from None


def _time(text: str) -> datetime | None:
    try:
        there = datetime.fromisoformat(text).replace(tzinfo=workspace().zone) if text else None
        return there and _likely(there.astimezone(UTC))
    except (ValueError, OverflowError):
        raise ValueError(_("“%(text)s” is no time: write it as 2026-11-23T14:30.", text=text[:40])) from None


def _likely(value: Any) -> Any:
    if not 1970 <= value.year <= 2200:
        raise ValueError
    return value


def _minutes(text: str) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,6}([.,]\d{1,3})?", text, re.ASCII) or not 0 < float(text.replace(",", ".")) <= 100_000:
        raise ValueError(
            _("“%(text)s” is no number of minutes: type one such as 90, or leave it empty.", text=text[:40])
        )
    return float(text.replace(",", "."))


def _risk(text: str) -> Risk | None:
    if text and text not in set(Risk):
        raise ValueError(_("Choose a risk from the list."))
    return Risk(text) if text else None


def _crew(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= 50:
        raise ValueError(
            _("“%(text)s” is no number of people: type one from 1 to 50, or leave it empty.", text=text[:40])
        )
    return int(text)


READERS = {
    "title": _title,
    "text": _short,
    "priority": _priority,
    "type": _type,
    "due": _day,
    "earliest": _time,
    "latest": _time,
    "minutes": _minutes,
    "risk": _risk,
    "crew": _crew,
}
"""How the text of each field is understood; raises ValueError with what to tell."""
