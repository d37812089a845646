"""How often one address or person may ask, so that neither register nor passwords are walked, nor others disturbed."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from service.web import api
from service.web.api import calls
from service.web.auth import current_visitor

# Endpoint to rule (Flask-Limiter's notation). Kept per process: the web door is one process.
LIMITS = {
    "session.sign_in_page": "20 per minute; 200 per hour",
    "session.password": "20 per minute",
    "oidc.start": "20 per minute",
    "oidc.back": "20 per minute",
    "public.check": "30 per minute; 300 per hour",
    "public.check_number": "30 per minute; 300 per hour",
    "public.document": "30 per minute",
}
# What goes on to BSrE in the agency's name, by who asks: a one-time code rings somebody's telephone, a passphrase tried
# too often locks somebody's key, and whose NIK it is only the person says.
PER_PERSON = {
    "signing.gateway": "60 per 10 minute",
    "signing.gateway_code": "10 per 10 minute; 60 per day",
    "signing.gateway_files": "20 per 10 minute",
    "signing.gateway_certificate": "10 per hour",
    "unit.card_gateway": "60 per 10 minute",
    "unit.card_gateway_code": "10 per 10 minute; 60 per day",
    "unit.card_gateway_files": "20 per 10 minute",
}


def install(app: Flask) -> None:
    """Rules around the views named above; `RATELIMIT_ENABLED` of the configuration switches them."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", strategy="moving-window")
    for endpoint, rule in LIMITS.items():
        if endpoint in app.view_functions:
            view: Any = limiter.limit(rule)(app.view_functions[endpoint])
            app.view_functions[endpoint] = view
    for endpoint, rule in PER_PERSON.items():
        view = limiter.limit(rule, key_func=_person)(app.view_functions[endpoint])
        app.view_functions[endpoint] = view
    for endpoint, rule in api.RATES.items():
        view = limiter.limit(rule, key_func=calls.caller)(app.view_functions[endpoint])
        app.view_functions[endpoint] = view
    app.extensions["cmb limiter"] = limiter  # the views only remember it weakly


def _person() -> str:
    visitor = current_visitor()
    return f"account {visitor.account.id}" if visitor else f"address {get_remote_address()}"
