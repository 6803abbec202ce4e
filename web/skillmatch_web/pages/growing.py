"""How a worker grows: answers to inferred skills, wishes to learn and what leads there; all wishes for managers."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.model import RUNGS
from skillmatch_web import saying
from skillmatch_web.addresses import workspace
from skillmatch_web.drawing import interval
from skillmatch_web.errors import sentence
from skillmatch_web.growth import Typed, growth_of
from skillmatch_web.languages import _
from skillmatch_web.own_words import OwnWords
from skillmatch_web.pages.worker import render_worker
from skillmatch_web.sight import sight
from skillmatch_web.skill_field import meant_skill, skill_name

blueprint = Blueprint("growing", __name__)

MOST_TEACHERS, MOST_JOBS = 5, 3
LONGEST_NOTE = 500


@blueprint.post("/workers/<id:worker>/inferred")
def answer(worker: str) -> Response | tuple[str, int]:
    """Claim a skill that was inferred, at a level, or decline it."""
    token, skill, level = (request.form.get(name, "") for name in ("token", "skill", "level"))
    development, by = workspace().development, sight().account
    try:
        if request.form.get("do") == "decline":
            development.decline(token, worker, skill, by=by)
            text = _("%(skill)s will not be suggested again.", skill=skill_name(skill))
        elif level in map(str, range(1, len(RUNGS))):
            development.accept(token, worker, skill, float(level), by=by)
            name, rung = skill_name(skill), _(RUNGS[int(level)])
            text = _("Recorded: %(skill)s at level %(level)s, %(rung)s.", skill=name, level=level, rung=rung)
        else:
            problem = _("Choose how well it is mastered, then press the button again.")
            return _again(worker, Typed(problem, skill)), 400
    except (Invalid, NotFound, Conflict) as error:
        return _again(worker, Typed(sentence(error), skill)), 400
    saying.done(text, undo=url_for("growing.take_back", worker=worker), fields={"token": token})
    return redirect(url_for("worker.show", worker=worker, _anchor="inferred"), 303)


def _again(worker: str, typed: Typed) -> str:
    return render_worker(worker, own=OwnWords().renewed(), growth=growth_of(worker, answer=typed))


@blueprint.post("/workers/<id:worker>/inferred/undo")
def take_back(worker: str) -> Response:
    """Take an answer back."""
    done = workspace().development.take_back(request.form.get("token", ""), worker, by=sight().account)
    saying.done(_("Taken back.") if done else _("There was nothing to take back."))
    return redirect(url_for("worker.show", worker=worker, _anchor="inferred"), 303)


@blueprint.post("/workers/<id:worker>/wishes")
def wish(worker: str) -> Response | tuple[str, int]:
    """Note a wish to learn a skill, or take it back."""
    text, active = request.form.get("skill", "").strip(), request.form.get("do") != "remove"
    meant = meant_skill(request.form.get("pick") or text)
    if not meant.skill:
        if not text:
            problem = _("Type what you wish to learn, such as the name of a machine or a trade.")
        else:
            problem = _("Which of these is it?") if meant.nearest else _("No skill is found in these words.")
        typed = Typed(problem, text=text[:200], nearest=meant.nearest)
        return render_worker(worker, own=OwnWords().renewed(), growth=growth_of(worker, wished=typed)), 400
    try:
        note = request.form.get("note", "").strip()[:LONGEST_NOTE]
        token = request.form.get("token", "")
        done = workspace().development.wish(token, worker, meant.skill, active=active, note=note, by=sight().account)
    except (Invalid, NotFound, Conflict) as error:
        typed = Typed(sentence(error), text=text[:200])
        return render_worker(worker, own=OwnWords().renewed(), growth=growth_of(worker, wished=typed)), 400
    _say_wished(worker, meant.skill, token, active=active, news=done)
    return redirect(url_for("worker.show", worker=worker, _anchor="wishes"), 303)


def _say_wished(worker: str, skill: str, token: str, *, active: bool, news: bool) -> None:
    name = skill_name(skill)
    if not news:
        saying.done(_("That is on record already: nothing was changed."))
        return
    added, removed = (
        _("Noted: %(skill)s is to be learned.", skill=name),
        _("%(skill)s is no longer wished.", skill=name),
    )
    text = added if active else removed
    # The way back is another fact, so it needs an id of its own that is the same however often it is sent.
    fields = {"skill": skill, "do": "remove" if active else "add", "token": f"{token[:190]}-undo"}
    saying.done(text, undo=url_for("growing.wish", worker=worker), fields=fields)


@blueprint.get("/workers/<id:worker>/wishes/<id:skill>")
def path(worker: str, skill: str) -> str:
    """Show what would get a worker to a skill."""
    found = workspace().development.path(worker, skill)
    teachers = found.teachers[:MOST_TEACHERS]
    return render_template(
        "path.html",
        path=found,
        teachers=[(one, sight().sees(one.worker)) for one in teachers],
        most_jobs=MOST_JOBS,
        names=workspace().names(),
        interval=interval,
        growth=growth_of(worker),
    )


@blueprint.get("/wishes")
def show() -> str:
    """List what workers wish to learn, by skill."""
    people = {worker.id: worker for worker in workspace().workers() if sight().sees(worker)}
    wishes = [one for one in workspace().development.wishes() if one.worker in people]
    by_skill = [(skill, list(own)) for skill, own in groupby(wishes, key=lambda one: one.skill)]
    by_skill.sort(key=lambda pair: (-len(pair[1]), skill_name(pair[0]).casefold()))
    return render_template("wishes.html", wishes=by_skill, people=people, names=workspace().names(), total=len(wishes))
