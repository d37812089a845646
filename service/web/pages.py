"""What one was told: the list, and the way from a message (or its e-mail) to what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from service.mail.letter import heading, mentioned, told
from service.store.notifications import Notification
from service.telling import Message
from service.web.desk import desk
from service.web.visitor import only, signed_in

blueprint = Blueprint("messages", __name__)
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


@blueprint.get("/pesan")
@only()
def listed() -> str:
    """One's messages, newest first."""
    who, at = signed_in(), desk()
    before = request.args.get("sebelum", type=int)
    language = "en" if str(get_locale()) == "en" else "id"
    with at.store.reading() as tx:
        page = [each for each in tx.notifications.of(who.nip, _PAGE, before) if each.kind in _LEADS]
        nips = {nip for each in page for nip in mentioned(each)}
        names = {entry.nip: entry.name for entry in map(tx.employees.get, nips) if entry is not None}
    rows = [(each, heading(each, language), told(each, language, names)) for each in page]
    return render_template("messages.html", rows=rows, more=page[-1].id if len(page) == _PAGE else None)


@blueprint.get("/pesan/<int:message_id>")
@only()
def opened(message_id: int) -> Response:
    """To what the message is about; it counts as read from now on."""
    who, at = signed_in(), desk()
    with at.store.transaction() as tx:
        found = tx.notifications.get(message_id)
        if found is None or found.nip != who.nip:
            abort(404)
        tx.notifications.mark_read(who.nip, at.clock(), [message_id])
    return redirect(_place(found))


def _place(message: Notification) -> str:
    endpoint, wanted = _LEADS.get(message.kind, ("messages.listed", None))
    about: dict[str, Any] = {} if wanted is None else {_PARTS[wanted]: message.about[wanted]}
    return url_for(endpoint, **about)
