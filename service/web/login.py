"""Sign-in, sign-out, password and language. What was typed when a session ended is carried through the sign-in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from service.accounts.login import change_password, open_session, session_key, sign_in
from service.certificates.check import caller_digest
from service.errors import BadInput, NotGranted
from service.store.accounts import Account
from service.web.auth import TOKEN, current_visitor, require_visitor, sign_in_required
from service.web.context import Page, current_services
from service.web.networks import count_as_failure, network_of

blueprint = Blueprint("session", __name__)
# Prefix of the sign-in page's fields that carry what was typed before; the sign-in itself ignores them.
_CARRIED_PREFIX = "typed."
_LONGEST_CARRIED = 200_000  # characters
# Secrets are typed again: no page of ours repeats them.
_NEVER_CARRIED = frozenset({"csrf_token", "login", "password", "old", "new", "again", "nik", "passphrase", "totp"})
# Session key of the OIDC hint with which people sign out at the provider too (see `oidc`).
OIDC_HINT = "elsewhere"


@blueprint.route("/masuk", methods=["GET", "POST"])
def sign_in_page() -> Page:
    """Show the sign-in page; after signing in, go where the visitor wanted to."""
    if request.method == "GET":
        if current_visitor() is not None:
            return redirect(next_path())
        return render_template("sign-in.html", onwards=next_path(), carried={}, problem=None)
    try:
        account = sign_in(
            request.form.get("login", ""),
            request.form.get("password", ""),
            network=caller_digest(network_of(request.remote_addr or ""), current_services().settings),
            account_context=current_services().account_context,
        )
    except NotGranted as refused:
        count_as_failure()
        page = render_template("sign-in.html", onwards=next_path(), carried=_carried(request.form), problem=refused)
        return page, 401
    start_session(account)
    carried = _carried(request.form)
    if carried and not account.must_change:
        return render_template("continue.html", onwards=next_path(), carried=carried)
    return redirect(next_path())


@blueprint.post("/keluar")
def sign_out() -> Page:
    token, hint = session.pop(TOKEN, None), session.pop(OIDC_HINT, None)
    session.clear()
    if token:
        with current_services().store.transaction() as tx:
            tx.accounts.close_session(session_key(token))
    if hint is not None:
        session[OIDC_HINT] = hint
        return redirect(url_for("oidc.leave"))
    return redirect(url_for("public.welcome"))


@blueprint.route("/sandi", methods=["GET", "POST"])
@sign_in_required
def password() -> Page:
    """Change the visitor's password; required after the first sign-in."""
    visitor = require_visitor()
    if request.method == "GET":
        return render_template("password.html", problem=None)
    form, problem, revoked = request.form, None, 0
    try:
        if form.get("new", "") != form.get("again", ""):
            raise BadInput(_("Kedua kata sandi baru tidak sama."), _("Ketik kata sandi baru dua kali yang sama."))
        revoked = change_password(
            visitor.account,
            form.get("old", ""),
            form.get("new", ""),
            account_context=current_services().account_context,
            keep=session.get(TOKEN, ""),
        )
    except (BadInput, NotGranted) as refused:
        problem = refused
    if problem is not None:
        return render_template("password.html", problem=problem), 422
    flash(_("Kata sandi diganti; sesi di tempat lain berakhir."), "good")
    if revoked:
        flash(_("%(count)s token dicabut. Buat yang baru untuk program yang masih dipakai.", count=revoked), "doubt")
    return redirect(next_path())


@blueprint.post("/bahasa")
def language() -> Page:
    """Switch between Indonesian and English; the account remembers it."""
    wanted = "en" if request.form.get("language") == "en" else "id"
    session["language"] = wanted
    visitor = current_visitor()
    if visitor is not None:
        with current_services().store.transaction() as tx:
            tx.accounts.change(visitor.account.id, language=wanted)
    return redirect(next_path())


def start_session(account: Account) -> None:
    """Start a fresh session in the cookie; nothing of the previous one stays, against session fixation."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session[TOKEN] = open_session(account, account_context=current_services().account_context)
    session.permanent = True


def sign_in_instead() -> tuple[str, int]:
    """Return the sign-in page in place of a page that needs it; what was typed into our form is carried along."""
    carried = {}
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") == "same-origin":
        carried = {name: value for name, value in request.form.items() if name not in _NEVER_CARRIED}
        carried = carried if sum(map(len, carried.values())) <= _LONGEST_CARRIED else {}
    wanted = request.full_path.rstrip("?") if carried or request.method == "GET" else url_for("public.welcome")
    if request.headers.get("HX-Request"):
        texts = {
            "title": _("Sesi Anda berakhir"),
            "text": _("Masuk lagi untuk melanjutkan."),
            "hint": _("Buka halaman masuk di tab lain; yang Anda ketik di sini tetap ada."),
        }
        return render_template("notice.html", details=(), **texts), 401
    return render_template("sign-in.html", onwards=wanted, carried=carried, problem=None, ended=bool(carried)), 401


def next_path() -> str:
    """Return the path the visitor wanted; only paths of ours, against open redirects."""
    wanted = request.values.get("onwards", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    if ours and "\\" not in wanted and wanted.isprintable():
        return wanted
    return url_for("pegawai.home" if "pegawai.home" in current_app.view_functions else "public.welcome")


def _carried(form: dict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(_CARRIED_PREFIX): value for name, value in form.items() if name.startswith(_CARRIED_PREFIX)
    }
