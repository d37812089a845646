"""The application factory: one blueprint per audience, and what holds for every answer."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Flask

from service.accounts.login import LONGEST
from service.accounts.secrets import derive_key
from service.web import (
    access_log,
    admin,
    api,
    biro,
    context,
    errors,
    filters,
    health,
    i18n,
    login,
    oidc,
    pages,
    pegawai,
    proposals,
    public,
    rate_limits,
    security,
    signing,
    tables,
    unit,
)
from service.web.api import calls
from service.web.auth import identify_visitor
from service.web.context import Services
from service.web.requests import ExactRequest, NumberConverter, YearConverter, refuse_nul

# A form is well under 2 MB and readers refuse more than 25 MB; the largest request is a ZIP of many forms.
LARGEST_REQUEST = 260 * 1024 * 1024
_FORM_MEMORY = 2 * 1024 * 1024


def create_app(services: Services, *, secure: bool, limited: bool = True) -> Flask:
    """Return the application over these services; `secure`: it is reached by HTTPS; `limited`: rates are limited."""
    app = Flask("service.web", static_url_path="/statis")
    app.request_class = ExactRequest
    app.url_map.converters |= {"int": NumberConverter, "year": YearConverter}
    app.config.update(
        SECRET_KEY=derive_key(services.settings, "web cookies"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_FORM_MEMORY,
        SESSION_COOKIE_NAME="__Host-cmb" if secure else "cmb",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LONGEST,
        # Only an answer that changed the session sets its cookie: a late document must not overwrite a newer session.
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=dt.timedelta(days=1),
        WTF_CSRF_TIME_LIMIT=None,  # valid as long as the session: forms stay open for hours
        WTF_CSRF_SSL_STRICT=secure,
        RATELIMIT_ENABLED=limited,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_DEFAULT_TIMEZONE=str(services.settings.timezone),
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    context.attach_services(app, services)
    for install in (access_log.install, security.install, i18n.install, filters.install, errors.install):
        install(app)
    app.before_request(identify_visitor)
    app.before_request(calls.identify_program)
    app.before_request(refuse_nul)
    for blueprint in (login.blueprint, *BLUEPRINTS):
        app.register_blueprint(blueprint)
    rate_limits.install(app)  # last: it wraps views that exist by now
    return app


# --- Blueprints

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    public.blueprint,
    oidc.blueprint,
    pegawai.blueprint,
    signing.blueprint,
    pages.messages_blueprint,
    pages.reports_blueprint,
    biro.blueprint,
    unit.blueprint,
    proposals.blueprint,
    pages.calendar_blueprint,
    tables.blueprint,
    admin.blueprint,
    api.blueprint,
)
