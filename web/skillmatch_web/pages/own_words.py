"""A worker's own words: which skills they may mean, and recording those that she chooses."""

from __future__ import annotations

from flask import Blueprint, request

from skillmatch_web.own_words import OwnWords
from skillmatch_web.pages.worker import render_worker

blueprint = Blueprint("own_words", __name__)


@blueprint.get("/workers/<id:worker>/words")
def show(worker: str) -> str:
    """Show the worker, whose page has the form."""
    return render_worker(worker, own=OwnWords().renewed())


@blueprint.post("/workers/<id:worker>/words")
def send(worker: str) -> tuple[str, int]:
    """Suggest skills, add one of them or reject it, as the button says; the page keeps all that was typed."""
    sent = OwnWords.sent(request.form, tuple(request.form.getlist("settled")))
    what, _, place = request.form.get("do", "find").partition("-")
    skill = request.form.get(f"skill-{place}", "")
    if skill and what == "add":
        done = sent.add(place, skill, worker)
    elif skill and what == "not":
        done = sent.reject(skill)
    else:
        done = sent.find().renewed()
    return render_worker(worker, own=done), 400 if done.problem or done.problems else 200
