"""The languages of the pages: which one somebody reads, and what is said in it.

A text stands in the code in English and is marked there: `_("…")` where it is said, `N_("…")` where it is only kept to
be said later. `translations/LANGUAGE.po` says it in another language.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What each language calls itself, by its code; the first is that of the code."""
FIRST = next(iter(LANGUAGES))


@cache
def catalogue(language: str) -> NullTranslations:
    """Return what is said in a language."""
    if language == FIRST:
        return NullTranslations()
    kept = files("skillmatch_web") / "translations" / f"{language}.po"
    compiled = BytesIO()
    with kept.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """Return the code of the language of this request: what its reader chose, or else what her browser asks for."""
    if not has_request_context():
        return FIRST
    if "language" not in g:
        chosen = getattr(g.get("me"), "language", "")
        g.language = chosen or request.accept_languages.best_match(list(LANGUAGES)) or FIRST
    return str(g.language)


def gettext(message: str, **values: object) -> str:
    """Return a text in the language of this request, with `%(name)s` filled in where there are values."""
    said = catalogue(language()).gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return `one` or `many` in the language of this request, as suits the number `num`."""
    return catalogue(language()).ngettext(one, many, num) % {"num": num, **values}


def N_(message: str) -> str:
    """Mark a text that is said later, by `_`."""
    return message


_ = gettext


def install(app: Flask) -> None:
    """Let templates say texts: `{{ _("…") }}`, `{{ ngettext(…) }}`, `{% trans %}`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: catalogue(language()).gettext(message),
        lambda one, many, num: catalogue(language()).ngettext(one, many, num),
        newstyle=True,
    )
    app.jinja_env.globals.update(language=language)
