"""One worker: what is believed of her, and which facts made it so."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from skillmatch.model import RUNGS, Certification
from skillmatch.workspace import Effect, Evidence, Profile
from skillmatch_web.addresses import today, workspace
from skillmatch_web.drawing import interval
from skillmatch_web.evidence_words import said
from skillmatch_web.growth import Growth, growth_of
from skillmatch_web.languages import _
from skillmatch_web.own_words import OwnWords
from skillmatch_web.paging import Paging, page_asked_for
from skillmatch_web.words import validity

blueprint = Blueprint("worker", __name__)

PAGE_SIZE = 30
MOST_DISPUTES = 5


@blueprint.get("/workers/<id:worker>")
def show(worker: str) -> str | Response:
    """Show what is believed of a worker."""
    profile = workspace().profile(worker)
    paging = Paging(page_asked_for(), PAGE_SIZE, len(profile.evidence))
    if paging.page > paging.pages:
        return redirect(url_for("worker.show", worker=worker, page=paging.pages))
    return _page(profile, paging, OwnWords().renewed())


def render_worker(worker: str, *, own: OwnWords, growth: Growth | None = None) -> str:
    """Return the page of a worker with what she typed about herself, and what is wrong with it."""
    profile = workspace().profile(worker)
    return _page(profile, Paging(1, PAGE_SIZE, len(profile.evidence)), own, growth)


def _page(profile: Profile, paging: Paging, own: OwnWords, growth: Growth | None = None) -> str:
    day = today()
    return render_template(
        "worker.html",
        profile=profile,
        certifications=certifications_of(profile, day),
        history=_newest_first(profile)[paging.first - 1 : paging.last],
        paging=paging,
        names=workspace().names(),
        today=day,
        interval=interval,
        own=own,
        suggestions=own.suggestions(),
        rungs=RUNGS,
        disputes=workspace().disputes.page(among=[profile.worker.id], limit=MOST_DISPUTES),
        said=said,
        growth=growth or growth_of(profile.worker.id),
    )


def certifications_of(profile: Profile, today: date) -> list[tuple[Certification, str, str]]:
    """Return what she holds with its state and that in words; what was renewed is no cause for alarm."""
    valid = {held.type for held in profile.certifications if held.valid_on(today)}
    shown = []
    for held in profile.certifications:
        state, words = validity(held.expires, today)
        if state == "expired" and held.type in valid:
            state, words = "renewed", _("%(expired)s, renewed since", expired=words)
        shown.append((held, state, words))
    return shown


def _newest_first(profile: Profile) -> list[tuple[Evidence, list[Effect]]]:
    effects: dict[tuple[str, str], list[Effect]] = {}
    for effect in profile.effects:
        effects.setdefault(effect.evidence.key, []).append(effect)
    return [(fact, effects.get(fact.key, [])) for fact in reversed(profile.evidence)]
