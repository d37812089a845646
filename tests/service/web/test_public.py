"""The public check: five states, little personal data, no way to try all numbers."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
import zxingcpp

from service.certificates.issue import Issued
from service.certificates.lifecycle import revoke, share, unshare
from service.errors import NotGranted
from service.web.app import create_app
from support.office import CAHYA, HERI, NOW, Office
from support.web_client import WebOffice, readable


@pytest.fixture
def issued(office: Office) -> Issued:
    office.approved("coaching")
    return office.issue()


def check_file(web: WebOffice, content: bytes, *, expect: int = 200) -> str:
    return readable(web.visit().post("/periksa", berkas=(io.BytesIO(content), "sertifikat.pdf"), expect=expect))


def test_a_valid_number_shows_what_a_reader_compares_and_no_more(web: WebOffice, issued: Issued) -> None:
    page = web.visit().get(f"/periksa/{issued.certificate.number}")
    text = readable(page)
    for fact in ("Berlaku", "Cahya Lestari", "1997•••••••••••005", "2025", "2 JP", "24 November 2026"):
        assert fact in text
    assert "cmb.example.go.id" in text
    for private in (CAHYA, "Analis SDM", "III/b", "pola karier", "Biro Sumber Daya"):
        assert private not in page


def test_a_number_may_be_typed_as_people_type(web: WebOffice, issued: Issued) -> None:
    typed = f"  {issued.certificate.number.lower().replace('-', '–')} "
    assert "Berlaku" in readable(web.visit().get(f"/periksa?nomor={typed}"))
    assert "Berlaku" in readable(web.visit().get(f"/periksa/{issued.certificate.number.lower()}"))


def test_what_is_no_number_is_told_at_its_field(web: WebOffice) -> None:
    page = web.visit().get("/periksa?nomor=19970821", expect=422)
    assert 'aria-invalid="true"' in page
    assert "berbentuk seperti" in readable(page)


def test_a_revoked_certificate_says_when_and_why(web: WebOffice, issued: Issued, office: Office) -> None:
    revoke(issued.certificate.number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    text = readable(web.visit().get(f"/periksa/{issued.certificate.number}"))
    assert "Dicabut" in text
    assert "Nama keliru." in text
    assert "Dicabut" in check_file(web, issued.content)


def test_a_superseded_one_does_not_give_away_its_successors_number(
    web: WebOffice, issued: Issued, office: Office
) -> None:
    office.approved("mentoring", tanggal="20 Mei 2025")
    successor = office.issue().certificate.number
    page = web.visit().get(f"/periksa/{issued.certificate.number}")
    assert "Sudah digantikan" in readable(page)
    assert successor not in page


def test_an_unknown_number_is_answered_like_a_known_one(web: WebOffice, issued: Issued) -> None:
    tail = "Z" if issued.certificate.number[-1] != "Z" else "Y"
    visit = web.visit().client
    visit.get("/periksa")
    known = visit.get(f"/periksa/{issued.certificate.number}")
    for other in (issued.certificate.number[:-1] + tail, "bukan-nomor", "' OR 1=1"):
        unknown = visit.get(f"/periksa/{other}")
        assert "Tidak dikenal" in readable(unknown.get_data(as_text=True))
        assert (unknown.status_code, set(unknown.headers.keys())) == (known.status_code, set(known.headers.keys()))


def test_a_file_is_compared_byte_by_byte_and_not_kept(web: WebOffice, issued: Issued, office: Office) -> None:
    assert "sama persis" in check_file(web, issued.content)
    touched = check_file(web, issued.content + b"\n% ")
    assert "Berkas berubah" in touched
    assert issued.certificate.number in touched
    strange = b"%PDF-1.4 lain"
    assert "bukan sertifikat dari layanan ini" in check_file(web, strange)
    assert "Tidak dikenal" in check_file(web, b"")
    with office.store.reading() as tx:
        assert [check.state for check in tx.checks.of(str(issued.certificate.digest))] == ["valid"]
    assert [path for path in office.settings.home.rglob("*") if path.is_file() and path.read_bytes() == strange] == []


def test_what_cannot_be_proven_is_told_as_such_with_whom_to_ask(web: WebOffice, issued: Issued, office: Office) -> None:
    (path,) = office.settings.home.rglob(str(issued.certificate.digest))
    path.unlink()
    number = issued.certificate.number
    for text in (readable(web.visit().get(f"/periksa/{number}")), check_file(web, issued.content)):
        assert "Belum dapat dipastikan" in text
        assert f"Tanyakan kepada Biro SDM BKN dengan menyebut nomor {number}" in text
        assert "Cahya" not in text
        assert "Berlaku" not in text
    with office.store.reading() as tx:
        logged = tx.events.of_actions(number, ("certificate.unconfirmed",))
    assert [dict(event.detail) for event in logged] == [{"differs": ["document_missing"]}]


def test_no_file_and_a_file_too_large_are_told(web: WebOffice) -> None:
    assert "Pilih berkas" in readable(web.visit().post("/periksa", expect=422))
    announced = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": "6000000"}
    answer = web.visit().client.post("/periksa", environ_overrides=announced)
    assert answer.status_code == 413
    assert "Berkas terlalu besar" in readable(answer.get_data(as_text=True))


def test_the_document_is_there_only_when_its_holder_shows_it(web: WebOffice, issued: Issued, office: Office) -> None:
    number = issued.certificate.number
    visit = web.visit()
    assert "dokumen" not in visit.get(f"/periksa/{number}")
    visit.get(f"/periksa/{number}/dokumen", expect=404)
    with pytest.raises(NotGranted, match="certificate_not_yours"):
        share(number, holder_nip=HERI, store=office.store, now=NOW)
    share(number, holder_nip=CAHYA, store=office.store, now=NOW)
    share(number, holder_nip=CAHYA, store=office.store, now=NOW)
    assert f"/periksa/{number}/dokumen" in visit.get(f"/periksa/{number}")
    assert visit.client.get(f"/periksa/{number}/dokumen").data == issued.content
    unshare(number, holder_nip=CAHYA, store=office.store, now=NOW)
    visit.get(f"/periksa/{number}/dokumen", expect=404)


def test_the_holder_switches_it_on_the_own_page_and_nobody_else_can(web: WebOffice, issued: Issued) -> None:
    number = issued.certificate.number
    holder, path = web.visit(CAHYA), f"/sertifikat/{number}/berbagi"
    assert "Dokumen dibagikan" in readable(holder.post(path, at="/sertifikat", shared="1"))
    assert web.visit().client.get(f"/periksa/{number}/dokumen").status_code == 200
    web.visit(HERI).post(path, at="/sertifikat", shared="0", expect=409)
    web.visit().post(path, at="/periksa", shared="0", expect=401)
    assert web.visit().client.get(f"/periksa/{number}/dokumen").status_code == 200
    assert "Dokumen dibagikan" not in readable(holder.post(path, at="/sertifikat", shared="0"))
    web.visit().get(f"/periksa/{number}/dokumen", expect=404)


def test_the_code_on_the_paper_opens_its_page(web: WebOffice, issued: Issued, office: Office) -> None:
    drawn = pypdfium2.PdfDocument(issued.content)[0].render(scale=3).to_pil()
    read = {code.text for code in zxingcpp.read_barcodes(drawn)}
    assert read == {issued.certificate.content["check_url"]}
    (address,) = read
    page = readable(web.visit().get("/periksa" + address.removeprefix(office.settings.check_url)))
    assert "Berlaku" in page
    assert issued.certificate.number in page


def test_a_document_is_shown_no_more_once_it_is_revoked(web: WebOffice, issued: Issued, office: Office) -> None:
    number = issued.certificate.number
    share(number, holder_nip=CAHYA, store=office.store, now=NOW)
    revoke(number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    web.visit().get(f"/periksa/{number}/dokumen", expect=404)
    with pytest.raises(NotGranted, match="share_of_ended"):
        share(number, holder_nip=CAHYA, store=office.store, now=NOW)


def test_every_check_is_noted_without_saying_who_asked(web: WebOffice, issued: Issued, office: Office) -> None:
    number = issued.certificate.number
    visit = web.visit()
    for _time in range(2):
        visit.client.get(f"/periksa/{number.lower()}", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    visit.client.get(f"/periksa/{number}", environ_base={"REMOTE_ADDR": "203.0.113.8"})
    visit.get("/periksa/199708212020122005")
    with office.store.reading() as tx:
        noted = tx.checks.of(number)
        assert [check.asked for check in tx.checks.of("-")] == ["-"]
        assert tx.checks.of("199708212020122005") == []
    assert [check.state for check in noted] == ["valid"] * 3
    assert len({check.caller for check in noted}) == 2
    assert not any("203" in check.caller and "." in check.caller for check in noted)


def test_whoever_asks_too_often_waits(web: WebOffice) -> None:
    client = create_app(web.app.extensions["cmb"], secure=False).test_client()
    statuses = [client.get(f"/periksa/{number}").status_code for number in range(31)]
    assert statuses[:30] == [200] * 30
    assert statuses[30] == 429


def test_pages_about_people_stay_out_of_search_engines_and_caches(web: WebOffice, issued: Issued) -> None:
    headers = web.visit().client.get(f"/periksa/{issued.certificate.number}").headers
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cache-Control"] == "no-store"


def test_the_landing_page_says_in_five_lines_what_this_is(web: WebOffice) -> None:
    page = web.visit().get("/")
    assert len(re.findall(r"<li>", page)) == 5
    assert 'href="/periksa"' in page
