"""Signing through BSrE: NIK and passphrase (or a one-time code) typed for this one action, kept nowhere."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.circulation.signing import Wanted, sign_through_gateway, take_up
from service.errors import BadInput, NotGranted
from service.gateway.calls import Desk
from service.gateway.signing import propose_own_certificate, request_code
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.signing.documents import offered, require_shown, turn_of
from service.wiring import open_desk
from signing.errors import SigningError
from signing.keys.bsre import Secret, Signatory

Page = str | Response | tuple[str, int]


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan/bsre", "gateway", sign, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/bsre/kode", "gateway_code", code, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/bsre/berkas", "gateway_files", fetch_files, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/bsre/sertifikat", "gateway_certificate", certificate, methods=["POST"])


@sign_in_required
def sign() -> Page:
    """One or several documents in one action; each is sent once, whatever the answer."""
    pairs = [choice.partition(":") for choice in request.form.getlist("document")]
    choices = [(serial, int(revision)) for serial, _mark, revision in pairs if revision.isdecimal()]
    if not choices:
        raise BadInput(_("Belum ada formulir yang dipilih."), _("Pilih formulir yang akan ditandatangani."))
    try:
        turns = [turn_of(serial) for serial, _revision in choices]
        for turn, (_serial, revision) in zip(turns, choices, strict=True):
            require_shown(turn, revision)
        wanted = Wanted(
            choices=choices, signatory=signatory_in_request(), again=frozenset(request.form.getlist("again"))
        )
        done = sign_through_gateway(
            wanted, means=current_services().circulation, desk=gateway_desk(), actor=require_visitor().nip
        )
    except (BadInput, NotGranted, SigningError) as problem:
        return _again([serial for serial, _revision in choices], problem), 422
    return render_template("signing/signed.html", done=done, turns=turns)


@sign_in_required
def code() -> Page:
    """Have a one-time code sent to the visitor's own device, and go on where they were."""
    serials = [choice.partition(":")[0] for choice in request.form.getlist("document")]
    count = request.form.get("count", 1, type=int)
    try:
        request_code(Secret(request.form.get("nik", "").strip()), count, desk=gateway_desk())
    except (BadInput, SigningError) as problem:
        return _again(serials, problem), 422
    flash(_("Kode sekali pakai dikirim ke perangkat Anda untuk %(count)s berkas.", count=count), "good")
    # Several documents are a page that was posted to: it is shown again as it is.
    return redirect(url_for("signing.document", serial=serials[0])) if len(serials) == 1 else _again(serials)


@sign_in_required
def fetch_files() -> Page:
    """Fetch now what the gateway kept of a call whose answer was lost; a worker does so by itself after a while."""
    gateway, turn = gateway_desk(), turn_of(request.form.get("serial", ""))
    found = take_up(turn.listed.circulation.serial, means=current_services().circulation, desk=gateway)
    flash(_("%(count)s berkas diambil dari layanan BSrE.", count=len(found)), "good" if found else "doubt")
    return redirect(url_for("signing.waiting"))


@sign_in_required
def certificate() -> Page:
    """Propose the certificate the gateway keeps for the visitor; somebody responsible confirms it."""
    propose_own_certificate(Secret(request.form.get("nik", "").strip()), require_visitor().nip, desk=gateway_desk())
    flash(_("Sertifikat Anda diusulkan; pengelola kepegawaian atau Biro SDM akan mencocokkannya."), "good")
    return redirect(url_for("pegawai.own"))


def gateway_desk() -> Desk:
    """The installation's gateway, for this request."""
    services = current_services()
    return open_desk(
        services.settings,
        store=services.store,
        clock=services.clock,
        randomness=services.randomness,
        apart=services.sandbox,
    )


def signatory_in_request() -> Signatory:
    """What was typed for this action; kept nowhere."""
    form = request.form
    passphrase, totp = form.get("passphrase", ""), form.get("totp", "").strip()
    return Signatory(
        nik=Secret(form.get("nik", "").strip()),
        passphrase=Secret(passphrase) if passphrase else None,
        totp=Secret(totp) if totp else None,
    )


def _again(serials: list[str], problem: Exception | None = None) -> str:
    """The page they came from, with what went wrong, if anything; nothing typed into secret fields comes back."""
    turns = [turn_of(serial) for serial in serials]
    if len(turns) == 1:
        return render_template("signing/document.html", turn=turns[0], ways=offered(), problem=problem)
    return render_template("signing/many.html", turns=turns, ways=offered(), problem=problem)
