"""Pages of SIASN: status of certificates, sending as a batch, answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.office import CAHYA
from support.siasn import CODES, Simulator
from support.siasn_simulator import GATEWAY, SSO
from support.web_client import Visit, WebOffice, readable
from support.worker import WorkerOffice

LAST_YEAR = {"tanggal": "4 Maret 2025", "tanggal_tanda_tangan": "5 Maret 2025"}


@pytest.fixture
def number(web: WebOffice, simulator: Simulator) -> str:
    """The number of a certificate to be sent; codes and tokens are set up."""
    home: Path = web.office.settings.home
    (home / "gateway").write_text(GATEWAY, encoding="ascii")
    (home / "sso").write_text(SSO, encoding="ascii")
    where = f'url = "{simulator.url}"\ntoken_file = "gateway"\ntoken_sso_file = "sso"\n'
    (home / "cmb.toml").write_text(CODES + where, encoding="utf-8")
    web.office.approved("coaching", **LAST_YEAR)
    return web.office.issue().certificate.number


def send(biro: Visit) -> str:
    return biro.post("/biro/siasn/kirim", at="/biro/siasn?tahun=2025", year="2025")


def work(web: WebOffice) -> None:
    WorkerOffice(office=web.office).run()


def test_a_sending_is_asked_for_watched_and_every_answer_is_there(web: WebOffice, biro: Visit, number: str) -> None:
    assert "Kirim 1 sertifikat ke SIASN" in readable(biro.get("/biro/siasn?tahun=2025"))
    page = readable(send(biro))
    assert "SIASN 2025" in page
    assert "Menunggu giliran" in page
    assert "Pengiriman sedang berjalan" in readable(biro.get("/biro/siasn?tahun=2025"))
    assert "Menunggu giliran" in readable(send(biro))
    with web.office.store.reading() as tx:
        assert len(tx.batches.list(5)) == 1
    work(web)
    page = readable(biro.get("/biro/siasn?tahun=2025"))
    assert "Diterima" in page
    assert "Kirim 1" not in page
    text = readable(biro.get(f"/biro/siasn/sertifikat/{number}"))
    assert "nomor di SIASN: rw-1" in text
    assert "HTTP 200" in text
    assert GATEWAY not in text
    assert "Tidak ada yang perlu dikirim" in readable(
        biro.post("/biro/siasn/kirim", at="/biro/siasn?tahun=2025", year="2025", expect=409)
    )


def test_a_refusal_is_on_the_page_and_sent_again_when_asked(
    web: WebOffice, biro: Visit, number: str, simulator: Simulator
) -> None:
    simulator.goes_wrong("refuse")
    path = re.search(r"/biro/periksa/B-\w+", send(biro))
    work(web)
    assert path
    page = readable(biro.get(path.group()))
    assert "Ditolak SIASN" in page
    assert "jenisKursus tidak dikenal" in page
    assert "jenisKursus tidak dikenal" in readable(biro.get("/biro/siasn?tahun=2025"))
    send(biro)
    work(web)
    text = readable(biro.get(f"/biro/siasn/sertifikat/{number}"))
    assert "Ditolak" in text
    assert "Diterima" in text


def test_codes_nobody_chose_are_named_before_any_work_is_asked_for(web: WebOffice, biro: Visit, number: str) -> None:
    assert number
    (web.office.settings.home / "cmb.toml").write_text("[siasn]\n", encoding="utf-8")
    text = readable(biro.post("/biro/siasn/kirim", at="/biro/siasn?tahun=2025", year="2025", expect=503))
    assert "instansi_id" in text
    with web.office.store.reading() as tx:
        assert not tx.batches.list(5)


def test_only_biro_sdm_sends_and_reads_the_answers(web: WebOffice, number: str) -> None:
    visit = web.visit(CAHYA)
    visit.get(f"/biro/siasn/sertifikat/{number}", expect=403)
    visit.post("/biro/siasn/kirim", at="/beranda", year="2025", expect=403)
