"""The unit's HR officer signs a control card: with a key file here, or elsewhere and handed in again."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.access import Act, Kind, may
from service.errors import BadInput, NotGranted
from service.monitoring.signed_cards import Desk, look_at_card, make_card, sign_card
from service.monitoring.signed_elsewhere import take_card
from service.opening import card_desk_of, timestamper_of
from service.records import EmployeeEntry
from service.sources import Handed
from service.store.cards import Card
from service.subjects import of_employee
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.receiving import content_of, name_of
from service.web.signing.deciding import key_in_request
from service.web.visitor import only, signed_in
from signing.errors import SigningError
from signing.signers.pkcs12 import open_pkcs12

Page = str | Answer | tuple[str, int]


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/tanda-tangan", "sign_card", sign_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/terima", "take_card", take, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/siapkan", "make_card", make, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/untuk-ditandatangani.pdf", "card_to_sign", to_sign)


@only("pengelola")
def sign_page(nip: str, year: int) -> Page:
    """The card as it will be signed, and the ways to sign it."""
    person, problem = _require(nip), None
    if request.method == "POST":
        try:
            key, passphrase = key_in_request()
            at = desk()
            stamps = timestamper_of(at.settings.timestamp_url, at.settings, at.clock)
            sign_card(nip, year, _means(), holder=open_pkcs12(key, passphrase), timestamper=stamps)
        except (BadInput, NotGranted, SigningError) as refused:
            problem = refused
        else:
            flash(_("Kartu ditandatangani dan tersimpan."), "good")
            return redirect(url_for("unit.sign_card", nip=nip, year=year))
    card, _content = _look(nip, year)
    page = render_template("unit/sign-card.html", card=card, nip=nip, year=year, person=person, problem=problem)
    return (page, 422) if problem else page


@only("pengelola")
def to_sign(nip: str, year: int) -> Response:
    """The card's bytes, signed ones when it was signed; before it was made, how it would look."""
    _require(nip)
    return pdf_answer(_look(nip, year)[1], name=f"kartu-{nip}-{year}.pdf")


@only("pengelola")
def make(nip: str, year: int) -> Answer:
    """Make the card that is to be signed elsewhere: from now on these are its bytes."""
    _require(nip)
    make_card(nip, year, signed_in().nip, _means())
    return redirect(url_for("unit.card_to_sign", nip=nip, year=year, simpan=1))


@only("pengelola")
def take(nip: str, year: int) -> Answer:
    """A card signed elsewhere, looked at in a confined child."""
    _require(nip)
    at = desk()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih kartu yang sudah ditandatangani."))
    card, _content = _look(nip, year)
    if card is None:
        raise BadInput(
            _("Kartu ini belum diunduh untuk ditandatangani, atau isinya berubah sesudah itu."),
            _("Unduh kartunya dari sini, tanda tangani berkas itu, lalu unggah."),
        )
    signed = Handed.of(content_of(sent), name_of(sent))
    at.apart(take_card, at.settings, card.id, signed, at.clock(), signed_in().actor)
    flash(_("Kartu ditandatangani dan tersimpan."), "good")
    return redirect(url_for("unit.sign_card", nip=nip, year=year))


def _look(nip: str, year: int) -> tuple[Card | None, bytes]:
    return look_at_card(nip, year, signed_in().nip, _means())


def _means() -> Desk:
    at = desk()
    return card_desk_of(at.settings, store=at.store, now=at.clock(), randomness=at.randomness, actor=signed_in().actor)


def _require(nip: str) -> EmployeeEntry:
    at = desk()
    with at.store.reading() as tx:
        found = tx.employees.get(nip)
        allowed = may(signed_in().viewer, Act.SEE, of_employee(tx, nip, Kind.CARD))
    if found is None or not allowed:
        abort(404)
    return found
