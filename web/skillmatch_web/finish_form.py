"""The form in which a worker says on her phone how a job ended: that of an outcome, and a note for the site."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from skillmatch.model import NoteKind, skill_needs
from skillmatch.notes import LONGEST_NOTE
from skillmatch.wording import said
from skillmatch.workspace import Demand, JobView, NewNote, outcomes_digest
from skillmatch_web.addresses import workspace
from skillmatch_web.form_lengths import AtMost
from skillmatch_web.languages import N_, _
from skillmatch_web.outcome_form import MOST_MINUTES, OutcomeForm

STEP = 15
"""Minutes that one press of a button adds or takes away."""
MOST_SKILLS = 20
TOO_LONG = said("The note is too long: at most {most} characters.", most=LONGEST_NOTE)


class FinishForm(OutcomeForm):
    """How a job ended for whom; `seen` says which outcomes it had when the form was opened."""

    seen = HiddenField()
    more_skills = StringField(N_("Another skill you used"), validators=[Length(max=400)])
    site_note = TextAreaField(
        N_("For this site"),
        validators=[AtMost(LONGEST_NOTE, TOO_LONG)],
    )
    note_kind = StringField()

    @classmethod
    def opened(cls, view: JobView, *, worker: str, minutes: float | None) -> FinishForm:
        """Return a fresh form: what the job needs is ticked, and the time that was planned stands in it."""
        form = cls(formdata=None)
        form.worker.data = worker
        form.used.data = list(usual(view))
        form.minutes.data = "" if minutes is None else f"{minutes:g}"
        form.note_kind.data = NoteKind.NOTE.value
        form.renew()
        form.see(view)
        return form

    def see(self, view: JobView) -> None:
        """Take what is on record of the job now as seen."""
        self.seen.data = outcomes_digest(view.outcomes)

    def step(self, by: str) -> None:
        """Put some minutes on or off, as the buttons beside the field ask; what is no number stays as it is."""
        try:
            minutes = self.chosen_minutes() or 0.0
            wanted = minutes + int(by)
        except ValueError:
            return
        self.minutes.data = f"{min(max(wanted, STEP), MOST_MINUTES):g}"

    def used_in(self, view: JobView) -> tuple[Demand, ...]:
        """Return the skills that were used; () where they are those that the job needs, with their shares."""
        named = tuple(dict.fromkeys((*(self.used.data or ()), *self.typed_skills())))
        return () if set(named) == set(usual(view)) else tuple(Demand(skill) for skill in named)

    def typed_skills(self) -> tuple[str, ...]:
        """Return the skills that were typed in, by id; what is none is left out."""
        names = workspace().names()
        found = (find_skill(names, part) for part in self._parts())
        return tuple(skill for skill in found if skill is not None)

    def left_note(self, site: str | None, asset: str | None) -> NewNote | None:
        """Return what is to be left at the site, None where nothing was written."""
        text = (self.site_note.data or "").strip()
        if not text or site is None:
            return None
        kind = NoteKind.SUGGESTION if self.note_kind.data == NoteKind.SUGGESTION else NoteKind.NOTE
        return NewNote(str(self.token.data), site, kind, text.replace("\r\n", "\n"), asset)

    def _parts(self) -> list[str]:
        return [part.strip() for part in (self.more_skills.data or "").split(",") if part.strip()]

    def validate_worker(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Say who did the job."))

    def validate_note_kind(self, field: Any) -> None:
        if field.data and field.data not in set(NoteKind):
            raise ValidationError(_("Say whom it is for."))

    def validate_more_skills(self, field: Any) -> None:
        names = workspace().names()
        if len(self._parts()) > MOST_SKILLS:
            raise ValidationError(_("These are more than %(most)s skills: keep those that counted.", most=MOST_SKILLS))
        for part in self._parts():
            if find_skill(names, part) is None:
                raise ValidationError(_unknown(names, part))


def usual(view: JobView) -> tuple[str, ...]:
    """Return the skills that a job needs, in their order."""
    return tuple(need.skill for need in skill_needs(view.needs))


def find_skill(names: Mapping[str, str], typed: str) -> str | None:
    """Return the skill of this name or id, or the only one that has these words in its name; None for no such one."""
    wanted = typed.casefold()
    exact = [id for id, name in names.items() if wanted in (id.casefold(), name.casefold())]
    found = exact or [id for id, name in names.items() if wanted in name.casefold()]
    return found[0] if exact or len(found) == 1 else None


def _unknown(names: Mapping[str, str], typed: str) -> str:
    wanted = typed.casefold()
    several = sorted(name for name in names.values() if wanted in name.casefold())[:5]
    if several:
        return _("“%(typed)s” may be %(several)s: type one of them.", typed=typed, several=", ".join(several))
    spelled = {name.casefold(): name for name in names.values()}
    near = get_close_matches(wanted, spelled, n=1, cutoff=0.5)
    if near:
        return _("There is no skill “%(typed)s”. Did you mean %(near)s?", typed=typed, near=spelled[near[0]])
    return _("There is no skill “%(typed)s”: try a part of its name, or leave it out.", typed=typed)
