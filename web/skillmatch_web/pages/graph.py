"""One skill: what is around it, who has it and how surely, and what work asks for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.accounts import Role
from skillmatch.model import Worker
from skillmatch_web.addresses import today, workspace
from skillmatch_web.drawing import interval
from skillmatch_web.graph_picture import picture
from skillmatch_web.pages.skills import counts
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.sight import sight
from skillmatch_web.skill_words import HEADINGS, KINDS, RELATIONS, month, strength

blueprint = Blueprint("graph", __name__)

PAGE_SIZE, INFERRED, MORE_INFERRED = 20, 5, 50
MOST_LISTED, MOST_JOBS = 12, 10
"""Neighbours of one relation, and open jobs, that are listed before all are asked for."""


@blueprint.get("/skills/<skill:skill>")
def show(skill: str) -> str | Response:
    """Show a skill."""
    book, seen = workspace().skillbook, sight()
    found = book.skill(skill)
    if found.id != skill:  # it was merged
        return redirect(url_for("graph.show", skill=found.id))
    around = dict(book.around(skill))
    whole = "all" in request.args
    people: dict[str, Any] = _names(skill) if not seen.dispatches else _levels(skill)
    if "paging" in people and people["paging"].page > people["paging"].pages:
        return redirect(url_for("graph.show", skill=skill, page=people["paging"].pages) + "#who")
    demand = book.demand(skill, sees=lambda worker: counts(seen, worker), jobs=seen.jobs())
    return render_template(
        "graph.html",
        skill=found,
        around=around,
        picture=picture(found, around),
        relations=RELATIONS,
        headings=HEADINGS,
        kinds=KINDS,
        strength=strength,
        most_listed=None if whole else MOST_LISTED,
        most_jobs=None if whole else MOST_JOBS,
        edits=seen.account.role is Role.ADMINISTRATOR,
        demand=demand,
        tallest=max([one.jobs for one in demand.months] + [1]),
        month=month,
        today=today(),
        **people,
    )


def _levels(skill: str) -> dict[str, Any]:
    number, more = page_asked_for(), "inferred" in request.args
    holders = workspace().skillbook.holders(
        skill,
        sees=sight().sees,
        first=(number - 1) * PAGE_SIZE,
        most=PAGE_SIZE,
        most_inferred=MORE_INFERRED if more else INFERRED,
    )
    widest = max([one.known + one.inferred for one in holders.rungs] + [1.0])
    return {
        "holders": holders,
        "paging": Paging(number, PAGE_SIZE, holders.knowing),
        "interval": interval,
        "widest": widest,
        "more_inferred": 0 if more else min(MORE_INFERRED, holders.others),
        "others": sight().workers()[1],
    }


def _names(skill: str) -> dict[str, Any]:
    """Return what a worker sees of the others: who does it, by name, and nothing else."""
    own = sight().account.worker

    def named(worker: Worker) -> bool:
        return bool(worker.name)

    people = workspace().skillbook.practising(skill, sees=named)
    return {
        "holders": None,
        "colleagues": [worker.name for worker in people if worker.id != own],
        "own": next((worker for worker in people if worker.id == own), None) or workspace().worker(own or ""),
    }
