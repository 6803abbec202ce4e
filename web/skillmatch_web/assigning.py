"""Promising a worker to a job from the pages: once, with a reason where one is needed, never on what is out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from flask_wtf import FlaskForm
from wtforms import StringField

from skillmatch.errors import Conflict, Invalid
from skillmatch.model import Worker
from skillmatch.wording import Said, said
from skillmatch.workspace import Decision, JobView
from skillmatch_web.addresses import workspace
from skillmatch_web.form_lengths import AtMost
from skillmatch_web.languages import _, say
from skillmatch_web.promises import Promise, promises
from skillmatch_web.sight import sight

LONGEST_REASON = 500
TOO_LONG = said("The reason is too long: at most {most} characters.", most=LONGEST_REASON)

_one_at_a_time = Lock()
"""A double click sends two requests at once; the second must see what the first has promised."""


class AssignForm(FlaskForm):
    """Who is to be promised, and why; who says so is who is signed in."""

    worker = StringField()
    reason = StringField(validators=[AtMost(LONGEST_REASON, TOO_LONG)])

    @property
    def said(self) -> str:
        """The reason without blanks around it."""
        return (self.reason.data or "").strip()


@dataclass(frozen=True, slots=True)
class Attempt:
    """An assignment that was asked for and not made: of whom, what was typed, and what is in the way.

    `problem` belongs beside the reason, `trouble` to the whole; `changed` is what has happened since the page was
    opened; `against` are the hard rules that stand against it now.
    """

    worker: Worker
    reason: str
    problem: str = ""
    trouble: str = ""
    changed: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def crew_size(view: JobView) -> int:
    """Return how many go to a job together."""
    return view.job.crew or (view.type.crew if view.type else 1)


def team(view: JobView, promised: Sequence[Promise], worker: str) -> tuple[str, ...]:
    """Return who is promised when `worker` is assigned, the lead first: beside the others while the crew has room."""
    others = [one.worker.id for one in promised if one.worker.id != worker]
    return (*others, worker) if len(others) < crew_size(view) and crew_size(view) > 1 else (worker,)


def assign_once(number: int, form: AssignForm) -> Attempt | int:
    """Promise a worker to the job of a decision unless she is already; return why it was not done, or else the number
    of the write, 0 when she was promised already.

    Raises
    ------
    NotFound
        When there is no such decision or worker.
    """
    with _one_at_a_time:
        decision = workspace().decision(number)
        people = {worker.id: worker for worker in workspace().workers()}
        worker = str(form.worker.data)
        candidate = workspace().explain(decision.job, worker, policy=decision.policy, teams=decision.teams)
        blank = Attempt(candidate.worker, form.said, against=candidate.blocked)
        promised = promises(decision.job, people)
        if decision.chosen:
            return _decided(decision, blank, promised, people)
        if not form.validate():
            wrong = " ".join(say(one) for one in form.reason.errors)
            return replace(blank, problem=wrong or _("This form was damaged on its way: send it again."))
        stale = workspace().staleness(number)
        if stale.stale:
            moved = sorted(stale.moved, key=lambda line: not line.startswith(f"{candidate.worker.id}: "))
            return replace(blank, changed=tuple(in_names(line, people) for line in moved))
        chosen = team(workspace().job(decision.job), promised, candidate.worker.id)
        if not form.said and (candidate.blocks or chosen[0] != decision.first):
            return replace(blank, problem=_say_why(decision, blank, people))
        return _assign(decision, chosen, blank)


def _assign(decision: Decision, chosen: Sequence[str], blank: Attempt) -> Attempt | int:
    try:
        return workspace().assign(decision.number, chosen, reason=blank.reason, by=sight().account.signature).revision
    except Invalid as error:
        return replace(blank, problem=str(error))
    except Conflict as error:
        return replace(blank, trouble=str(error))


def _decided(
    decision: Decision, blank: Attempt, promised: Sequence[Promise], people: Mapping[str, Worker]
) -> Attempt | int:
    """Return 0 when the decision was the same and still holds, else what to tell about it."""
    if blank.worker.id in decision.chosen and blank.worker.id in [one.worker.id for one in promised]:
        return 0
    names = _(" and ").join(say(sight().called(people[one])) if one in people else one for one in decision.chosen)
    why = f" (“{decision.reason}”)" if decision.reason else ""
    if decision.by:
        made = _("Decision %(number)s was made already by %(name)s:", number=decision.number, name=decision.by)
    else:
        made = _("Decision %(number)s was made already:", number=decision.number)
    again = _("Nothing was changed. To decide anew, choose from the ranking as it is now.")
    return replace(blank, trouble=f"{made} {names}{why}. {again}")


def _say_why(decision: Decision, blank: Attempt, people: Mapping[str, Worker]) -> str:
    if blank.against:
        return _("Say why %(name)s goes although: %(reason)s.", name=blank.worker.name, reason=blank.against[0])
    first = decision.first
    if first is None:
        return _("Say why %(name)s goes: nobody was ranked first.", name=blank.worker.name)
    before = people[first].name if first in people else first
    return _("Say why %(name)s goes and not %(first)s, ranked first.", name=blank.worker.name, first=before)


def in_names(line: str, people: Mapping[str, Worker]) -> str:
    """Return a line that begins with the id of a worker with her name instead."""
    if isinstance(line, Said) and line.values.get("worker") in people:
        return said(line.message, **{**line.values, "worker": people[str(line.values["worker"])].name})
    ids = [id for id in people if line.startswith(f"{id}: ")]
    longest = max(ids, key=len, default="")
    return people[longest].name + line[len(longest) :] if longest else line
