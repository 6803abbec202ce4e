"""What programs can ask, and how: the description of the API for people, made from the one for programs."""

from __future__ import annotations

import re
from typing import cast

from flask import Blueprint, current_app, render_template, request
from flask_openapi.openapi import OpenAPI
from markupsafe import Markup, escape

from skillmatch_web.addresses import API
from skillmatch_web.api.problems import KINDS
from skillmatch_web.api.reference import referenced
from skillmatch_web.languages import N_, language

blueprint = Blueprint("docs", __name__)

KEPT = "pages of the reference"
LIMITS = {"length": N_("length %(value)s"), "entries": N_("entries %(value)s")}
"""How a limit is said; a range, a format and a pattern are shown as they are."""
PLACES = {"path": N_("in the path"), "query": N_("in the query"), "header": N_("in a header")}


@blueprint.get("/api/docs")
def show() -> str:
    """Show what the API takes and answers, and what each problem means."""
    return render_template(
        "docs.html",
        reference=referenced(cast(OpenAPI, current_app)),
        operations=_operations(),
        problems=KINDS,
        base=request.host_url.rstrip("/") + API,
        coded=coded,
    )


def _operations() -> Markup:
    """Return what the description says, in the language of this request: made once, in a fifth of a second."""
    kept: dict[str, Markup] = current_app.extensions.setdefault(KEPT, {})
    if language() not in kept:
        shown = referenced(cast(OpenAPI, current_app))
        made = render_template("_operations.html", reference=shown, places=PLACES, limits=LIMITS, coded=coded)
        kept[language()] = Markup(made)
    return kept[language()]


def coded(text: str) -> Markup:
    """Return a text with what stands between backticks as code.

    >>> coded("Scope `read` & more")
    Markup('Scope <code>read</code> &amp; more')
    """
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))
