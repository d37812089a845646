"""What goes wrong is told in one shape: what is, why, and what to do now; a defect keeps its trace for the log."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from service.sandbox.problems import problem_of
from service.web.api.errors import refuse
from service.web.auth import TOKEN, for_programs
from service.web.login import ask_to_sign_in

Answer = tuple[str, int]
_FOR_ANYBODY = {"public", "session", "oidc"}


def install(app: Flask) -> None:
    app.register_error_handler(401, _told_by(lambda _error: ask_to_sign_in()))
    app.register_error_handler(CSRFError, _told_by(_stale))
    app.register_error_handler(HTTPException, _told_by(_http))
    app.register_error_handler(Exception, _told_by(_any))


def _told_by(page: Callable[[Any], Any]) -> Callable[[Exception], Any]:
    """People read a page, programs problem+json."""
    return lambda error: refuse(error) if for_programs() else page(error)


def tell(status: int, title: str, text: str, hint: str, details: tuple[str, ...] = ()) -> Answer:
    """The page of a failure; for htmx only the notice itself, to stand where the answer would."""
    template = "notice.html" if request.headers.get("HX-Request") else "failure.html"
    told = render_template(template, status=status, title=title, text=text, hint=hint, details=details, back=_back())
    return told, status


def _back() -> str:
    """The page of ours the visitor comes from, so that a refused step is no dead end; none when it is this one."""
    came, here = urlsplit(request.referrer or ""), urlsplit(request.url)
    if came.netloc != here.netloc or came.path == here.path:
        return ""
    place = f"/{came.path.lstrip('/')}"  # two slashes would begin the address of another house
    return f"{place}?{came.query}" if came.query else place


def _stale(_error: CSRFError) -> Answer | Response:
    # The sign-in page was old, or sent twice: whoever is in goes on, the others get a fresh page.
    if request.endpoint == "session.sign_in_page":
        return redirect(url_for("session.sign_in_page", onwards=request.form.get("onwards", "")))
    # A form that lay open overnight: the cookie is gone, and with it what the token is compared with. Nothing is done;
    # what was typed goes with the sign-in.
    if TOKEN not in session and request.blueprint not in _FOR_ANYBODY:
        return ask_to_sign_in()
    return tell(
        400,
        _("Halaman ini sudah terlalu lama terbuka"),
        _("Demi keamanan, permintaan dari halaman lama tidak dijalankan."),
        _("Kembali ke halaman sebelumnya, muat ulang, lalu ulangi. Yang tersimpan tidak hilang."),
    )


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - a redirection is no failure
        return error
    sentences = {
        403: (
            _("Halaman ini bukan untuk Anda"),
            _("Akun Anda tidak berwenang melihat atau mengubah ini."),
            _("Bila seharusnya berwenang, hubungi pengelola kepegawaian unit Anda."),
        ),
        404: (
            _("Halaman tidak ada"),
            _("Alamat ini tidak menunjuk apa pun, atau Anda tidak berwenang melihatnya."),
            _("Periksa alamatnya, atau mulai dari beranda."),
        ),
        413: (
            _("Berkas terlalu besar"),
            _("Yang dikirim melebihi batas layanan ini."),
            _("Kirim berkas yang lebih kecil, atau beberapa berkas satu per satu."),
        ),
        429: (
            _("Terlalu sering"),
            _("Permintaan dari tempat Anda terlalu banyak dalam waktu singkat."),
            _("Tunggu satu menit, lalu coba lagi."),
        ),
    }
    title, text, hint = sentences.get(
        status, (_("Permintaan tidak dapat dijalankan"), error.description or "", _("Periksa isinya, lalu ulangi."))
    )
    return tell(status, title, text, hint)


def _any(error: Exception) -> Answer:
    problem = problem_of(error)
    if problem is not None:
        return tell(problem.status, _("Belum dapat dilakukan"), problem.message, problem.hint, details=problem.details)
    # The log gets the trace under a number, the person the number: nothing of the inside is shown.
    number = secrets.token_hex(4)
    current_app.logger.error("defect %s at %s", number, request.path, exc_info=error)
    return tell(
        500,
        _("Ada kesalahan pada layanan"),
        _("Ini bukan kesalahan Anda. Yang sudah tersimpan tetap aman."),
        _("Coba sekali lagi; bila tetap begitu, sebutkan nomor %(number)s kepada pengelola layanan.", number=number),
    )
