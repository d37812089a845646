"""Other learning on the web: entered by the employee with its evidence, decided by Biro SDM with a reason."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from support.office import CAHYA, DIAH, EKO, HERI
from support.web_client import Visit, WebOffice, readable

PDF = b"%PDF-1.7 sertifikat pelatihan"
WHERE = "/pembelajaran-lain"


def hand_in(visit: Visit, *, expect: int = 200, content: bytes = PDF, **changed: str) -> str:
    fields = {"jenis": "pelatihan", "judul": "Pelatihan Analisis Jabatan", "penyelenggara": "Lembaga Contoh"}
    fields |= {"mulai": "2026-03-02", "selesai": "2026-03-04", "jp": "24,5", **changed}
    return visit.post(WHERE, expect=expect, bukti=(io.BytesIO(content), "bukti.pdf"), **fields)


def holding(web: WebOffice, nip: str, role: str) -> Visit:
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(nip)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", role))])
    return web.visit(nip)


@pytest.fixture
def cahya(web: WebOffice) -> Visit:
    return web.visit(CAHYA)


def brought(biro: Visit, count: int) -> None:
    """So many lines, by a table: shown, then kept."""
    lines = [f"{CAHYA},seminar,Seminar {number},LAN,2026-03-02,,1" for number in range(count)]
    table = "\n".join(["nip,jenis,judul,penyelenggara,mulai,selesai,jp", *lines]).encode()
    seen = biro.post("/biro/pembelajaran", file=(io.BytesIO(table), "tabel.csv"))
    digest = re.findall(r'name="digest" value="(\w+)"', seen)[0]
    biro.post("/biro/pembelajaran/simpan", at="/biro/pembelajaran", digest=digest, name="tabel.csv")


def number_of(web: WebOffice) -> str:
    with web.office.store.reading() as tx:
        (found,) = tx.other_learning.of_employee(CAHYA, 2026)
    return found.id


def test_an_employee_hands_it_in_and_sees_it_apart_from_cmb(web: WebOffice, cahya: Visit) -> None:
    assert "Belum ada pembelajaran lain" in readable(cahya.get(WHERE))
    page = readable(hand_in(cahya))
    assert "menunggu keputusan Biro SDM" in page
    assert "24,5" in page
    assert "0 JP disahkan, 1 menunggu keputusan" in page
    assert "Pembelajaran lain: 0 JP, dihitung terpisah" in readable(cahya.get("/beranda"))
    assert cahya.client.get(f"{WHERE}/{number_of(web)}/bukti").data == PDF


def test_the_decision_is_told_and_its_reason_stands_on_the_page(web: WebOffice, cahya: Visit) -> None:
    hand_in(cahya)
    biro = holding(web, HERI, "biro_sdm")
    where = f"/biro/pembelajaran/{number_of(web)}"
    biro.post(where, at="/biro/pembelajaran?tahun=2026", decision="reject", reason="Sertifikat tidak terbaca.")
    messages = cahya.get("/pesan")
    assert "Pembelajaran lain Anda tidak disahkan" in readable(messages)
    place = re.search(r'href="(/pesan/\d+)"', messages)
    assert place
    page = readable(cahya.get(place.group(1)))
    assert "Pembelajaran lain 2026" in page
    assert "Sertifikat tidak terbaca." in page


def test_an_approval_counts_beside_the_years_jp(web: WebOffice, cahya: Visit) -> None:
    hand_in(cahya)
    biro = holding(web, HERI, "biro_sdm")
    biro.post(f"/biro/pembelajaran/{number_of(web)}", at="/biro/pembelajaran?tahun=2026", decision="approve")
    assert "Pembelajaran lain Anda disahkan" in readable(cahya.get("/pesan"))
    assert "24,5 JP disahkan" in readable(cahya.get(WHERE))
    home = readable(cahya.get("/beranda"))
    assert "Pembelajaran lain: 24,5 JP" in home
    assert "Kurang 20 JP lagi" in home


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(web: WebOffice, cahya: Visit) -> None:
    page = hand_in(cahya, expect=422, judul="", jp="banyak", mulai="2026-03-09")
    text = readable(page)
    assert "“banyak” bukan angka" in text
    assert 'value="Lembaga Contoh"' in page
    text = readable(hand_in(cahya, expect=422, judul="", selesai="2026-03-01"))
    assert "judul kosong." in text
    assert "mendahului" in text
    assert "bukan PDF, PNG, atau JPEG" in readable(hand_in(cahya, expect=422, content=b"MZ"))
    missing = readable(cahya.post(WHERE, expect=422, jenis="seminar"))
    assert "Belum ada bukti yang dipilih." in missing
    with web.office.store.reading() as tx:
        assert not tx.other_learning.known()


def test_the_evidence_is_for_the_person_the_unit_and_biro_sdm(web: WebOffice, cahya: Visit) -> None:
    hand_in(cahya)
    place = f"{WHERE}/{number_of(web)}/bukti"
    web.visit(EKO).get(place, expect=404)
    assert holding(web, DIAH, "pimpinan").client.get(place).status_code == 200
    assert holding(web, HERI, "biro_sdm").client.get(place).status_code == 200


def test_nobody_decides_on_their_own(web: WebOffice) -> None:
    own = holding(web, CAHYA, "biro_sdm")
    hand_in(own)
    own.post(f"/biro/pembelajaran/{number_of(web)}", at="/biro/pembelajaran", decision="approve", expect=403)


def test_many_are_listed_and_approved_a_hundred_at_a_time(web: WebOffice) -> None:
    biro = holding(web, HERI, "biro_sdm")
    brought(biro, 103)
    page = biro.get("/biro/pembelajaran?tahun=2026")
    assert "Sahkan 100 yang menunggu" in page
    assert "Seluruhnya 103 menunggu." in page
    assert "Sahkan 3 yang menunggu" in biro.get("/biro/pembelajaran?tahun=2026&mulai=100")
    shown = re.findall(r'name="learning_id" value="([^"]+)"', page)
    page = readable(biro.post("/biro/pembelajaran/sahkan", at="/biro/pembelajaran", tahun=2026, learning_id=shown))
    assert "100 pembelajaran disahkan." in page
    assert "Sahkan 3 yang menunggu" in page
