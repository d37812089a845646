"""Pages for failures: what happened, why, and what to do now. A defect is logged with its trace."""

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

from service.language import Message
from service.sandbox.problems import problem_of
from service.web.api.errors import problem_response
from service.web.auth import TOKEN, for_programs
from service.web.login import sign_in_instead

Page = tuple[str, int]
_PUBLIC_BLUEPRINTS = {"public", "session", "oidc"}


def install(app: Flask) -> None:
    app.register_error_handler(401, _handler(lambda _error: sign_in_instead()))
    app.register_error_handler(CSRFError, _handler(_csrf_failure))
    app.register_error_handler(HTTPException, _handler(_http_error))
    app.register_error_handler(Exception, _handler(_unexpected_error))


def _handler(page: Callable[[Any], Any]) -> Callable[[Exception], Any]:
    """Return an error handler: people get the page, programs problem+json."""
    return lambda error: problem_response(error) if for_programs() else page(error)


def failure_page(
    status: int, title: str, text: str | Message, hint: str | Message, details: tuple[Message, ...] = ()
) -> Page:
    """Return the page of a failure; for htmx only the notice, which replaces the expected answer."""
    template = "notice.html" if request.headers.get("HX-Request") else "failure.html"
    page = render_template(template, status=status, title=title, text=text, hint=hint, details=details, back=_back())
    return page, status


def _back() -> str:
    """Return our page that the visitor came from, for a way back; empty when there is none or it is this one."""
    referrer, here = urlsplit(request.referrer or ""), urlsplit(request.url)
    if referrer.netloc != here.netloc or referrer.path == here.path:
        return ""
    path = f"/{referrer.path.lstrip('/')}"  # two slashes would start an address on another host
    return f"{path}?{referrer.query}" if referrer.query else path


def _csrf_failure(_error: CSRFError) -> Page | Response:
    # The sign-in page was old or sent twice: the fresh page sends on those who are signed in by now.
    if request.endpoint == "session.sign_in_page":
        return redirect(url_for("session.sign_in_page", onwards=request.form.get("onwards", "")))
    # A form stayed open until the session ended: nothing is done, and what was typed is kept through the sign-in.
    if TOKEN not in session and request.blueprint not in _PUBLIC_BLUEPRINTS:
        return sign_in_instead()
    return failure_page(
        400,
        _("Halaman ini sudah terlalu lama terbuka"),
        _("Demi keamanan, permintaan dari halaman lama tidak dijalankan."),
        _("Kembali ke halaman sebelumnya, muat ulang, lalu ulangi. Yang tersimpan tidak hilang."),
    )


def _http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - redirections start here
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
    return failure_page(status, title, text, hint)


def _unexpected_error(error: Exception) -> Page:
    problem = problem_of(error)
    if problem is not None:
        return failure_page(
            problem.status, _("Belum dapat dilakukan"), problem.said, problem.said.hint, details=problem.details
        )
    # The trace goes to the log under a number; the person only sees the number.
    number = secrets.token_hex(4)
    current_app.logger.error("defect %s at %s", number, request.url_rule, exc_info=error)
    return failure_page(
        500,
        _("Ada kesalahan pada layanan"),
        _("Ini bukan kesalahan Anda. Yang sudah tersimpan tetap aman."),
        _("Coba sekali lagi; bila tetap begitu, sebutkan nomor %(number)s kepada pengelola layanan.", number=number),
    )
