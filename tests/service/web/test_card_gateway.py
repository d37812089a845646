"""Control cards signed by the unit's HR officer through the simulated gateway."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from forms.card import SLOT
from parsers.pdf import read_with_qpdf
from parsers.widgets import widgets_of
from service.store.monitoring import Card
from signing.validation.inspect import inspect
from support.bsre import NIKS, PASSPHRASE, WRONG, SimulatedGateway
from support.gateway_pages import open_remote_web_office
from support.office import CAHYA, EKO, HERI, Office
from support.unit_pages import THIS_YEAR, visit_with_roles
from support.web_client import Visit, WebOffice, open_web_office, readable

PLACE = f"/unit/kartu/{CAHYA}/2026"
PAGE, BSRE = f"{PLACE}/tanda-tangan", f"{PLACE}/bsre"


@pytest.fixture
def officer(remote_web: WebOffice, gateway: SimulatedGateway) -> Visit:
    """Heri, the HR officer of a unit with an approved activity."""
    gateway.mood("")
    return officer_with_card(remote_web)


def officer_with_card(web: WebOffice) -> Visit:
    web.office.approved("coaching", **THIS_YEAR)
    return visit_with_roles(web, HERI, "pengelola")


def sign_card(visit: Visit, *, expect: int = 200, **fields: Any) -> str:
    typed = {"nik": NIKS[HERI], "passphrase": PASSPHRASE} | fields
    return readable(visit.post(BSRE, at=PAGE, expect=expect, **typed))


def stored_card(web: WebOffice) -> Card:
    """Return the stored card."""
    with web.office.store.reading() as tx:
        return tx.cards.of(CAHYA, 2026)[0]


def outcomes(web: WebOffice) -> list[str]:
    """Return the sorted outcomes of all calls for the card (all have the same time)."""
    with web.office.store.reading() as tx:
        return sorted(call.outcome.value for call in tx.gateway_calls.of(stored_card(web).id))


def test_the_card_is_signed_once_with_its_stamp_in_its_signature_place(
    officer: Visit, remote_web: WebOffice, gateway: SimulatedGateway
) -> None:
    before = gateway.sign_calls()
    assert "sudah ditandatangani" in sign_card(officer)
    sign_card(officer)
    assert (gateway.sign_calls(), outcomes(remote_web)) == (before + 1, ["signed"])
    card, store = stored_card(remote_web), remote_web.office.store
    content = store.document(card.signed_digest or "")
    assert content.startswith(store.document(card.digest))
    (signature,) = inspect(content, trust=remote_web.office.moment.trust).signatures
    assert signature.field != SLOT
    boxes = {widget.name: (widget.page, widget.box) for widget in read_with_qpdf(content, widgets_of)}
    page, box = boxes[signature.field]
    assert (page, box) == (boxes[SLOT][0], pytest.approx(boxes[SLOT][1], abs=1))


def test_the_providers_own_words_reach_the_officer_and_nothing_typed_is_kept(
    officer: Visit, remote_web: WebOffice
) -> None:
    page = sign_card(officer, passphrase=WRONG, expect=422)
    assert "Passphrase anda salah" in page
    assert outcomes(remote_web) == ["refused"]
    home = remote_web.office.settings.home
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not any(
        secret in content for content in (page.encode(), *files) for secret in (NIKS[HERI].encode(), WRONG.encode())
    )
    assert "sudah ditandatangani" in sign_card(officer)


def test_a_one_time_code_signs_the_card(officer: Visit, gateway: SimulatedGateway) -> None:
    sent = readable(officer.post(f"{BSRE}/kode", at=PAGE, nik=NIKS[HERI]))
    assert "Kode sekali pakai dikirim" in sent
    assert "sudah ditandatangani" in sign_card(officer, passphrase="", totp=gateway.codes()[-1])


def test_a_lost_answer_is_cleared_up_by_the_signed_file_and_never_by_another_call(
    officer: Visit, remote_web: WebOffice, gateway: SimulatedGateway
) -> None:
    gateway.mood("cut after signing")
    before = gateway.sign_calls()
    sign_card(officer, expect=422)
    assert "Hasil dari BSrE belum diketahui" in readable(officer.get(PAGE))
    assert "belum diketahui" in sign_card(officer, expect=422)
    assert (gateway.sign_calls(), outcomes(remote_web)) == (before + 1, ["unknown"])
    handed = (io.BytesIO(gateway.last_signed()), "kartu.pdf")
    assert "sudah ditandatangani" in readable(officer.post(f"{PLACE}/terima", at=PAGE, file=handed))
    assert (gateway.sign_calls(), outcomes(remote_web)) == (before + 1, ["settled"])


def test_another_call_is_made_only_on_the_officers_word(
    officer: Visit, remote_web: WebOffice, gateway: SimulatedGateway
) -> None:
    gateway.mood("nothing")
    sign_card(officer, expect=422)
    assert "sudah ditandatangani" in sign_card(officer, again=stored_card(remote_web).id)
    assert outcomes(remote_web) == ["settled", "signed"]


def test_a_copy_the_gateway_kept_is_fetched_when_the_officer_asks(office: Office, gateway: SimulatedGateway) -> None:
    with open_remote_web_office(office, gateway, "v1") as web:
        visit = officer_with_card(web)
        gateway.mood("cut after signing; copy away")
        before = gateway.sign_calls()
        sign_card(visit, expect=422)
        assert "sudah ditandatangani" in readable(visit.post(f"{BSRE}/berkas", at=PAGE))
        assert (gateway.sign_calls(), outcomes(web)) == (before + 1, ["settled"])


def test_a_card_waits_for_an_officer_nobody_enrolled_and_is_taken_once_they_are(
    officer: Visit, remote_web: WebOffice, gateway: SimulatedGateway
) -> None:
    unit = "Biro Sumber Daya Manusia"
    eko = visit_with_roles(remote_web, EKO, "pengelola", unit=unit)
    before = gateway.sign_calls()
    assert "belum terdaftar untuk NIP Anda" in sign_card(eko, nik=NIKS[EKO])
    assert stored_card(remote_web).signed_digest is None
    assert "jangan menandatangani ulang" in sign_card(eko, nik=NIKS[EKO], expect=422)
    assert "tidak terdaftar" in readable(eko.post(f"{BSRE}/berkas", at=PAGE, expect=422))
    agree = re.search(r"/pendaftaran/E-\w+/cocok", officer.get("/pendaftaran"))
    assert agree
    officer.post(agree.group(), at="/pendaftaran")
    assert "sudah ditandatangani" in readable(eko.post(f"{BSRE}/berkas", at=PAGE))
    assert gateway.sign_calls() == before + 1


def test_nobody_but_the_units_officer_asks_the_gateway(
    officer: Visit, remote_web: WebOffice, gateway: SimulatedGateway
) -> None:
    requests_before = len(gateway.asked())
    other = visit_with_roles(remote_web, EKO, "pengelola", unit="Kantor Regional Contoh")
    for path in (BSRE, f"{BSRE}/kode", f"{BSRE}/berkas"):
        remote_web.visit(CAHYA).post(path, at="/beranda", nik=NIKS[CAHYA], expect=403)
        other.post(path, at="/beranda", nik=NIKS[EKO], expect=404)
    assert len(gateway.asked()) == requests_before
    assert "lewat BSrE" in readable(officer.get(PAGE))


@pytest.mark.parametrize(("what", "most"), [("/kode", 10), ("/berkas", 20)])
def test_what_goes_on_to_the_gateway_is_limited_for_each_officer(office: Office, what: str, most: int) -> None:
    with open_web_office(office, limited=True) as web:
        visit = officer_with_card(web)
        assert "lewat BSrE" not in readable(visit.get(PAGE))
        for _ in range(most):
            visit.post(f"{BSRE}{what}", at=PAGE, nik=NIKS[HERI], expect=503)  # no gateway is set up
        assert "Terlalu sering" in readable(visit.post(f"{BSRE}{what}", at=PAGE, nik=NIKS[HERI], expect=429))
