"""Signing one document with a key file, or sending it back with a reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.circulation.back import return_to_employee
from service.circulation.sign import sign_with_key
from service.circulation.taken import Outcome, Taken
from service.errors import BadInput, NotGranted
from service.web.desk import desk
from service.web.signing.turns import require_shown, turn_of
from service.web.signing.ways import offered
from service.web.visitor import only, signed_in
from signing.errors import SigningError

Page = str | Response | tuple[str, int]
_LARGEST_KEY = 256 * 1024


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan/<serial>/kunci", "sign_with_key", sign, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/<serial>/kembalikan", "return", send_back, methods=["POST"])


@only()
def sign(serial: str) -> Page:
    """The key file and its passphrase live for this one action, in memory."""
    turn = turn_of(serial)
    revision = request.form.get("revision", 0, type=int)
    try:
        require_shown(turn, revision)
        key, passphrase = key_in_request()
        taken = sign_with_key(
            serial, revision=revision, key=key, passphrase=passphrase, means=desk().means, actor=signed_in().nip
        )
    except (BadInput, NotGranted, SigningError) as problem:
        page = render_template("signing/document.html", turn=turn_of(serial), ways=offered(), problem=problem)
        return page, 422
    return answered(taken)


@only()
def send_back(serial: str) -> Page:
    """Back to the employee with a reason; the signatures on it are void."""
    turn = turn_of(serial)
    try:
        return_to_employee(
            serial,
            reason=request.form.get("reason", ""),
            revision=request.form.get("revision", 0, type=int),
            means=desk().means,
            actor=signed_in().nip,
        )
    except BadInput as problem:
        page = render_template("signing/document.html", turn=turn, ways=offered(), problem=problem)
        return page, 422
    flash(_("Formulir dikembalikan kepada %(name)s dengan alasan Anda.", name=turn.listed.employee_name), "good")
    return redirect(url_for("signing.waiting"))


def key_in_request() -> tuple[bytes, bytes]:
    """The PKCS#12 file and its passphrase, as they were sent; kept nowhere."""
    sent = request.files.get("key")
    key = sent.stream.read(_LARGEST_KEY) if sent else b""
    if not key:
        raise BadInput(_("Berkas kunci belum dipilih."), _("Pilih berkas .p12 atau .pfx Anda."))
    return key, request.form.get("passphrase", "").encode()


def answered(taken: Taken) -> Page:
    """Where a signature leads: on to the next signer, or to the submission when everybody has signed."""
    if not taken.moved:
        return render_template("signing/unmoved.html", taken=taken), 422
    if taken.outcome is Outcome.COMPLETE and taken.submission:
        flash(_("Semua tanda tangan lengkap. Formulir diserahkan dan diperiksa."), "good")
    else:
        flash(_("Tanda tangan Anda tersimpan. Penanda tangan berikutnya diberi tahu."), "good")
    for each in taken.warnings:
        flash(each, "doubt")
    own = taken.circulation is not None and taken.circulation.employee_nip == signed_in().nip
    if own and taken.serial:
        return redirect(url_for("pegawai.circulation", serial=taken.serial))
    return redirect(url_for("signing.waiting"))
