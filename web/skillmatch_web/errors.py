"""What goes wrong, as a page that says what to do; never a stack trace."""

from __future__ import annotations

from flask import Flask, Response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from skillmatch.errors import NotAllowed, NotFound, SkillmatchError, StoreError
from skillmatch_web.addresses import is_api
from skillmatch_web.api import problems
from skillmatch_web.languages import N_, _, say
from skillmatch_web.words import sentence as sentence

HTTP_ADVICE = {
    400: (N_("This could not be understood"), N_("Nothing was recorded. Go back to the jobs and try again.")),
    404: (N_("There is no such page"), N_("Check the address, or start from the jobs.")),
    405: (N_("This page cannot be used in this way"), N_("Start from the jobs.")),
    413: (N_("That was too much text"), N_("Nothing was recorded. Go back, shorten the note and send the form again.")),
    500: (
        N_("Something went wrong on our side"),
        N_(
            "It is not your fault, and nothing was recorded halfway. Try again; if it happens again, tell whoever "
            "looks after this program the time: the terminal it runs in says more."
        ),
    ),
}
Page = tuple[str, int]


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(StoreError, store_error)
    app.register_error_handler(NotAllowed, not_allowed)
    app.register_error_handler(SkillmatchError, refused)
    app.register_error_handler(CSRFError, form_out_of_date)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_error)


def page(status: int, title: str, *paragraphs: str) -> Page:
    """Return an error page."""
    return render_template("error.html", title=title, paragraphs=paragraphs), status


def not_found(error: NotFound) -> Page:
    return page(
        404,
        _("Not found"),
        sentence(error),
        _("It may have another id by now: search for it among the jobs or the workers."),
    )


def store_error(error: StoreError) -> Page:
    return page(
        503,
        _("The database cannot be used just now"),
        sentence(error),
        _("Nothing was recorded. Try again in a moment."),
    )


def not_allowed(error: NotAllowed) -> Page:
    return page(403, _("That is not allowed"), sentence(error), _("Nothing was recorded."))


def refused(error: SkillmatchError) -> Page:
    return page(
        400, _("That was not taken"), sentence(error), _("Nothing was recorded. Go back, correct it and try again.")
    )


def form_out_of_date(_error: CSRFError) -> Page:
    return page(
        400,
        _("This form is out of date"),
        _("Nothing was recorded. The program was started anew since the form was opened, or the form is not ours."),
        _("Go back, open the job again and send the form from there."),
    )


def foreign_host(error: SecurityError) -> Response:
    if is_api():
        return problems.http(error)
    # Plain, because with a host that cannot be read there are no addresses to link to.
    text = _(
        "These pages do not answer to this name: on the machine they run on, open them as http://127.0.0.1 with the "
        "port the program has printed; elsewhere, by the name that your administrator has told you."
    )
    return Response(text + "\n", 400, content_type="text/plain; charset=utf-8")


def http_error(error: HTTPException) -> Page | Response | HTTPException:
    status = error.code or 500
    if is_api() and status >= 400:
        return problems.http(error)
    if status < 400:  # a redirect
        return error
    return page(status, *map(say, HTTP_ADVICE.get(status, HTTP_ADVICE[400 if status < 500 else 500])))
