"""Pages of signing through the gateway, as a delegate, and with a proposed certificate."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from forms.schema import Role
from support.bsre import NIKS, PASSPHRASE, WRONG, SimulatedGateway
from support.circulation_pages import TYPED, revision, sign, start_draft
from support.gateway_pages import open_remote_web_office
from support.office import CAHYA, DIAH, EKO, HERI, NOW, Office
from support.web_client import Visit, WebOffice, open_web_office, readable

TODAY = NOW.date().isoformat()


def start_filled_draft(visit: Visit, kind: str = "coaching") -> str:
    path = start_draft(visit, kind)
    visit.post(path, revision=revision(visit.get(path)), then="save", **TYPED)
    return path.rsplit("/", 1)[-1]


def sign_through_gateway(
    visit: Visit, serial: str, nip: str, *, passphrase: str = PASSPHRASE, expect: int = 200
) -> str:
    where = f"/tanda-tangan/{serial}"
    mark = re.search(r'name="document" value="([^"]+)"', visit.get(where))
    assert mark
    visit.client.get(f"{where}/dokumen.pdf")
    fields = {"document": mark.group(1), "nik": NIKS[nip], "passphrase": passphrase}
    return visit.post("/tanda-tangan/bsre", at=where, expect=expect, **fields)


def test_a_form_is_signed_by_both_through_the_gateway_and_passes(remote_web: WebOffice) -> None:
    visit = remote_web.visit(CAHYA)
    serial = start_filled_draft(visit)
    assert "Ditandatangani." in readable(sign_through_gateway(visit, serial, CAHYA))
    sign_through_gateway(remote_web.visit(DIAH), serial, DIAH)
    assert "Menunggu pengesahan" in readable(visit.get("/beranda"))


def test_the_providers_own_words_reach_the_person_and_nothing_typed_comes_back(remote_web: WebOffice) -> None:
    visit = remote_web.visit(CAHYA)
    serial = start_filled_draft(visit)
    page = sign_through_gateway(visit, serial, CAHYA, passphrase=WRONG)
    assert "Passphrase anda salah" in readable(page)
    assert WRONG not in page
    assert NIKS[CAHYA] not in page
    assert "Draf" in readable(visit.get(f"/formulir/{serial}"))


def test_a_call_of_unknown_outcome_is_not_repeated_without_the_persons_word(
    remote_web: WebOffice, gateway: SimulatedGateway
) -> None:
    visit = remote_web.visit(CAHYA)
    serial = start_filled_draft(visit)
    gateway.mood("nothing")
    before = gateway.sign_calls()
    page = readable(sign_through_gateway(visit, serial, CAHYA))
    assert "belum diketahui" in page
    assert gateway.sign_calls() == before + 1
    assert "belum diketahui" in readable(sign_through_gateway(visit, serial, CAHYA))
    assert gateway.sign_calls() == before + 1


def test_what_is_in_doubt_is_said_on_the_page_and_asked_for_when_its_signer_says_so(
    office: Office, gateway: SimulatedGateway
) -> None:
    with open_remote_web_office(office, gateway, "v1") as web:
        visit = web.visit(CAHYA)
        serial = start_filled_draft(visit)
        assert "belum diketahui" not in readable(visit.get(f"/tanda-tangan/{serial}"))
        gateway.mood("cut after signing; copy away")
        sign_through_gateway(visit, serial, CAHYA)
        page = readable(visit.get(f"/tanda-tangan/{serial}"))
        assert "Hasil dari BSrE belum diketahui: Mentoring analisis kebutuhan" in page
        assert "jangan menandatangani ulang dahulu" in page
        before = gateway.sign_calls()
        fields = {"at": f"/tanda-tangan/{serial}", "serial": serial}
        assert "0 berkas" not in readable(visit.post("/tanda-tangan/bsre/berkas", **fields))
        assert "Menunggu Diah" in readable(visit.get(f"/formulir/{serial}"))
        assert "Hasil dari BSrE sudah diketahui" in readable(visit.get(f"/formulir/{serial}"))
        assert gateway.sign_calls() == before
        web.visit(EKO).post("/tanda-tangan/bsre/berkas", expect=409, **fields)


def test_neither_passphrase_nor_nik_is_kept_anywhere(remote_web: WebOffice) -> None:
    visit = remote_web.visit(CAHYA)
    sign_through_gateway(visit, start_filled_draft(visit), CAHYA)
    home = remote_web.office.settings.home
    contents = b"".join(
        path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "bsre-password"
    )
    assert NIKS[CAHYA].encode() not in contents
    assert PASSPHRASE.encode() not in contents


@pytest.mark.parametrize(("what", "most"), [("kode", 10), ("sertifikat", 10), ("berkas", 20)])
def test_what_goes_on_to_the_gateway_is_limited_for_each_person(office: Office, what: str, most: int) -> None:
    where = f"/tanda-tangan/bsre/{what}"
    with open_web_office(office, limited=True) as web:
        visit, other = web.visit(CAHYA), web.visit(DIAH)
        for _ in range(most):
            visit.post(where, at="/tanda-tangan", nik=NIKS[DIAH], expect=503)  # no gateway is set up
        assert "Terlalu sering" in readable(visit.post(where, at="/tanda-tangan", nik=NIKS[DIAH], expect=429))
        other.post(where, at="/tanda-tangan", nik=NIKS[DIAH], expect=503)


def test_a_stand_in_signs_for_the_official_while_the_delegation_holds(web: WebOffice) -> None:
    head = web.visit(DIAH)
    fields = {"to": HERI, "kind": "plh", "scope": ["atasan", "pembimbing"], "starts": TODAY, "reason": "SP-1"}
    refused = head.post("/delegasi", ends="", expect=422, **fields)
    assert "Tanggal mulai atau akhir" in readable(refused)
    page = head.post("/delegasi", ends=TODAY, **fields)
    assert "Berlaku" in readable(page)
    visit = web.visit(CAHYA)
    serial = start_filled_draft(visit)
    sign(visit, serial, CAHYA)
    other = web.visit(HERI)
    assert "pengganti" in readable(other.get("/tanda-tangan"))
    assert "diserahkan dan diperiksa" in readable(sign(other, serial, HERI))
    ended = re.search(r"/delegasi/D-\w+/akhiri", page)
    assert ended
    assert "Diakhiri" in readable(head.post(ended.group(), at="/delegasi"))


def test_an_unknown_certificate_is_proposed_confirmed_by_somebody_else_and_the_file_judged_again(
    web: WebOffice,
) -> None:
    content = web.office.filled("coaching", tanggal="3 November 2026", tanggal_tanda_tangan="3 November 2026")
    content = web.office.sign(content, Role.PEGAWAI, CAHYA)
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(HERI)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    biro = web.visit(HERI)
    assert "Tidak ada yang perlu dicocokkan" in readable(biro.get("/pendaftaran"))
    stranger = web.office.sign(content, Role.ATASAN, DIAH, holder=other_key_of("Diah Contohwati"))
    page = readable(web.visit(CAHYA).post("/unggah", files=[(io.BytesIO(stranger), "a.pdf")]))
    assert "Ditinjau Biro SDM" in page
    listed = biro.get("/pendaftaran")
    assert "Diah Contohwati" in readable(listed)
    agree = re.search(r"/pendaftaran/E-\w+/cocok", listed)
    assert agree
    assert "1 berkas yang menunggu diperiksa lagi" in readable(biro.post(agree.group(), at="/pendaftaran"))
    assert "Menunggu pengesahan" in readable(web.visit(CAHYA).get("/beranda"))
    web.visit(EKO).get("/pendaftaran", expect=403)


def other_key_of(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a key holder, as `sign` takes it
    from cryptography.hazmat.primitives.asymmetric import ec

    from support.office import keys

    return keys().authority.person(name, curve=ec.SECP256R1()).holder()
