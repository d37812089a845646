"""Rate limits by network, person or token: nobody tries all numbers or passwords, or slows down the others."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from service.web import api
from service.web.api import calls
from service.web.auth import current_visitor
from service.web.networks import is_failure, network_of

# Endpoint to rate (Flask-Limiter's notation) for a network. Counted in memory: the server is one process. An office, or
# a hall of people who scan a certificate, may share one address: what succeeds has room for hundreds a minute.
LIMITS = {
    "session.password": "20 per minute",
    "oidc.start": "300 per minute",
    "oidc.back": "300 per minute",
    "public.check": "600 per minute; 6000 per hour",
    "public.check_number": "600 per minute; 6000 per hour",
    "public.document": "300 per minute",
}
# The same for requests that failed: passwords tried over many accounts, numbers that do not exist.
FAILURES = {
    "session.sign_in_page": "30 per minute; 300 per hour",
    "public.check": "30 per minute; 300 per hour",
    "public.check_number": "30 per minute; 300 per hour",
}
# Calls to BSrE in the agency's name, counted for each account: a one-time code rings somebody's telephone, a wrong
# passphrase too often locks somebody's key, and nothing proves whose NIK was typed.
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
    """Wrap the views named above in their limits; `RATELIMIT_ENABLED` of the configuration switches them off."""
    limiter = Limiter(_network_key, app=app, storage_uri="memory://", strategy="moving-window")
    for endpoint, rate in FAILURES.items():
        failed: Any = limiter.limit(rate, deduct_when=lambda _answer: is_failure(), methods=["GET", "POST"])
        app.view_functions[endpoint] = failed(app.view_functions[endpoint])
    for endpoint, rate in LIMITS.items():
        if endpoint in app.view_functions:
            view: Any = limiter.limit(rate)(app.view_functions[endpoint])
            app.view_functions[endpoint] = view
    for endpoint, rate in PER_PERSON.items():
        view = limiter.limit(rate, key_func=_account_key)(app.view_functions[endpoint])
        app.view_functions[endpoint] = view
    for endpoint, rate in api.RATES.items():
        view = limiter.limit(rate, key_func=calls.rate_key)(app.view_functions[endpoint])
        app.view_functions[endpoint] = view
    app.extensions["cmb limiter"] = limiter  # the views hold only weak references


def _network_key() -> str:
    return network_of(get_remote_address())


def _account_key() -> str:
    visitor = current_visitor()
    return f"account {visitor.account.id}" if visitor else f"network {_network_key()}"
