"""Control cards (Lampiran II): one person's year, for the unit's file."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from forms.typesetting.fonts import FontFamily
from service.access import Act, Kind, may
from service.access_lookup import of_employee
from service.bootstrap import timestamper_of
from service.config import local_day
from service.errors import BadInput, NotGranted
from service.gateway.signing import request_code
from service.monitoring.card_signing import (
    Desk,
    Means,
    card_desk_of,
    doubt_of,
    look_at_card,
    make_card,
    sign_card,
    sign_card_remotely,
    take_up_card,
    waiting_file,
)
from service.monitoring.cards import card_of, card_pdf, card_xlsx, printed_at
from service.monitoring.sandboxed import take_card
from service.records import EmployeeEntry
from service.sandbox.inputs import Handed
from service.store.monitoring import Card
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.requests import XLSX, content_of, file_answer, name_of, pdf_answer, year_of_request
from service.web.signing.documents import key_in_request, offered
from service.web.signing.gateway import gateway_desk, signatory_in_request
from signing.errors import SigningError
from signing.keys.bsre import Secret
from signing.keys.pkcs12 import open_pkcs12


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kartu/<nip>.<kind>", "card", card)
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/tanda-tangan", "sign_card", sign_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/terima", "take_card", take, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/siapkan", "make_card", make, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/untuk-ditandatangani.pdf", "card_to_sign", to_sign)
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/bsre", "card_gateway", sign, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/bsre/kode", "card_gateway_code", code, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/bsre/berkas", "card_gateway_files", fetch, methods=["POST"])


@only()
def card(nip: str, kind: str) -> Response:
    """`.pdf` or `.xlsx`; for the person, the supervisor, the unit's HR officer and head, and Biro SDM."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    if kind not in {"pdf", "xlsx"}:
        abort(404)
    with at.store.reading() as tx:
        if not may(signed_in().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD)):
            abort(404)
        content = card_of(nip, year, tx)
    printed, name = printed_at(at.clock(), at.settings.timezone), f"kartu-{nip}-{year}.{kind}"
    if kind == "xlsx":
        return file_answer(card_xlsx(content, printed), name=name, media_type=XLSX, save=True)
    return pdf_answer(card_pdf(content, FontFamily(), printed), name=name)


# --- The unit's HR officer signs a control card: with a key file here, or elsewhere and handed in again; its page

Page = str | Answer | tuple[str, int]


@only("pengelola")
def sign_page(nip: str, year: int) -> Page:
    """The card as it will be signed, and the ways to sign it."""
    require_card(nip)
    if request.method == "POST":
        try:
            key, passphrase = key_in_request()
            at = desk()
            stamps = timestamper_of(at.settings.timestamp_url, at.settings, at.clock)
            sign_card(nip, year, card_means(), holder=open_pkcs12(key, passphrase), timestamper=stamps)
        except (BadInput, NotGranted, SigningError) as refused:
            return shown(nip, year, refused)
        flash(_("Kartu ditandatangani dan tersimpan."), "good")
        return redirect(url_for("unit.sign_card", nip=nip, year=year))
    return shown(nip, year)


def shown(nip: str, year: int, problem: Exception | None = None) -> Page:
    """The page, with what went wrong, if anything; nothing typed into secret fields comes back."""
    person, at = require_card(nip), desk()
    card, _content = look(nip, year)
    page = render_template(
        "unit/sign-card.html",
        card=card,
        nip=nip,
        year=year,
        person=person,
        problem=problem,
        ways=offered(),
        doubt=doubt_of(card, at.store) if card else None,
        waits=waiting_file(card, at.store) if card else False,
    )
    return (page, 422) if problem else page


@only("pengelola")
def to_sign(nip: str, year: int) -> Response:
    """The card's bytes, signed ones when it was signed; before it was made, how it would look."""
    require_card(nip)
    return pdf_answer(look(nip, year)[1], name=f"kartu-{nip}-{year}.pdf")


@only("pengelola")
def make(nip: str, year: int) -> Answer:
    """Make the card that is to be signed elsewhere: from now on these are its bytes."""
    require_card(nip)
    make_card(nip, year, signed_in().nip, card_means())
    return redirect(url_for("unit.card_to_sign", nip=nip, year=year, simpan=1))


@only("pengelola")
def take(nip: str, year: int) -> Answer:
    """A card signed elsewhere, looked at in a confined child."""
    require_card(nip)
    at = desk()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih kartu yang sudah ditandatangani."))
    card, _content = look(nip, year)
    if card is None:
        raise BadInput(
            _("Kartu ini belum diunduh untuk ditandatangani, atau isinya berubah sesudah itu."),
            _("Unduh kartunya dari sini, tanda tangani berkas itu, lalu unggah."),
        )
    signed = Handed.of(content_of(sent), name_of(sent))
    at.apart(take_card, at.settings, card.id, signed, at.clock(), signed_in().actor)
    flash(_("Kartu ditandatangani dan tersimpan."), "good")
    return redirect(url_for("unit.sign_card", nip=nip, year=year))


def look(nip: str, year: int) -> tuple[Card | None, bytes]:
    """The card as it is to be signed by the visitor, or how it would look; nothing is kept."""
    return look_at_card(nip, year, signed_in().nip, card_means())


def card_means() -> Desk:
    """What making and signing cards needs, for this request."""
    at = desk()
    return card_desk_of(at.settings, store=at.store, now=at.clock(), randomness=at.randomness, actor=signed_in().actor)


def require_card(nip: str) -> EmployeeEntry:
    """Whose card it is; 404 for everybody whose cards the visitor does not look after."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.employees.get(nip)
        allowed = may(signed_in().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
    if found is None or not allowed:
        abort(404)
    return found


# --- The unit's HR officer signs a control card through BSrE: NIK and passphrase (or a code) typed for this action


@only("pengelola")
def sign(nip: str, year: int) -> Page:
    """Sent once, whatever the answer."""
    require_card(nip)
    try:
        card, warnings = sign_card_remotely(
            nip,
            year,
            signatory_in_request(),
            officer_nip=signed_in().nip,
            means=_means(),
            again=bool(request.form.get("again")),
        )
    except (BadInput, NotGranted, SigningError) as problem:
        return shown(nip, year, problem)
    for each in warnings:
        flash(each, "doubt")
    return _back(nip, year, card)


@only("pengelola")
def code(nip: str, year: int) -> Page:
    """Have a one-time code sent to the officer's own device."""
    require_card(nip)
    try:
        request_code(Secret(request.form.get("nik", "").strip()), 1, desk=gateway_desk())
    except (BadInput, SigningError) as problem:
        return shown(nip, year, problem)
    flash(_("Kode sekali pakai dikirim ke perangkat Anda untuk %(count)s berkas.", count=1), "good")
    return _back(nip, year, None)


@only("pengelola")
def fetch(nip: str, year: int) -> Page:
    """Look at what the gateway signed before, here or there; nothing is signed."""
    require_card(nip)
    means = _means()
    card, _content = look(nip, year)
    try:
        found = take_up_card(card, means=means) if card and card.signed_digest is None else card
    except (BadInput, NotGranted, SigningError) as problem:
        return shown(nip, year, problem)
    if found is None:
        flash(_("%(count)s berkas diambil dari layanan BSrE.", count=0), "doubt")
    return _back(nip, year, found)


def _back(nip: str, year: int, card: Card | None) -> Answer:
    if card and card.signed_digest:
        flash(_("Kartu ditandatangani dan tersimpan."), "good")
    return redirect(url_for("unit.sign_card", nip=nip, year=year))


def _means() -> Means:
    at, actor = desk(), signed_in().actor

    def take(card_id: str, signed: bytes) -> Card:
        kept: Card = at.apart(take_card, at.settings, card_id, Handed.of(signed, "kartu.pdf"), at.clock(), actor)
        return kept

    return Means(cards=card_means(), gateway=gateway_desk(), take=take)
