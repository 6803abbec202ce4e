"""The form in which a dispatcher records how a job ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from skillmatch.errors import Invalid
from skillmatch.model import Worker, check_id
from skillmatch.wording import said
from skillmatch.workspace import Demand, Ranking, Result
from skillmatch_web.addresses import workspace
from skillmatch_web.form_lengths import AtMost
from skillmatch_web.languages import N_, _

MOST_MINUTES = 100_000
LONGEST_NOTE = 2000
TOO_LONG = said("The note is too long: at most {most} characters.", most=LONGEST_NOTE)


class OutcomeForm(FlaskForm):
    """Who was sent and how it went. `token` becomes the id of the evidence, so one form records one fact."""

    token = HiddenField()
    # The templates draw these two as a list and as buttons; every version of WTForms wants its choices differently.
    worker = StringField(N_("Who was sent?"))
    other = StringField(N_("Or somebody else: name or id"), validators=[Length(max=200)])
    result = StringField(N_("How did it end?"))
    minutes = StringField(N_("Minutes it took, if you know"))
    note = TextAreaField(
        N_("Note"),
        validators=[AtMost(LONGEST_NOTE, TOO_LONG)],
    )

    cause = StringField(N_("What was behind it?"))
    other_cause = StringField(N_("Or something else that was behind it"))
    used = SelectMultipleField(N_("Skills it drew on, if you know"), choices=[], validate_choice=False)

    @classmethod
    def fresh(cls, worker: str = "", token: str = "") -> OutcomeForm:
        """Return a form that has not been used; it names the `worker` who is assigned, and nothing else."""
        form = cls(formdata=None)
        form.worker.data = worker
        form.token.data = token or token_hex(16)
        return form

    def renew(self) -> None:
        """Make the form good for another fact."""
        self.token.data = token_hex(16)

    def offered(self, ranking: Ranking, people: Mapping[str, Worker]) -> list[tuple[str, str]]:
        """Return whom to offer, as (id, text): the candidates in their order, and whoever is named already."""
        offered = [(one.worker.id, f"{one.rank}. {one.worker.name}") for one in ranking.candidates]
        chosen = self.worker.data
        if chosen and chosen not in dict(offered):
            offered.append((chosen, people[chosen].name if chosen in people else chosen))
        return offered

    def chosen_minutes(self) -> float | None:
        """Return the minutes typed in, None when there are none."""
        text = (self.minutes.data or "").strip().replace(",", ".")
        return float(text) if text else None

    def chosen_result(self) -> Result:
        """Return the result that was chosen."""
        return Result(str(self.result.data))

    def chosen_cause(self) -> str | None:
        """Return the cause that was chosen or typed in, None when it is not known."""
        return (self.cause.data or "").strip() or (self.other_cause.data or "").strip() or None

    def chosen_skills(self) -> tuple[Demand, ...]:
        """Return the skills that were ticked, each for the same share of the work."""
        return tuple(Demand(skill) for skill in dict.fromkeys(self.used.data or ()))

    def validate_token(self, field: Any) -> None:
        if not re.fullmatch("[0-9a-f]{32}", field.data or ""):
            self.renew()
            raise ValidationError(_("This form was damaged on its way. Check your entries and send them again."))

    def validate_worker(self, field: Any) -> None:
        if not field.data and not (self.other.data or "").strip():
            raise ValidationError(_("Say who was sent: choose somebody here, or type a name below."))

    def validate_other(self, field: Any) -> None:
        if self.worker.data and (field.data or "").strip():
            raise ValidationError(_("You chose somebody above and typed another name here: keep only one."))

    def validate_other_cause(self, field: Any) -> None:
        if (self.cause.data or "").strip() and (field.data or "").strip():
            raise ValidationError(_("You chose a cause above and typed another one here: keep only one."))
        _check_cause(self.chosen_cause())

    def validate_used(self, field: Any) -> None:
        unknown = [skill for skill in field.data or () if skill not in workspace().names()]
        if unknown:
            raise ValidationError(_("“%(skill)s” is no skill on record: choose from the list.", skill=unknown[0]))

    def validate_result(self, field: Any) -> None:
        if field.data not in set(Result):
            raise ValidationError(_("Say how it ended."))

    def validate_minutes(self, field: Any) -> None:
        text = (field.data or "").strip()
        if not text:
            return
        if not re.fullmatch(r"\d{1,9}([.,]\d{1,3})?", text, re.ASCII):
            wrong = _("“%(text)s” is no number of minutes: type one such as 90, or leave it empty.", text=text)
            raise ValidationError(wrong)
        if float(text.replace(",", ".")) > MOST_MINUTES:
            raise ValidationError(
                _("%(minutes)s minutes is more than %(most)s: check the number.", minutes=text, most=MOST_MINUTES)
            )


def _check_cause(cause: str | None) -> None:
    """Raise ValidationError for words that no cause can be called by."""
    try:
        if cause is not None:
            check_id(cause, "cause")
    except Invalid as error:
        raise ValidationError(_("This cannot be kept as a cause: %(why)s.", why=error.args[0])) from None
