"""The Flask application: pages over one workspace."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from skillmatch.workspace import Workspace
from skillmatch_web import errors, security
from skillmatch_web.addresses import EXTENSION, IdConverter
from skillmatch_web.pages import PAGES
from skillmatch_web.words import FILTERS


def create_app(workspace: Workspace, *, secret_key: str | None = None) -> Flask:
    """Return the pages of a workspace.

    Parameters
    ----------
    workspace
        Whose jobs and workers are shown. The caller closes it.
    secret_key
        Signs the cookie that form tokens rest on. Default: a new one for this run.
    """
    app = Flask(__name__)
    app.extensions[EXTENSION] = workspace
    app.url_map.converters["id"] = IdConverter
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    app.jinja_env.filters.update(FILTERS)
    security.protect(app, secret_key)
    errors.install(app)
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    app.jinja_env.globals["navigation"] = [page for page in PAGES if page.label]
    app.jinja_env.globals["zone"] = workspace.zone
    return app
