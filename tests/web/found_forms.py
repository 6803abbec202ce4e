"""The forms of pages as a browser finds them: where each goes, and what its fields are."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_TYPED = frozenset(("hidden", "checkbox", "radio", "submit", "file", "button"))


@dataclass
class Form:
    """A form that is sent: `values` are what it holds as it was opened, `typed` the names of what one types in."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Finder(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._select = ""
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or one of its fields."""
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(of.get("action", "")) if of.get("method", "").lower() == "post" else None
            if self._inside:
                self.forms.append(self._inside)
        elif self._inside and (name := of.get("name") or (self._select if tag == "option" else "")):
            self._take(self._inside, tag, name, of)

    def _take(self, form: Form, tag: str, name: str, of: dict[str, str]) -> None:
        kind = of.get("type", "text")
        if tag == "option":
            if "selected" in of or not form.values[name]:
                form.values[name] = of.get("value", "")
        elif tag == "select":
            self._select = name
            form.chosen.append(name)
            form.values[name] = ""
        elif tag == "textarea":
            form.typed.append(name)
            form.values[name], self._text = "", name
        elif tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and (kind not in ("radio", "checkbox") or name not in form.values or "checked" in of):
            form.values[name] = of.get("value", "")
            if kind not in NOT_TYPED:
                form.typed.append(name)
        elif tag == "button":
            form.values.setdefault(name, of.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Take in what stands in a large field."""
        if self._inside and self._text:
            self._inside.values[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a field."""
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = ""


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page that are sent, in their order."""
    finder = Finder()
    finder.feed(page)
    return finder.forms
