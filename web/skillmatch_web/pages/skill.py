"""One worker in one skill: the level, what it rests on, and the evidence it adds up from."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from skillmatch.workspace import JobOutcome, Why
from skillmatch_web.addresses import workspace
from skillmatch_web.band import drawn, way
from skillmatch_web.disputing import NOTHING, Refused, jobs_of
from skillmatch_web.drawing import interval, rounded, waterfall
from skillmatch_web.evidence_words import note_of, said
from skillmatch_web.paging import Paging, page_asked_for

blueprint = Blueprint("skill", __name__)

SHOWN, MORE_SHOWN = 10, 100
DECIMALS = 2
PAGE_SIZE = 20


@blueprint.get("/workers/<id:worker>/skills/<id:skill>")
def show(worker: str, skill: str) -> str:
    """Show why a worker's level in a skill is believed, how it moved, and what it rests on piece by piece."""
    return render_skill(worker, skill, page=page_asked_for())


def render_skill(worker: str, skill: str, *, wrong: Refused = NOTHING, page: int = 1) -> str:
    """Return the page of a worker's skill with a dispute that was not taken, and why."""
    most = MORE_SHOWN if "more" in request.args else SHOWN
    why = workspace().why(worker, skill, most=most)
    level = rounded(why.explanation, DECIMALS)
    known = why.basis.pieces + why.basis.others
    evidence = workspace().disputes.evidence(worker, why.skill.id)
    pages = Paging(1, PAGE_SIZE, len(evidence.facts)).pages
    paging = Paging(min(page, pages), PAGE_SIZE, len(evidence.facts))
    facts = evidence.facts[paging.first - 1 : paging.last]
    return render_template(
        "skill.html",
        why=why,
        level=level,
        steps=waterfall(level, full=5.0),
        decimals=DECIMALS,
        addresses=_outcomes(why),
        more=min(MORE_SHOWN, known) if most == SHOWN and known > SHOWN else 0,
        interval=interval,
        now=workspace().now(),
        band=drawn(evidence.band),
        facts=facts,
        paging=paging,
        jobs=jobs_of(one.fact for one in facts),
        said=said,
        note_of=note_of,
        way=way,
        wrong=wrong.placed({one.fact.key for one in facts if one.case is None}),
    )


def _outcomes(why: Why) -> dict[str, str]:
    """Return the page of each outcome that has a term of its own, by the term's key."""
    return {
        piece.key: url_for("outcome.show", job=fact.job, source=fact.source, id=fact.id)
        for piece in why.pieces
        if isinstance(fact := piece.evidence, JobOutcome)
    }
