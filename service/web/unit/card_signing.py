"""The unit's HR officer signs a control card: with a key file here, or elsewhere and handed in again; its page."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.access import Act, Kind, may
from service.errors import BadInput, NotGranted
from service.monitoring.signed_cards import Desk, look_at_card, make_card, sign_card
from service.monitoring.signed_elsewhere import take_card
from service.monitoring.signed_remotely import doubt_of, waiting_file
from service.opening import card_desk_of, timestamper_of
from service.records import EmployeeEntry
from service.sources import Handed
from service.store.cards import Card
from service.subjects import of_employee
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.receiving import content_of, name_of
from service.web.signing.deciding import key_in_request
from service.web.signing.ways import offered
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
