"""One worker in one skill: the level, what it rests on, and the evidence it adds up from."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from skillmatch.workspace import JobOutcome, Why
from skillmatch_web.addresses import workspace
from skillmatch_web.drawing import interval, rounded, waterfall

blueprint = Blueprint("skill", __name__)

SHOWN, MORE_SHOWN = 10, 100
DECIMALS = 2


@blueprint.get("/workers/<id:worker>/skills/<id:skill>")
def show(worker: str, skill: str) -> str:
    """Show why a worker's level in a skill is believed."""
    most = MORE_SHOWN if "more" in request.args else SHOWN
    why = workspace().why(worker, skill, most=most)
    level = rounded(why.explanation, DECIMALS)
    known = why.basis.pieces + why.basis.others
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
    )


def _outcomes(why: Why) -> dict[str, str]:
    """Return the page of each outcome that has a term of its own, by the term's key."""
    return {
        piece.key: url_for("outcome.show", job=fact.job, source=fact.source, id=fact.id)
        for piece in why.pieces
        if isinstance(fact := piece.evidence, JobOutcome)
    }
