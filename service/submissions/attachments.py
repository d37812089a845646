"""Attachments of an activity: a resume and photos, recognised by their content, kept by digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import PurePosixPath

from service.errors import BadInput, NotGranted
from service.identifiers import short_id
from service.records import Decision, Event
from service.store import Store, Transaction
from service.store.circulations import Attachment

LARGEST = 10 * 2**20
MOST = 10
_MAGIC_BYTES = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
)


def attach(
    serial: str,
    file_name: str,
    content: bytes,
    *,
    store: Store,
    now: dt.datetime,
    randomness: Callable[[int], bytes],
    actor: str,
) -> Attachment:
    """Add a file to the actor's activity and return it; the same bytes again are the same attachment.

    BadInput for what is no PDF, JPEG or PNG, too large or one too many; NotGranted once the activity was approved.
    """
    media_type, name = _recognised(file_name, content)
    if len(content) > LARGEST:
        size = round(Decimal(len(content)) / 2**20, 1)
        raise BadInput("attachment_too_large", size=size, limit=LARGEST // 2**20)
    digest = store.keep_document(content)
    with store.transaction() as tx:
        _require_open(tx, serial, actor)
        attachments = tx.attachments.of(serial)
        same = next((attachment for attachment in attachments if attachment.digest == digest), None)
        if same is not None:
            return same
        if len(attachments) >= MOST:
            raise BadInput("attachments_too_many", limit=MOST)
        attachment = Attachment(
            id=short_id("A", randomness),
            serial=serial,
            digest=digest,
            file_name=name,
            media_type=media_type,
            size=len(content),
            added_at=now,
            added_by=actor,
        )
        tx.attachments.add(attachment)
        detail = {"attachment": attachment.id, "digest": digest}
        tx.events.append(Event(at=now, actor=actor, action="attachment.added", subject=serial, detail=detail))
    return attachment


def detach(attachment_id: str, *, store: Store, now: dt.datetime, actor: str) -> None:
    """Remove one of the actor's attachments, until the activity was approved; again does nothing."""
    with store.transaction() as tx:
        attachment = tx.attachments.get(attachment_id)
        if attachment is None:
            raise BadInput("attachment_unknown", attachment=attachment_id)
        _require_open(tx, attachment.serial, actor)
        if tx.attachments.remove(attachment.id, now):
            detail = {"attachment": attachment.id}
            tx.events.append(
                Event(at=now, actor=actor, action="attachment.removed", subject=attachment.serial, detail=detail)
            )


def _recognised(file_name: str, content: bytes) -> tuple[str, str]:
    """Return the media type by content, and the file name with the matching ending."""
    for beginning, media_type, endings in _MAGIC_BYTES:
        if content.startswith(beginning):
            name = _short(file_name)
            return media_type, name if name.lower().endswith(endings) else name + endings[0]
    raise BadInput("attachment_not_recognised", file=_short(file_name))


def _short(file_name: str) -> str:
    return PurePosixPath(file_name.replace("\\", "/")).name[-120:].strip() or "lampiran"


def _require_open(tx: Transaction, serial: str, actor: str) -> None:
    blank = tx.blanks.find(serial)
    if blank is None:
        raise BadInput("attachment_form_unknown", serial=serial)
    if blank.employee_nip != actor:
        raise NotGranted("attachments_not_yours")
    if any(submission.decision is Decision.APPROVED for submission in tx.submissions.of_blank(serial, actor)):
        raise NotGranted("attachments_approved")
