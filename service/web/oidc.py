"""OpenID Connect (Authlib): the authorization code flow with PKCE, state and nonce, and leaving at the provider too."""

from __future__ import annotations

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, abort, current_app, make_response, redirect, render_template, session, url_for
from flask import request as asked
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from service.accounts.login import Claimed, admit
from service.config import Oidc
from service.errors import MissingResource, NotGranted, ServiceError
from service.web.context import current_services
from service.web.login import ELSEWHERE, Page, begin, onwards

blueprint = Blueprint("oidc", __name__, url_prefix="/masuk/instansi")
_CLIENT, _NAME = "cmb oidc client", "instansi"
_ONWARDS = "oidc_onwards"
_PATIENCE = 10  # seconds for each question to the provider
_LONGEST_HINT = 1800  # characters: a cookie holds 4,096
# Only keys the provider alone has: not `none`, nor a secret that two know.
_SIGNED_WITH = ("RS", "PS", "ES", "EdDSA", "Ed25519")


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    oidc = state.app.extensions["cmb"].settings.oidc
    state.app.extensions[_CLIENT] = _client(state.app, oidc) if oidc else None
    state.app.context_processor(lambda: {"oidc_offered": bool(oidc), "oidc_label": oidc.label if oidc else ""})


def _client(app: Any, oidc: Oidc) -> Any:
    path = oidc.client_secret_file
    if path is not None and not path.is_file():
        raise MissingResource(f"Rahasia klien OIDC {path} tidak ada.", "Periksa client_secret_file pada [oidc].")
    secret = path.read_text(encoding="utf-8").strip() if path else None
    return OAuth(app).register(
        _NAME,
        client_id=oidc.client_id,
        client_secret=secret,
        server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            "default_timeout": _PATIENCE,
        },
    )


@blueprint.get("/")
def start() -> Response:
    """To the provider; `onwards` is where to go afterwards."""
    client, oidc = _offered()
    session[_ONWARDS] = onwards()
    _forget_older_requests()
    try:
        _ask_provider(client, oidc)
        away: Response = client.authorize_redirect(_ours("oidc.back"))
    except (requests.RequestException, ValueError) as error:
        raise _unreachable() from error
    return away


@blueprint.get("/kembali")
def back() -> Page:
    """Back from the provider: in, or on the sign-in page with the reason."""
    client, oidc = _offered()
    wanted = session.pop(_ONWARDS, None)
    try:
        claimed, hint = _claimed(client, oidc)
        account = admit(claimed, gate=current_services().accounts)
    except ServiceError as problem:
        page = render_template("sign-in.html", onwards=wanted or url_for("public.welcome"), kept={}, problem=problem)
        return page, 401 if isinstance(problem, NotGranted) else 503
    begin(account)
    session[ELSEWHERE] = hint if len(hint) <= _LONGEST_HINT else ""
    return redirect(wanted or onwards())


@blueprint.get("/keluar")
def leave() -> Response:
    """After leaving here: on to the provider's own sign-out, where it has one.

    By a page that moves on by itself: a form's answer may not lead to other addresses (form-action).
    """
    hint = session.pop(ELSEWHERE, None)
    if hint is None:
        return redirect(url_for("public.welcome"))
    (client, oidc), there = _offered(), None
    try:
        if _ask_provider(client, oidc).get("end_session_endpoint"):
            # Without the hint (too long for a cookie) the provider asks whether one means it.
            there = client.create_logout_url(
                _ours("public.welcome"), id_token_hint=hint or None, client_id=client.client_id
            )["url"]
    except (ServiceError, requests.RequestException, ValueError):
        current_app.logger.warning("the OIDC provider cannot be reached for signing out")
    page = make_response(render_template("left.html", there=there))
    if there:
        page.headers["Refresh"] = f"1; url={there}"
    return page


def _claimed(client: Any, oidc: Oidc) -> tuple[Claimed, str]:
    """Who the provider says that is, and the token that said it. NotGranted or MissingResource."""
    try:
        _ask_provider(client, oidc)
        if asked.args.get("iss", oidc.issuer) != oidc.issuer:  # RFC 9207: another provider's answer mixed in
            raise _not_understood()
        expected = {"iss": oidc.issuer, "aud": oidc.client_id}
        options = {name: {"essential": True, "value": value} for name, value in expected.items()}
        token = client.authorize_access_token(claims_options=options)
        claims = token.get("userinfo")
        if not claims:
            raise _not_understood()
        nip = claims.get(oidc.nip_claim)
        if nip is None and client.server_metadata.get("userinfo_endpoint"):
            more = client.userinfo(token=token)
            nip = more.get(oidc.nip_claim) if more.get("sub") == claims["sub"] else None
    except AuthlibBaseError as error:
        if error.error == "access_denied":
            raise NotGranted(
                _("Masuk dengan akun instansi dibatalkan."), _("Coba lagi, atau masuk dengan kata sandi.")
            ) from error
        current_app.logger.warning("OIDC sign-in refused: %s", error.error)
        raise _not_understood() from error
    except JoseError as error:
        current_app.logger.warning("OIDC sign-in refused: %s", error.error)
        raise _not_understood() from error
    except (requests.RequestException, ValueError) as error:
        raise _unreachable() from error
    return Claimed(issuer=oidc.issuer, subject=str(claims["sub"]), nip=str(nip or "")), str(token.get("id_token", ""))


def _ask_provider(client: Any, oidc: Oidc) -> dict[str, Any]:
    """What the provider says about itself; it has to be the one of the settings."""
    told: dict[str, Any] = client.load_server_metadata()
    if told.get("issuer") != oidc.issuer:
        raise MissingResource(
            _("Penyedia akun instansi menyebut dirinya lain dari yang diatur."),
            _("Admin layanan perlu memeriksa issuer pada [oidc]; masuklah dengan kata sandi sementara ini."),
        )
    algorithms = told.get("id_token_signing_alg_values_supported") or ["RS256"]
    told["id_token_signing_alg_values_supported"] = [
        algorithm for algorithm in algorithms if algorithm.startswith(_SIGNED_WITH)
    ]
    return told


def _forget_older_requests() -> None:
    """Somebody who turned round many times has as many requests in the cookie; it holds few (two tabs may wait)."""
    waiting = sorted(
        (key for key in session if key.startswith(f"_state_{_NAME}_")), key=lambda key: str(session[key].get("exp"))
    )
    for key in waiting[:-1]:
        session.pop(key)


def _offered() -> tuple[Any, Oidc]:
    client, oidc = current_app.extensions[_CLIENT], current_services().settings.oidc
    if client is None or oidc is None:
        abort(404)
    return client, oidc


def _ours(endpoint: str) -> str:
    """Our own page as others see it: by HTTPS where people reach us so, whatever the proxy speaks to us."""
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else "http"
    return url_for(endpoint, _external=True, _scheme=scheme)


def _not_understood() -> NotGranted:
    return NotGranted(
        _("Jawaban dari akun instansi tidak cocok dengan permintaan Anda."),
        _("Mulai lagi dari tombol masuk; jangan memakai halaman lama atau tombol kembali."),
    )


def _unreachable() -> MissingResource:
    return MissingResource(
        _("Akun instansi sedang tidak dapat dihubungi."),
        _("Coba lagi beberapa menit lagi, atau masuk dengan kata sandi."),
    )
