"""The Flask application: pages over one workspace."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Flask
from flask_openapi.openapi import OpenAPI
from jinja2 import StrictUndefined

from skillmatch.accounts import Role
from skillmatch.workspace import Workspace
from skillmatch_web import (
    admission,
    api,
    errors,
    keeping,
    languages,
    place_words,
    places,
    reading,
    security,
    shrinking,
    sign_on,
    start,
    uploads,
)
from skillmatch_web.addresses import EXTENSION, IdConverter
from skillmatch_web.keys import with_keys
from skillmatch_web.pages import PAGES
from skillmatch_web.sign_on import Provider
from skillmatch_web.skill_addresses import SkillConverter
from skillmatch_web.words import FILTERS


def create_app(
    workspace: Workspace,
    *,
    secret_key: str | bytes | None = None,
    trusted_hosts: Sequence[str] = (),
    https: bool = False,
    demo: bool = False,
    provider: Provider | None = None,
    passwords: Collection[Role] = frozenset(Role),
    language: str = "",
    keep_pages: bool = True,
) -> Flask:
    """Return the pages of a workspace.

    Parameters
    ----------
    workspace
        Whose jobs and workers are shown. The caller closes it.
    secret_key
        Signs the cookie that form tokens rest on. Default: a new one for this run.
    trusted_hosts
        Names under which the pages answer, besides those of this machine.
    https
        Whether people reach the pages by https, through one proxy in front of them.
    demo
        Whether the sign-in page offers to be somebody of the demo, without a password.
    provider
        The identity provider through which people may sign in, too.
    passwords
        Who may sign in by password.
    language
        The code of the language of whoever has chosen none; "" as her browser asks.
    keep_pages
        Whether pages that were made are kept in memory for as long as nothing is written.
    """
    app = OpenAPI(__name__, info=api.INFO, doc_ui=False)
    app.extensions[EXTENSION] = workspace
    app.url_map.converters.update(id=IdConverter, skill=SkillConverter)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    app.jinja_env.filters.update(FILTERS | place_words.FILTERS, with_keys=with_keys)
    app.config.update(DEMO=demo, PASSWORDS=frozenset(passwords), NAVIGATION=[page for page in PAGES if page.label])
    languages.install(app, language)
    uploads.install(app)
    shrinking.install(app)  # asked last of all that touch an answer, since it was named first
    keeping.install(app, keeps=keep_pages)
    security.protect(app, secret_key, trusted_hosts=trusted_hosts, https=https)
    sign_on.install(app, provider)
    admission.install(app)
    start.install(app)
    errors.install(app)
    api.install(app)
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    reading.install(app)
    app.jinja_env.globals.update(around=places.around)
    return app
