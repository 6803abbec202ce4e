"""The form in which somebody leaves a note at a site."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from skillmatch.model import NoteKind
from skillmatch.notes import LONGEST_NOTE
from skillmatch_web.languages import N_, _


class NoteForm(FlaskForm):
    """What is left for whom. `token` becomes the id of the note, so one form leaves one note."""

    token = HiddenField()
    kind = StringField()
    asset = StringField(N_("About"))
    text = TextAreaField(N_("What should others know?"))

    @classmethod
    def fresh(cls) -> NoteForm:
        """Return a form that has not been used."""
        form = cls(formdata=None)
        form.kind.data = NoteKind.NOTE.value
        form.renew()
        return form

    def renew(self) -> None:
        """Make the form good for another note."""
        self.token.data = token_hex(16)

    def words(self) -> str:
        """Return what was typed."""
        return (self.text.data or "").replace("\r\n", "\n").strip()

    def validate_token(self, field: Any) -> None:
        if not re.fullmatch("[0-9a-f]{32}", field.data or ""):
            self.renew()
            raise ValidationError(_("This form was damaged on its way. Check your entries and send them again."))

    def validate_kind(self, field: Any) -> None:
        if field.data not in set(NoteKind):
            raise ValidationError(_("Say whom it is for."))

    def validate_text(self, _field: Any) -> None:
        if not self.words():
            raise ValidationError(_("Write what others should know."))
        if len(self.words()) > LONGEST_NOTE:
            raise ValidationError(_("This is too long: at most %(most)s characters.", most=LONGEST_NOTE))
