"""Who calls the API: a program with a token of somebody's account. Cookies say nothing here: no site can use them."""

from __future__ import annotations

from flask import g, request
from flask_limiter.util import get_remote_address

from service.store.tokens import Token
from service.tokens import token_of
from service.web.api.refusals import Refused
from service.web.desk import desk
from service.web.visitor import for_programs, visitor_of

_LONGEST = 200


def introduce() -> None:
    """Before every request: the account behind the token becomes the visitor of this request."""
    if not for_programs():
        return
    g.token = None
    scheme, _, said = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not said or len(said) > _LONGEST:
        return
    found = token_of(said.strip(), gate=desk().gate)
    if found is not None:
        token, account = found
        g.token, g.visitor = token, visitor_of(account)


def require(scope: str) -> Token:
    """The token of this request, when it is for that; Refused otherwise."""
    token: Token | None = g.get("token")
    if token is None:
        wrong = ', error="invalid_token"' if "Authorization" in request.headers else ""
        raise Refused(401, headers={"WWW-Authenticate": f'Bearer realm="cmb"{wrong}'})
    if scope not in token.scopes:
        lacks = f'Bearer realm="cmb", error="insufficient_scope", scope="{scope}"'
        raise Refused(
            403,
            f"Token ini tidak mencakup {scope}.",
            "Buat token lain dengan cakupan itu pada halaman Data saya.",
            headers={"WWW-Authenticate": lacks},
        )
    return token


def caller() -> str:
    """By what calls are counted: the token, or where they come from when there is none."""
    token: Token | None = g.get("token")
    return f"token {token.id}" if token else f"address {get_remote_address()}"
