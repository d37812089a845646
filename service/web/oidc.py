"""Sign-in by OpenID Connect (Authlib): authorization code flow with PKCE, state and nonce; sign-out at the provider."""

from __future__ import annotations

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from service.accounts.login import IdentityClaims, sign_in_with_identity
from service.config import Oidc
from service.errors import MissingResource, NotGranted, ServiceError
from service.web.context import Page, current_services
from service.web.login import OIDC_HINT, next_path, start_session

blueprint = Blueprint("oidc", __name__, url_prefix="/masuk/instansi")
_CLIENT, _NAME = "cmb oidc client", "instansi"
_ONWARDS = "oidc_onwards"
_TIMEOUT = 10  # seconds for each request to the provider
_LONGEST_HINT = 1800  # characters: a cookie holds 4,096
# Only algorithms with a private key of the provider: not `none`, no shared secret.
_ALGORITHMS = ("RS", "PS", "ES", "EdDSA", "Ed25519")


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
            "default_timeout": _TIMEOUT,
        },
    )


@blueprint.get("/")
def start() -> Response:
    """Redirect to the provider; `onwards` is where to go after signing in."""
    client, oidc = _provider()
    session[_ONWARDS] = next_path()
    _drop_older_requests()
    try:
        _metadata(client, oidc)
        redirection: Response = client.authorize_redirect(_own_url("oidc.back"))
    except (requests.RequestException, ValueError) as error:
        raise _unreachable() from error
    return redirection


@blueprint.get("/kembali")
def back() -> Page:
    """Receive the provider's answer: sign in, or show the sign-in page with the reason."""
    client, oidc = _provider()
    wanted = session.pop(_ONWARDS, None)
    try:
        claims, hint = _identity(client, oidc)
        account = sign_in_with_identity(claims, account_context=current_services().account_context)
    except ServiceError as problem:
        page = render_template("sign-in.html", onwards=wanted or url_for("public.welcome"), carried={}, problem=problem)
        return page, 401 if isinstance(problem, NotGranted) else 503
    start_session(account)
    session[OIDC_HINT] = hint if len(hint) <= _LONGEST_HINT else ""
    return redirect(wanted or next_path())


@blueprint.get("/keluar")
def leave() -> Response:
    """Lead on to the provider's own sign-out, where it has one, after signing out here.

    The page refreshes itself to that address, because form-action forbids redirecting a form to another site.
    """
    hint = session.pop(OIDC_HINT, None)
    if hint is None:
        return redirect(url_for("public.welcome"))
    (client, oidc), provider_url = _provider(), None
    try:
        if _metadata(client, oidc).get("end_session_endpoint"):
            # Without the hint (too long for a cookie) the provider asks for a confirmation.
            provider_url = client.create_logout_url(
                _own_url("public.welcome"), id_token_hint=hint or None, client_id=client.client_id
            )["url"]
    except (ServiceError, requests.RequestException, ValueError):
        current_app.logger.warning("the OIDC provider cannot be reached for signing out")
    page = make_response(render_template("signed-out.html", there=provider_url))
    if provider_url:
        page.headers["Refresh"] = f"1; url={provider_url}"
    return page


def _identity(client: Any, oidc: Oidc) -> tuple[IdentityClaims, str]:
    """Return the identity the provider asserts and its ID token; NotGranted or MissingResource."""
    try:
        _metadata(client, oidc)
        if request.args.get("iss", oidc.issuer) != oidc.issuer:  # RFC 9207: another provider's answer mixed in
            raise _mismatch()
        expected = {"iss": oidc.issuer, "aud": oidc.client_id}
        options = {name: {"essential": True, "value": value} for name, value in expected.items()}
        token = client.authorize_access_token(claims_options=options)
        claims = token.get("userinfo")
        if not claims:
            raise _mismatch()
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
        raise _mismatch() from error
    except JoseError as error:
        current_app.logger.warning("OIDC sign-in refused: %s", error.error)
        raise _mismatch() from error
    except (requests.RequestException, ValueError) as error:
        raise _unreachable() from error
    return IdentityClaims(issuer=oidc.issuer, subject=str(claims["sub"]), nip=str(nip or "")), str(
        token.get("id_token", "")
    )


def _metadata(client: Any, oidc: Oidc) -> dict[str, Any]:
    """Return the provider's metadata; MissingResource unless it is the issuer of the settings."""
    metadata: dict[str, Any] = client.load_server_metadata()
    if metadata.get("issuer") != oidc.issuer:
        raise MissingResource(
            _("Penyedia akun instansi menyebut dirinya lain dari yang diatur."),
            _("Admin layanan perlu memeriksa issuer pada [oidc]; masuklah dengan kata sandi sementara ini."),
        )
    algorithms = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [
        algorithm for algorithm in algorithms if algorithm.startswith(_ALGORITHMS)
    ]
    return metadata


def _drop_older_requests() -> None:
    """Drop unfinished sign-ins from the cookie but the newest: with the next one, two tabs may wait."""
    waiting = sorted(
        (key for key in session if key.startswith(f"_state_{_NAME}_")), key=lambda key: str(session[key].get("exp"))
    )
    for key in waiting[:-1]:
        session.pop(key)


def _provider() -> tuple[Any, Oidc]:
    client, oidc = current_app.extensions[_CLIENT], current_services().settings.oidc
    if client is None or oidc is None:
        abort(404)
    return client, oidc


def _own_url(endpoint: str) -> str:
    """Return the public address of our page: by HTTPS where people use it, whatever the proxy speaks to us."""
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else "http"
    return url_for(endpoint, _external=True, _scheme=scheme)


def _mismatch() -> NotGranted:
    return NotGranted(
        _("Jawaban dari akun instansi tidak cocok dengan permintaan Anda."),
        _("Mulai lagi dari tombol masuk; jangan memakai halaman lama atau tombol kembali."),
    )


def _unreachable() -> MissingResource:
    return MissingResource(
        _("Akun instansi sedang tidak dapat dihubungi."),
        _("Coba lagi beberapa menit lagi, atau masuk dengan kata sandi."),
    )
