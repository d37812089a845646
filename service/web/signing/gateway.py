"""Pages of signing through BSrE. NIK, passphrase and one-time code are used for one action and never stored."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from service.circulation.signing import GatewayRequest, recover_signatures, sign_through_gateway
from service.errors import BadInput, NotGranted
from service.gateway.calls import GatewayContext
from service.gateway.signing import propose_own_certificate, request_code
from service.web.auth import require_visitor, sign_in_required
from service.web.context import Page, current_services
from service.web.requests import number_in_form
from service.web.signing.documents import chosen_documents, require_shown, signing_ways, turn_of
from service.wiring import open_gateway_context
from signing.errors import SigningError
from signing.keys.bsre import Secret, Signatory


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/tanda-tangan/bsre", "gateway", sign, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/bsre/kode", "gateway_code", send_code, methods=["POST"])
    blueprint.add_url_rule("/tanda-tangan/bsre/berkas", "gateway_files", fetch_files, methods=["POST"])
    blueprint.add_url_rule(
        "/tanda-tangan/bsre/sertifikat", "gateway_certificate", propose_certificate, methods=["POST"]
    )


@sign_in_required
def sign() -> Page:
    """Sign one or several documents; each is sent once, whatever the answer."""
    choices = chosen_documents()
    if not choices:
        raise BadInput(_("Belum ada formulir yang dipilih."), _("Pilih formulir yang akan ditandatangani."))
    try:
        turns = [turn_of(serial) for serial, _revision in choices]
        for turn, (_serial, revision) in zip(turns, choices, strict=True):
            require_shown(turn, revision)
        wanted = GatewayRequest(
            choices=choices, signatory=signatory_in_request(), again=frozenset(request.form.getlist("again"))
        )
        results = sign_through_gateway(
            wanted,
            context=current_services().circulation_context,
            gateway_context=gateway_context(),
            actor=require_visitor().nip,
        )
    except (BadInput, NotGranted, SigningError) as problem:
        return _again([serial for serial, _revision in choices], problem), 422
    return render_template("signing/signed.html", results=results, turns=turns)


@sign_in_required
def send_code() -> Page:
    """Have a one-time code sent to the visitor's device, and show the same page again."""
    serials = [choice.partition(":")[0] for choice in request.form.getlist("document")]
    count = request.form.get("count", 1, type=number_in_form)
    try:
        request_code(Secret(request.form.get("nik", "").strip()), count, gateway_context=gateway_context())
    except (BadInput, SigningError) as problem:
        return _again(serials, problem), 422
    flash(_("Kode sekali pakai dikirim ke perangkat Anda untuk %(count)s berkas.", count=count), "good")
    # The page of several documents was posted to, so it is rendered again instead of redirecting.
    return redirect(url_for("signing.document", serial=serials[0])) if len(serials) == 1 else _again(serials)


@sign_in_required
def fetch_files() -> Page:
    """Fetch now the result of a call whose answer was lost; the worker does so later by itself."""
    gateway, turn = gateway_context(), turn_of(request.form.get("serial", ""))
    results = recover_signatures(
        turn.listed.circulation.serial, context=current_services().circulation_context, gateway_context=gateway
    )
    flash(_("%(count)s berkas diambil dari layanan BSrE.", count=len(results)), "good" if results else "doubt")
    return redirect(url_for("signing.waiting"))


@sign_in_required
def propose_certificate() -> Page:
    """Propose the visitor's certificate at the gateway; the HR officer or Biro SDM confirms it."""
    propose_own_certificate(
        Secret(request.form.get("nik", "").strip()), require_visitor().nip, gateway_context=gateway_context()
    )
    flash(_("Sertifikat Anda diusulkan; pengelola kepegawaian atau Biro SDM akan mencocokkannya."), "good")
    return redirect(url_for("pegawai.own"))


def gateway_context() -> GatewayContext:
    """Return the context of the installation's gateway for this request."""
    services = current_services()
    return open_gateway_context(
        services.settings,
        store=services.store,
        clock=services.clock,
        randomness=services.randomness,
        sandboxed=services.sandbox,
    )


def signatory_in_request() -> Signatory:
    """Return the secrets typed for this action; they are not stored."""
    form = request.form
    passphrase, totp = form.get("passphrase", ""), form.get("totp", "").strip()
    return Signatory(
        nik=Secret(form.get("nik", "").strip()),
        passphrase=Secret(passphrase) if passphrase else None,
        totp=Secret(totp) if totp else None,
    )


def _again(serials: list[str], problem: Exception | None = None) -> str:
    """Return the page the visitor came from, with the problem if any; secret fields stay empty."""
    turns = [turn_of(serial) for serial in serials]
    if len(turns) == 1:
        return render_template("signing/document.html", turn=turns[0], ways=signing_ways(), problem=problem)
    return render_template("signing/many.html", turns=turns, ways=signing_ways(), problem=problem)
