"""The form in which a certificate is handed in, and what is wrong with what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from secrets import token_hex

from werkzeug.datastructures import FileStorage

from skillmatch.claims import MOST_FILE_BYTES, Attachment, CertificateClaim
from skillmatch.errors import Invalid, SkillmatchError
from skillmatch.workspace import megabytes
from skillmatch_web.addresses import workspace
from skillmatch_web.errors import sentence
from skillmatch_web.languages import _
from skillmatch_web.sight import sight

FIELDS = ("type", "issuer", "issued", "expires", "note")


@dataclass(frozen=True, slots=True)
class HandIn:
    """What stands in the form; `file` is the one that is kept already, `problems` what is wrong, by field."""

    token: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    file: Attachment | None = None
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, type: str = "", issuer: str = "") -> HandIn:
        """Return a form that has not been used."""
        return cls(token_hex(16), {**dict.fromkeys(FIELDS, ""), "type": type, "issuer": issuer})

    @classmethod
    def sent(cls, form: Mapping[str, str], worker: str) -> HandIn:
        """Return what a browser sent."""
        kept = form.get("kept", "")
        file = workspace().claims.kept_file(kept, worker) if kept else None
        values = {name: form.get(name, "").strip() for name in FIELDS}
        return cls(form.get("token", ""), values, file).checked()

    def checked(self) -> HandIn:
        """Return the form with what is wrong with its fields."""
        problems: dict[str, str] = {}
        if not self.values["type"]:
            problems["type"] = _("Say what it is: choose a type from the list, or type a new one.")
        for name in ("issued", "expires"):
            try:
                self._day(name)
            except ValueError:
                problems[name] = _("This is no day: choose it, or type it as in 2026-03-31.")
        if not self.values["issued"]:
            problems["issued"] = _("Say on which day it was issued: it stands on the certificate.")
        return replace(self, problems=problems)

    def with_problem(self, name: str, problem: str) -> HandIn:
        """Return the form with one more thing that is wrong."""
        return replace(self, problems={**self.problems, name: problem})

    def with_file(self, sent: FileStorage | None, worker: str, *, too_big: int | None, resent: bool) -> HandIn:
        """Return the form with the file that was sent, kept, or with what is wrong with that."""
        if too_big is not None:
            sizes = {"found": megabytes(too_big), "most": megabytes(MOST_FILE_BYTES)}
            text = _("The file was not taken: %(found)s were sent, at most %(most)s are allowed.", **sizes)
            advice = _("Take the photo smaller, or save the PDF smaller. What you typed is still here.")
            return self.with_problem("file", f"{text} {advice}")
        if resent and self.file is None:
            problem = _("A file is not kept while you sign in: choose it again, or send the form without one.")
            return self.with_problem("file", problem)
        if sent is None or not sent.filename:
            return self
        content = sent.stream.read()
        id = sha256(self.token.encode() + content).hexdigest()[:32]
        try:
            kept = workspace().claims.keep_file(id, sent.filename, content, worker=worker, by=sight().account)
        except SkillmatchError as error:
            return self.with_problem("file", sentence(error))
        return replace(self, file=kept)

    def claim(self) -> CertificateClaim:
        """Return what is claimed, once nothing is wrong; raise Invalid for days that cannot be."""
        issued = self._day("issued")
        if issued is None:
            raise Invalid("the day on which it was issued is missing")
        return CertificateClaim(_known_type(self.values["type"]), issued, self._day("expires"), self.values["issuer"])

    def _day(self, name: str) -> date | None:
        return date.fromisoformat(self.values[name]) if self.values[name] else None


def _known_type(typed: str) -> str:
    """Return the type as it is known, where it was typed in another case or with other blanks."""
    plain = " ".join(typed.split())
    return next((type for type in workspace().papers.types() if type.casefold() == plain.casefold()), plain)
