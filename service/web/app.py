"""The application factory: blueprints, one per audience, and everything that holds for every answer."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from service.own_key import own_key
from service.signin import LONGEST
from service.web import desk as desks
from service.web import failures, headers, language, limits, session_views, words
from service.web.api import bearer
from service.web.desk import Desk
from service.web.exact_forms import ExactRequest
from service.web.visitor import introduce

# A form is well under 2 MB; the readers themselves refuse beyond 25 MB, and a ZIP of a batch has a page of its own.
LARGEST_REQUEST = 260 * 1024 * 1024
_FORM_MEMORY = 2 * 1024 * 1024


def create_app(desk: Desk, *, secure: bool, limited: bool = True) -> Flask:
    """The service over an open desk; `secure`: people reach it through HTTPS; `limited`: rates are."""
    app = Flask("service.web", static_url_path="/statis")
    app.request_class = ExactRequest
    app.config.update(
        SECRET_KEY=own_key(desk.settings, "web cookies"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_FORM_MEMORY,
        SESSION_COOKIE_NAME="__Host-cmb" if secure else "cmb",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LONGEST,
        # Only an answer that changed the session says it again: a late document must not take back what was just said.
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=dt.timedelta(days=1),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may lie open over lunch
        WTF_CSRF_SSL_STRICT=secure,
        RATELIMIT_ENABLED=limited,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_DEFAULT_TIMEZONE=str(desk.settings.timezone),
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    desks.put(app, desk)
    for install in (headers.install, language.install, words.install, failures.install):
        install(app)
    app.before_request(introduce)
    app.before_request(bearer.introduce)
    from service.web import blueprints

    for blueprint in (session_views.blueprint, *blueprints.BLUEPRINTS):
        app.register_blueprint(blueprint)
    limits.install(app)  # last: it needs every view
    return app
