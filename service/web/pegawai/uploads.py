"""A signed form handed in: kept before anything else, judged at once, and told with what to do about it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from service.circulation.taken import Taken
from service.errors import BadInput
from service.web.receiving import name_of, receive
from service.web.visitor import only, signed_in

MOST_FILES = 20


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/unggah", "upload", upload, methods=["GET", "POST"])


@only()
def upload() -> str:
    """The upload page, and the verdicts of what was uploaded on it."""
    if request.method == "GET":
        return render_template("pegawai/upload.html", answers=None, taken=())
    files = [each for each in request.files.getlist("files") if each.filename]
    if not files:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih formulir PDF yang sudah ditandatangani."))
    if len(files) > MOST_FILES:
        raise BadInput(
            _("Terlalu banyak berkas sekaligus."), _("Unggah paling banyak %(most)s berkas.", most=MOST_FILES)
        )
    who = signed_in()
    told = [(name_of(each), receive(each, actor=who.actor)) for each in files]
    return render_template(
        "pegawai/upload.html",
        answers=[answer for _name, answer in told if not isinstance(answer, Taken)],
        taken=[(name, answer) for name, answer in told if isinstance(answer, Taken)],
    )
