"""What one was told: the list, and the way from a message (or its e-mail) to what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from service.access import Act, may
from service.access_lookup import of_submission
from service.config import local_day
from service.law.duties import duties
from service.notifications.email_text import heading, mentioned, told
from service.notifications.messages import Message
from service.store.notifications import Notification
from service.submissions.report import KINDS, report_of
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.requests import file_answer, year_of_request

messages_blueprint = Blueprint("messages", __name__)
_PAGE = 30
# Where a kind of message leads: a page, and what of the message that page wants to know.
_LEADS: Mapping[str, tuple[str, str | None]] = {
    Message.WAITING: ("signing.document", "serial"),
    Message.REMINDER: ("signing.document", "serial"),
    Message.RETURNED: ("pegawai.circulation", "serial"),
    Message.VERIFIED: ("pegawai.submission", "submission"),
    Message.REFUSED: ("pegawai.submission", "submission"),
    Message.APPROVED: ("pegawai.submission", "submission"),
    Message.REJECTED: ("pegawai.submission", "submission"),
    Message.CERTIFICATE: ("pegawai.certificates", None),
    Message.REVOKED: ("pegawai.certificates", None),
    Message.BEHIND: ("pegawai.home", None),
    Message.DELEGATED: ("signing.waiting", None),
    Message.RECAP_DUE: ("pegawai.home", None),
    Message.ASSIGNED: ("pegawai.home", None),
    Message.LEARNING_APPROVED: ("pegawai.learning", "year"),
    Message.LEARNING_REJECTED: ("pegawai.learning", "year"),
    Message.EVALUATION_DUE: ("pegawai.home", None),
    Message.ISSUE_DUE: ("biro.overview", None),
    Message.DECISIONS_WAIT: ("biro.queue", None),
    Message.SIGNATURE_FOUND: ("signing.waiting", None),
    Message.SIGNATURE_UNKNOWN: ("signing.document", "serial"),
}
# How the pages call it.
_PARTS = {"serial": "serial", "submission": "submission_id", "year": "tahun"}


@messages_blueprint.get("/pesan")
@sign_in_required
def listed() -> str:
    """One's messages, newest first."""
    visitor, services = require_visitor(), current_services()
    before = request.args.get("sebelum", type=int)
    language = "en" if str(get_locale()) == "en" else "id"
    with services.store.reading() as tx:
        page = [message for message in tx.notifications.of(visitor.nip, _PAGE, before) if message.kind in _LEADS]
        nips = {nip for message in page for nip in mentioned(message)}
        names = {entry.nip: entry.name for entry in map(tx.employees.get, nips) if entry is not None}
    rows = [(message, heading(message, language), told(message, language, names)) for message in page]
    return render_template("messages.html", rows=rows, more=page[-1].id if len(page) == _PAGE else None)


@messages_blueprint.get("/pesan/<int:message_id>")
@sign_in_required
def opened(message_id: int) -> BaseResponse:
    """To what the message is about; it counts as read from now on."""
    visitor, services = require_visitor(), current_services()
    with services.store.transaction() as tx:
        found = tx.notifications.get(message_id)
        if found is None or found.nip != visitor.nip:
            abort(404)
        tx.notifications.mark_read(visitor.nip, services.clock(), [message_id])
    return redirect(_place(found))


def _place(message: Notification) -> str:
    endpoint, wanted = _LEADS.get(message.kind, ("messages.listed", None))
    about: dict[str, Any] = {} if wanted is None else {_PARTS[wanted]: message.about[wanted]}
    return url_for(endpoint, **about)


# --- What the year asks of whom, by the circular; for everybody signed in, one's own first

calendar_blueprint = Blueprint("calendar", __name__)


@calendar_blueprint.get("/kalender")
@sign_in_required
def year() -> str:
    """Quarter ends, evaluations, the yearly issue: from when to when, and what is due today."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    wanted = year_of_request(today.year)
    listed = duties(wanted)
    return render_template("calendar.html", year=wanted, today=today, listed=listed)


# --- The report of one submission's verification, for whoever may see the submission

reports_blueprint = Blueprint("reports", __name__)
_TYPES = {".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml"}
# The page brings its own style sheet, allowed by digest in the page itself; it runs nothing.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@reports_blueprint.get("/kiriman/<submission_id>/laporan<kind>")
@sign_in_required
def report(submission_id: str, kind: str) -> Response:
    """`laporan.html`, `.pdf`, `.json` or `.xml`; `?ke=2` asks for the second verification."""
    services = current_services()
    if kind not in KINDS:
        abort(404)
    with services.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and may(require_visitor().viewer, Act.SEE, of_submission(tx, found))
    if not allowed:
        abort(404)
    _judged, written = report_of(
        submission_id, request.args.get("ke", type=int), services.settings, services.clock(), kind
    )
    answer = file_answer(
        written, name=f"laporan-{submission_id}{kind}", media_type=_TYPES[kind], save=kind in {".json", ".xml"}
    )
    if kind == ".html":
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
    return answer
