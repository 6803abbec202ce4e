"""The languages of the pages: which one somebody reads, and what is said in it.

A text stands in the code in English and is marked there: `_("…")` where it is said, `N_("…")` where it is only kept to
be said later. `translations/LANGUAGE.po` says it in another language. What the code below the pages says comes as
`Said` and is put into the language of the reader where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from jinja2 import pass_eval_context
from jinja2.filters import do_join, make_attrgetter
from jinja2.nodes import EvalContext
from markupsafe import Markup

from skillmatch.wording import Said, said

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What each language calls itself, by its code; the first is that of the code."""
FIRST = next(iter(LANGUAGES))
SHORT_DAY = {"en": "d MMM y", "de": "medium"}
"""How a day stands inside a sentence, in letters of CLDR."""
COOKIE = "skillmatch_language"
"""Keeps which language a browser was set to by somebody who is not signed in."""


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
    """Return the code of the language of this request.

    It is what its reader chose, else what was chosen in her browser, else what whoever runs the program has set, else
    what the browser asks for.
    """
    try:
        return str(g.language)  # asked for hundreds of times on a page
    except (AttributeError, RuntimeError):
        pass
    if not has_request_context():
        return FIRST
    if "language" not in g:
        wishes = (getattr(g.get("me"), "language", ""), request.cookies.get(COOKIE, ""), current_app.config["LANGUAGE"])
        chosen = next((wish for wish in wishes if wish in LANGUAGES), None)
        g.language = chosen or _asked_for() or FIRST
    return str(g.language)


def _asked_for() -> str | None:
    """Return the language that the browser likes best of ours; one of a country, such as de-AT, is the one of all."""
    # Flask's best_match takes a later wish that is spelled alike before an earlier one of a country.
    wished = (wish.partition("-")[0].lower() for wish, quality in request.accept_languages if quality)
    return next((wish for wish in wished if wish in LANGUAGES), None)


@cache
def _signs(language: str) -> tuple[str, str]:
    return get_group_symbol(language), get_decimal_symbol(language)


def localized(number: str) -> str:
    """Return a number that was written in English with the signs of the language of this request."""
    group, point = _signs(language())
    return number.translate({ord(","): group, ord("."): point})


def day_in_words(value: date, pattern: str) -> str:
    """Return a day by a pattern of CLDR, with the names of the language of this request."""
    return str(format_date(value, pattern, locale=language()))


class _Filling(Formatter):
    """Fills values into a message: texts in the language of the reader, numbers with its signs, days in its order."""

    def format_field(self, value: Any, spec: str) -> str:
        if isinstance(value, str):
            return format(say(value), spec)
        if isinstance(value, date):
            return time_of(value, spec) if "%H" in spec else day_in_words(value, SHORT_DAY[language()])
        if language() == FIRST:
            return format(value, spec)
        written = format(value, spec)
        return localized(written) if isinstance(value, int | float) else written


def tongue(code: str) -> str:
    """Return what a language is called, by its code; a code that is not known as it is.

    >>> tongue("de"), tongue("Klingon")
    ('German', 'Klingon')
    """
    return str(Locale(language()).languages.get(code.lower(), code))


def time_of(value: date, spec: str) -> str:
    """Return a time of day; all of our languages write it alike."""
    return format(value, spec)


_filling = _Filling()


def say(text: object) -> str:
    """Return a text that was kept or came from below in the language of this request; any other text as it is."""
    if not isinstance(text, Said):
        return catalogue(language()).gettext(text) if isinstance(text, str) and text else str(text)
    known = catalogue(language())
    message = known.ngettext(text.message, text.many, text.num) if text.many else known.gettext(text.message)
    return _filling.vformat(message, (), text.values) if text.values else str(message)


def gettext(message: str, **values: object) -> str:
    """Return a text in the language of this request, with `%(name)s` filled in where there are values."""
    if isinstance(message, Said):
        return say(message)
    told = catalogue(language()).gettext(message)
    return told % _shown(values) if values else told


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Return `one` or `many` in the language of this request, as suits the number `num`."""
    told = catalogue(language()).ngettext(one, many, num)
    return told % {"num": localized(f"{num:,}"), **_shown(values)}


def _shown(values: dict[str, object]) -> dict[str, object]:
    return {name: say(value) if isinstance(value, Said) else value for name, value in values.items()}


def N_(message: str) -> str:
    """Mark a text that is said later, by `_` or where a template shows it."""
    return said(message)


_ = gettext


def install(app: Flask, default: str = "") -> None:
    """Let templates say texts: `{{ _("…") }}`, `{{ ngettext(…) }}`; `default` is for whoever has chosen none.

    What is marked in a template may hold tags; the values that are filled in are escaped. What is `Said` is put into
    the language of the reader wherever a template shows it.
    """
    app.config["LANGUAGE"] = default
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: catalogue(language()).gettext(message),
        lambda one, many, num: catalogue(language()).ngettext(one, many, num),
        newstyle=True,
    )
    app.jinja_env.globals.update(language=language, _=_in_template, gettext=_in_template, ngettext=_many_in_template)
    app.jinja_env.filters.update(say=say, join=_join)
    app.jinja_env.finalize = lambda value: say(value) if isinstance(value, Said) else value


def _in_template(message: str, **values: object) -> Markup:
    if not values and not isinstance(message, Said):
        return _plain(language(), message)
    return Markup(catalogue(language()).gettext(message)) % _shown(values)


@lru_cache(maxsize=4096)
def _plain(language: str, message: str) -> Markup:
    """Return a message of a template without values; there are some thousand in all."""
    return Markup(catalogue(language).gettext(message)) % {}


def _many_in_template(one: str, many: str, num: int, **values: object) -> Markup:
    told = Markup(catalogue(language()).ngettext(one, many, num))
    return told % {"num": localized(f"{num:,}"), **_shown(values)}


@pass_eval_context
def _join(context: EvalContext, parts: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    found = map(make_attrgetter(context.environment, attribute), parts) if attribute else parts
    told: str = do_join(context, [say(part) if isinstance(part, Said) else part for part in found], separator)
    return told
