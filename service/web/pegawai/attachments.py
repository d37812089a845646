"""What belongs to an activity beside its form: resume and photos."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.access import Act, may
from service.attachments import LARGEST, attach, detach
from service.errors import BadInput
from service.subjects import of_attachments
from service.web.desk import desk
from service.web.papers import file_answer
from service.web.receiving import name_of
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/formulir/<serial>/lampiran", "attach", add, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/lampiran/<attachment_id>", "attachment", attachment)
    blueprint.add_url_rule("/formulir/<serial>/lampiran/<attachment_id>/hapus", "detach", remove, methods=["POST"])


@only()
def add(serial: str) -> Answer:
    """Add files to one's own activity; all or the first that is wrong is told."""
    at, who = desk(), signed_in()
    files = [each for each in request.files.getlist("files") if each.filename]
    if not files:
        raise BadInput(_("Belum ada lampiran yang dipilih."), _("Pilih PDF, JPEG, atau PNG."))
    for each in files:
        content = each.stream.read(LARGEST + 1)
        attach(
            serial,
            name_of(each),
            content,
            store=at.store,
            now=at.clock(),
            randomness=at.randomness,
            actor=who.actor,
        )
    return redirect(url_for("pegawai.circulation", serial=serial, _anchor="attached"))


@only()
def attachment(serial: str, attachment_id: str) -> Response:
    """The file, for whoever may see the form it belongs to."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.attachments.get(attachment_id)
        visible = may(signed_in().viewer, Act.SEE, of_attachments(tx, serial))
    if not visible or found is None or found.serial != serial or found.removed_at is not None:
        abort(404)
    return file_answer(at.store.document(found.digest), name=found.file_name, media_type=found.media_type, save=False)


@only()
def remove(serial: str, attachment_id: str) -> Answer:
    at = desk()
    detach(attachment_id, store=at.store, now=at.clock(), actor=signed_in().actor)
    return redirect(url_for("pegawai.circulation", serial=serial, _anchor="attached"))
