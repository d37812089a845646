"""Pages of control cards (Lampiran II): download, and signing by the unit's HR officer."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.typesetting.fonts import FontFamily
from service.access import Act, Kind, may
from service.access_lookup import of_employee
from service.bootstrap import timestamper_of
from service.config import local_day
from service.errors import BadInput, NotGranted
from service.gateway.signing import request_code
from service.monitoring.card_signing import (
    CardSigningContext,
    RemoteCardSigningContext,
    card_signing_context,
    has_unaccepted_file,
    make_card,
    preview_card,
    recover_card,
    sign_card,
    sign_card_remotely,
    unresolved_call,
)
from service.monitoring.cards import card_of, card_pdf, card_xlsx, printed_at
from service.monitoring.sandboxed import accept_card
from service.records import EmployeeEntry
from service.sandbox.inputs import FileInMemory
from service.store.monitoring import Card
from service.web.auth import require_visitor, roles_required, sign_in_required
from service.web.context import Page, current_services
from service.web.i18n import translate
from service.web.requests import XLSX, content_of, file_answer, name_of, pdf_answer, year_of_request
from service.web.signing.documents import key_in_request, signing_ways
from service.web.signing.gateway import gateway_context, signatory_in_request
from signing.errors import SigningError
from signing.keys.bsre import Secret
from signing.keys.pkcs12 import open_pkcs12


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kartu/<nip>.<kind>", "card", card)
    blueprint.add_url_rule(
        "/kartu/<nip>/<year:year>/tanda-tangan", "sign_card", sign_card_page, methods=["GET", "POST"]
    )
    blueprint.add_url_rule("/kartu/<nip>/<year:year>/terima", "take_card", accept_signed, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<year:year>/siapkan", "make_card", make_to_sign, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<year:year>/untuk-ditandatangani.pdf", "card_to_sign", to_sign)
    blueprint.add_url_rule("/kartu/<nip>/<year:year>/bsre", "card_gateway", sign_through_gateway, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<year:year>/bsre/kode", "card_gateway_code", send_code, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<year:year>/bsre/berkas", "card_gateway_files", fetch_result, methods=["POST"])


@sign_in_required
def card(nip: str, kind: str) -> Response:
    """Send a card as `.pdf` or `.xlsx` to the person, supervisor, unit's HR officer and head, or Biro SDM."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year)
    if kind not in {"pdf", "xlsx"}:
        abort(404)
    with services.store.reading() as tx:
        if not may(require_visitor().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD)):
            abort(404)
        content = card_of(nip, year, tx)
    printed, name = printed_at(services.clock(), services.settings.timezone), f"kartu-{nip}-{year}.{kind}"
    if kind == "xlsx":
        return file_answer(card_xlsx(content, printed), name=name, media_type=XLSX, save=True)
    return pdf_answer(card_pdf(content, FontFamily(), printed), name=name)


# --- Signing with a key file, or elsewhere and uploaded again


@roles_required("pengelola")
def sign_card_page(nip: str, year: int) -> Page:
    """Show the card to be signed and the ways to sign it, or sign it with a key file."""
    require_card(nip)
    if request.method == "POST":
        try:
            key, passphrase = key_in_request()
            services = current_services()
            stamps = timestamper_of(services.settings.timestamp_url, services.settings, services.clock)
            sign_card(nip, year, card_context(), holder=open_pkcs12(key, passphrase), timestamper=stamps)
        except (BadInput, NotGranted, SigningError) as problem:
            return signing_page(nip, year, problem)
        flash(_("Kartu ditandatangani dan tersimpan."), "good")
        return redirect(url_for("unit.sign_card", nip=nip, year=year))
    return signing_page(nip, year)


def signing_page(nip: str, year: int, problem: Exception | None = None) -> Page:
    """Return the signing page, with the problem if any; secret fields stay empty."""
    person, services = require_card(nip), current_services()
    card, _content = stored_or_preview(nip, year)
    page = render_template(
        "unit/sign-card.html",
        card=card,
        nip=nip,
        year=year,
        person=person,
        problem=problem,
        ways=signing_ways(),
        unresolved=unresolved_call(card, services.store) if card else None,
        has_waiting_file=has_unaccepted_file(card, services.store) if card else False,
    )
    return (page, 422) if problem else page


@roles_required("pengelola")
def to_sign(nip: str, year: int) -> Response:
    """Send the card's bytes, signed or not; before it is made, a preview."""
    require_card(nip)
    return pdf_answer(stored_or_preview(nip, year)[1], name=f"kartu-{nip}-{year}.pdf")


@roles_required("pengelola")
def make_to_sign(nip: str, year: int) -> Response:
    """Make and store the card that is to be signed elsewhere."""
    require_card(nip)
    make_card(nip, year, require_visitor().nip, card_context())
    return redirect(url_for("unit.card_to_sign", nip=nip, year=year, simpan=1))


@roles_required("pengelola")
def accept_signed(nip: str, year: int) -> Response:
    """Accept a card signed elsewhere, checked in the sandbox."""
    require_card(nip)
    services = current_services()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih kartu yang sudah ditandatangani."))
    card, _content = stored_or_preview(nip, year)
    if card is None:
        raise BadInput(
            _("Kartu ini belum diunduh untuk ditandatangani, atau isinya berubah sesudah itu."),
            _("Unduh kartunya dari sini, tanda tangani berkas itu, lalu unggah."),
        )
    signed = FileInMemory.of(content_of(sent), name_of(sent))
    services.sandbox(accept_card, services.settings, card.id, signed, services.clock(), require_visitor().actor)
    flash(_("Kartu ditandatangani dan tersimpan."), "good")
    return redirect(url_for("unit.sign_card", nip=nip, year=year))


def stored_or_preview(nip: str, year: int) -> tuple[Card | None, bytes]:
    """Return the stored card with its bytes, or None with a preview; nothing is stored."""
    return preview_card(nip, year, require_visitor().nip, card_context())


def card_context() -> CardSigningContext:
    """Return the context of making and signing cards for this request."""
    services = current_services()
    return card_signing_context(
        services.settings,
        store=services.store,
        now=services.clock(),
        randomness=services.randomness,
        actor=require_visitor().actor,
    )


def require_card(nip: str) -> EmployeeEntry:
    """Return the employee of the card; 404 if the visitor may not see their card."""
    services = current_services()
    with services.store.reading() as tx:
        employee = tx.employees.get(nip)
        allowed = may(require_visitor().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
    if employee is None or not allowed:
        abort(404)
    return employee


# --- Signing through BSrE


@roles_required("pengelola")
def sign_through_gateway(nip: str, year: int) -> Page:
    """Sign the card through BSrE; it is sent once, whatever the answer."""
    require_card(nip)
    try:
        card, warnings = sign_card_remotely(
            nip,
            year,
            signatory_in_request(),
            officer_nip=require_visitor().nip,
            context=_signing_context(),
            again=bool(request.form.get("again")),
        )
    except (BadInput, NotGranted, SigningError) as problem:
        return signing_page(nip, year, problem)
    for warning in warnings:
        flash(translate(warning), "doubt")
    return _back(nip, year, card)


@roles_required("pengelola")
def send_code(nip: str, year: int) -> Page:
    """Have a one-time code sent to the officer's device."""
    require_card(nip)
    try:
        request_code(Secret(request.form.get("nik", "").strip()), 1, gateway_context=gateway_context())
    except (BadInput, SigningError) as problem:
        return signing_page(nip, year, problem)
    flash(_("Kode sekali pakai dikirim ke perangkat Anda untuk %(count)s berkas.", count=1), "good")
    return _back(nip, year, None)


@roles_required("pengelola")
def fetch_result(nip: str, year: int) -> Page:
    """Fetch the result of an earlier call from the store or the gateway; nothing is signed."""
    require_card(nip)
    context = _signing_context()
    card, _content = stored_or_preview(nip, year)
    try:
        result = recover_card(card, context=context) if card and card.signed_digest is None else card
    except (BadInput, NotGranted, SigningError) as problem:
        return signing_page(nip, year, problem)
    if result is None:
        flash(_("%(count)s berkas diambil dari layanan BSrE.", count=0), "doubt")
    return _back(nip, year, result)


def _back(nip: str, year: int, card: Card | None) -> Response:
    if card and card.signed_digest:
        flash(_("Kartu ditandatangani dan tersimpan."), "good")
    return redirect(url_for("unit.sign_card", nip=nip, year=year))


def _signing_context() -> RemoteCardSigningContext:
    services, actor = current_services(), require_visitor().actor

    def take(card_id: str, signed: bytes) -> Card:
        signed_card: Card = services.sandbox(
            accept_card, services.settings, card_id, FileInMemory.of(signed, "kartu.pdf"), services.clock(), actor
        )
        return signed_card

    return RemoteCardSigningContext(cards=card_context(), gateway=gateway_context(), take=take)
