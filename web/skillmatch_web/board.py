"""The board as its address asks for it: filters as removable words, and lines that say only whom one may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import request

from skillmatch.model import Job, JobStatus, Worker
from skillmatch.workspace import BoardCounts, BoardFilter, BoardOrder, BoardPage, BoardPromise, PromisedFor
from skillmatch_web.addresses import workspace
from skillmatch_web.languages import N_, _
from skillmatch_web.sight import sight
from skillmatch_web.words import PRIORITIES, STATUSES

ALL, NOBODY = "all", "nobody"
ORDERS = {
    BoardOrder.URGENCY: N_("most urgent first"),
    BoardOrder.PROMISED: N_("promised first"),
    BoardOrder.NEWEST: N_("newest first"),
}
PROMISED = {
    PromisedFor.LATE: N_("late"),
    PromisedFor.TODAY: N_("today"),
    PromisedFor.TOMORROW: N_("tomorrow"),
    PromisedFor.WEEK: N_("within a week"),
    PromisedFor.NONE: N_("no day promised"),
}
LONGEST = 200
"""Characters of a filter in an address."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and the fields of the address without it."""

    text: str
    without: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """So many jobs in a state, and the fields of the address that shows them."""

    count: int
    text: str
    address: Mapping[str, Any]
    here: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """Who comes to a job, as the reader may know her, and from when to when."""

    name: str
    worker: str | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A job on the board."""

    job: Job
    customer: str
    phone: str
    site: str
    type: str
    promised: tuple[Promised, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it says that is none of the choices asks for nothing."""

    status: str = JobStatus.OPEN.value
    search: str = ""
    priority: tuple[str, ...] = ()
    promised: str = ""
    type: str = ""
    customer: str = ""
    site: str = ""
    team: str = ""
    order: str = BoardOrder.URGENCY.value

    @classmethod
    def of_address(cls) -> Asked:
        """Return what the address of this request asks for."""
        said = {name: request.args.get(name, "").strip()[:LONGEST] for name in TEXTS}
        return cls(
            status=_one_of(request.args.get("status", ""), (*JobStatus, ALL), JobStatus.OPEN.value),
            priority=tuple(str(number) for number in PRIORITIES if str(number) in request.args.getlist("priority")),
            promised=_one_of(request.args.get("promised", ""), PromisedFor),
            order=_one_of(request.args.get("order", ""), BoardOrder, BoardOrder.URGENCY.value),
            **said,
        )

    def wanted(self) -> BoardFilter:
        """Return the filter that it means, within what the reader may ask about."""
        team = self.team if self.team in (*self.teams(), NOBODY, "") else NEVER
        return BoardFilter(
            status=None if self.status == ALL else JobStatus(self.status),
            search=self.search,
            priorities=tuple(map(int, self.priority)),
            promised=PromisedFor(self.promised) if self.promised else None,
            type=self.type,
            customer=self.customer,
            site=self.site,
            team="" if team == NOBODY else team,
            unassigned=team == NOBODY,
            order=BoardOrder(self.order),
        )

    def teams(self) -> tuple[str, ...]:
        """Return the teams that the reader may ask about."""
        if not sight().dispatches:
            return ()
        return sight().teams or tuple(sorted({worker.team for worker in workspace().workers() if worker.team}))

    def address(self, **changes: Any) -> dict[str, Any]:
        """Return the fields of its address, without those that say what is so anyway."""
        asked = replace(self, **changes)
        usual = Asked()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name in FIELDS
            if (value := getattr(asked, name)) != getattr(usual, name)
        }

    @property
    def filtered(self) -> bool:
        """Whether anything but the order and the state is asked for."""
        return bool(self.address(status=JobStatus.OPEN.value, order=BoardOrder.URGENCY.value))


TEXTS = ("search", "type", "customer", "site", "team")
FIELDS = ("status", "search", "priority", "promised", "type", "customer", "site", "team", "order")
NEVER = "\u2014 a team that nobody is of"
"""Asked about a team that is not hers, the board has no job, as of one that is not there."""


def _one_of(text: str, known: Any, otherwise: str = "") -> str:
    return text if text in [str(one) for one in known] else otherwise


def chips(asked: Asked, types: Mapping[str, str]) -> tuple[Chip, ...]:
    """Return the filters that are set, in words."""
    found = []
    if asked.status != JobStatus.OPEN.value:
        word = ALL if asked.status == ALL else STATUSES[JobStatus(asked.status)]
        found.append(Chip(_("which: %(word)s", word=_(word)), asked.address(status=JobStatus.OPEN.value)))
    if asked.search:
        found.append(Chip(f"“{asked.search}”", asked.address(search="")))
    for one in asked.priority:
        others = tuple(other for other in asked.priority if other != one)
        said = _("priority %(number)s, %(word)s", number=one, word=_(PRIORITIES[int(one)]))
        found.append(Chip(said, asked.address(priority=others)))
    if asked.promised:
        word = _(PROMISED[PromisedFor(asked.promised)])
        found.append(Chip(_("promised: %(word)s", word=word), asked.address(promised="")))
    if asked.type:
        found.append(Chip(_("type: %(name)s", name=types.get(asked.type, asked.type)), asked.address(type="")))
    if asked.customer:
        found.append(Chip(_("customer: %(name)s", name=_customer(asked.customer)), asked.address(customer="")))
    if asked.site:
        found.append(Chip(_("place: %(name)s", name=asked.site), asked.address(site="")))
    if asked.team:
        who = _("nobody") if asked.team == NOBODY else asked.team
        found.append(Chip(_("who is promised: %(team)s", team=who), asked.address(team="")))
    return tuple(found)


def cleared(asked: Asked) -> dict[str, Any]:
    """Return the fields of the address without any filter, in the same order."""
    return Asked(order=asked.order).address()


def _customer(text: str) -> str:
    known = workspace().customers_called(text)
    return known[0].name if len(known) == 1 and known[0].id == text else text


def shortcuts(counts: BoardCounts, asked: Asked) -> tuple[Shortcut, ...]:
    """Return how many jobs are open, late, due today and without anybody promised, each with the way there."""
    late, today = PromisedFor.LATE.value, PromisedFor.TODAY.value
    ways: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (counts.open, _("open"), {}),
        (counts.late, _("late"), {"promised": late}),
        (counts.today, _("due today"), {"promised": today}),
        (counts.unassigned, _("nobody promised yet"), {"team": NOBODY}),
    )
    here = asked.address(order=BoardOrder.URGENCY.value)
    return tuple(
        Shortcut(count, text, Asked(order=asked.order, **way).address(), here == way) for count, text, way in ways
    )


def lines(page: BoardPage) -> tuple[Line, ...]:
    """Return the lines of a board, with who is promised as far as the reader may know."""
    return tuple(Line(*line, tuple(map(_promised, page.promised.get(line.job.id, ())))) for line in page.lines)


def _promised(one: BoardPromise) -> Promised:
    worker = Worker(one.worker, one.name, one.team)
    seen = sight().sees(worker)
    end = one.start + timedelta(minutes=one.minutes)
    return Promised(sight().called(worker), one.worker if seen else None, one.start, end)
