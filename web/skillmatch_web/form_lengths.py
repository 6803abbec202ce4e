"""How long a text in a form may be, said in the language of the reader.

WTForms has such a check; it makes its message a plain text, which no catalogue knows any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wtforms.validators import ValidationError


@dataclass(frozen=True, slots=True)
class AtMost:
    """Refuses a text of more than `most` characters, with `message`."""

    most: int
    message: str

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError for a text that is too long."""
        if len(field.data or "") > self.most:
            raise ValidationError(self.message)
