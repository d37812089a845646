"""Pages every role shares: messages, the yearly calendar, and verification reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from service.access import Act, may
from service.access_lookup import of_submission
from service.config import local_day
from service.law.duties import duties
from service.notifications.email_text import heading, mentioned, message_text
from service.notifications.messages import Message
from service.store.notifications import Notification
from service.submissions.report import KINDS, report_of
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.requests import file_answer, number_in_address, year_of_request

messages_blueprint = Blueprint("messages", __name__)
_PAGE = 30
# Kind of message to the endpoint it leads to and the key of `about` which that endpoint takes.
_DESTINATIONS: Mapping[str, tuple[str, str | None]] = {
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
    Message.WITHDRAWAL_ASKED: ("biro.look", "submission"),
    Message.WITHDRAWN: ("pegawai.submission", "submission"),
    Message.RECAP_CHANGED: ("pegawai.home", None),
    Message.ROLES_ASKED: ("admin.person", "person_nip"),
    Message.ROLES_SET: ("pegawai.home", None),
    Message.PASSWORD_RESET: ("pegawai.home", None),
    Message.REPRESENTED: ("signing.waiting", None),
    Message.DELEGATION_ASKED: ("signing.waiting", None),
    Message.ASSIGNED: ("pegawai.home", None),
    Message.LEARNING_APPROVED: ("pegawai.learning", "year"),
    Message.LEARNING_REJECTED: ("pegawai.learning", "year"),
    Message.EVALUATION_DUE: ("pegawai.home", None),
    Message.ISSUE_DUE: ("biro.overview", None),
    Message.DECISIONS_WAIT: ("biro.queue", None),
    Message.SIGNATURE_FOUND: ("signing.waiting", None),
    Message.SIGNATURE_UNKNOWN: ("signing.document", "serial"),
}
# Key of `about` to the endpoint's parameter.
_PARAMETERS = {"serial": "serial", "submission": "submission_id", "year": "tahun", "person_nip": "nip"}


@messages_blueprint.get("/pesan", endpoint="listed")
@sign_in_required
def list_messages() -> str:
    """List the visitor's messages, newest first."""
    visitor, services = require_visitor(), current_services()
    before = request.args.get("sebelum", type=number_in_address)
    language = "en" if str(get_locale()) == "en" else "id"
    with services.store.reading() as tx:
        page = [message for message in tx.notifications.of(visitor.nip, _PAGE, before) if message.kind in _DESTINATIONS]
        nips = {nip for message in page for nip in mentioned(message)}
        names = {entry.nip: entry.name for entry in map(tx.employees.get, nips) if entry is not None}
    rows = [(message, heading(message, language), message_text(message, language, names)) for message in page]
    return render_template("messages.html", rows=rows, more=page[-1].id if len(page) == _PAGE else None)


@messages_blueprint.get("/pesan/<int:message_id>", endpoint="opened")
@sign_in_required
def open_message(message_id: int) -> Response:
    """Mark the message as read and redirect to what it is about."""
    visitor, services = require_visitor(), current_services()
    with services.store.transaction() as tx:
        found = tx.notifications.get(message_id)
        if found is None or found.nip != visitor.nip:
            abort(404)
        tx.notifications.mark_read(visitor.nip, services.clock(), [message_id])
    return redirect(_destination(found))


def _destination(message: Notification) -> str:
    endpoint, wanted = _DESTINATIONS.get(message.kind, ("messages.listed", None))
    about: dict[str, Any] = {} if wanted is None else {_PARAMETERS[wanted]: message.about[wanted]}
    return url_for(endpoint, **about)


# --- Calendar of duties

calendar_blueprint = Blueprint("calendar", __name__)


@calendar_blueprint.get("/kalender")
@sign_in_required
def year() -> str:
    """Show the year's duties by the circular: when each begins and ends, and what is due today."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    wanted = year_of_request(today.year)
    listed = duties(wanted)
    return render_template("calendar.html", year=wanted, today=today, listed=listed)


# --- Verification reports

reports_blueprint = Blueprint("reports", __name__)
_MEDIA_TYPES = {".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml"}
# The report has its style sheet inside, allowed by digest in the report itself; it runs no script.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@reports_blueprint.get("/kiriman/<submission_id>/laporan<kind>")
@sign_in_required
def report(submission_id: str, kind: str) -> Response:
    """Send the report as `.html`, `.pdf`, `.json` or `.xml`; `?ke=2` asks for the second verification."""
    services = current_services()
    if kind not in KINDS:
        abort(404)
    with services.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and may(require_visitor().viewer, Act.SEE, of_submission(tx, found))
    if not allowed:
        abort(404)
    _subject, content = report_of(
        submission_id, request.args.get("ke", type=number_in_address), services.settings, services.clock(), kind
    )
    answer = file_answer(
        content, name=f"laporan-{submission_id}{kind}", media_type=_MEDIA_TYPES[kind], save=kind in {".json", ".xml"}
    )
    if kind == ".html":
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
    return answer
