"""Biro SDM's pages: batches, decisions with reasons, certificates, reports, comparison of pages."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from threading import BoundedSemaphore

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from forgeries.after_signing import value_and_appearance_changed
from forgeries.drawings import redrawn
from service.records import Status
from service.store import StaffUpdate
from service.web.biro import batches
from support.api_client import give_roles
from support.filled_forms import tampered
from support.office import CAHYA, HERI, NOW, SIGNERS, Office
from support.web_client import Visit, WebOffice, open_web_office, readable
from support.worker import WorkerOffice

LAST_YEAR = {"tanggal": "4 Maret 2025", "tanggal_tanda_tangan": "5 Maret 2025"}


def work(web: WebOffice) -> None:
    """Let a worker do everything that waits."""
    WorkerOffice(office=web.office).run()


def test_only_biro_sdm_comes_in(web: WebOffice) -> None:
    for path in ("/biro", "/biro/periksa", "/biro/antrean", "/biro/sertifikat"):
        assert "bukan untuk Anda" in readable(web.visit(CAHYA).get(path, expect=403))
        web.visit().get(path, expect=401)


def test_a_zip_is_kept_judged_by_the_worker_and_told_file_by_file(web: WebOffice, biro: Visit) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("baik.pdf", web.office.signed("coaching", **LAST_YEAR))
        archive.writestr("rusak.pdf", b"bukan PDF")
    packed.seek(0)
    page = biro.post("/biro/periksa", title="Kiriman Maret", files=[(packed, "maret.zip")])
    assert "Menunggu giliran" in readable(page)
    path = re.search(r"/biro/periksa/B-\w+", page)
    assert path
    work(web)
    page = readable(biro.get(path.group()))
    assert "Selesai" in page
    assert "2 dari 2 berkas" in page
    assert "Lulus: 1" in page
    assert "Belum dapat diterima: 1" in page
    events = biro.client.get(f"{path.group()}/kemajuan").get_data(as_text=True)
    last = json.loads(events.rsplit("data: ", 1)[1])
    assert last["over"] is True
    assert last["done"] == 2
    assert last["state"] == "done"
    sheet = load_workbook(io.BytesIO(biro.client.get(f"{path.group()}/ringkasan.xlsx").data)).active
    assert sheet is not None
    assert sheet.max_row == 3
    assert "rusak.pdf" in biro.client.get(f"{path.group()}/ringkasan.csv").get_data(as_text=True)


def test_the_first_page_of_biro_sdm_tells_what_waits_for_a_decision(web: WebOffice, biro: Visit) -> None:
    assert "menunggu keputusan Biro SDM" not in biro.get("/beranda")
    web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    assert "1 kiriman menunggu keputusan Biro SDM" in readable(biro.get("/beranda"))
    assert "menunggu keputusan Biro SDM" not in web.visit(CAHYA).get("/beranda")


def test_many_who_watch_leave_the_server_threads_for_the_others(
    web: WebOffice, biro: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = web.office.signed("coaching", **LAST_YEAR)
    path = re.search(r"/biro/periksa/B-\w+", biro.post("/biro/periksa", files=[(io.BytesIO(form), "a.pdf")]))
    assert path
    monkeypatch.setattr(batches, "_STREAMS", BoundedSemaphore(1))
    with batches._STREAMS:  # the only stream is taken
        events = biro.client.get(f"{path.group()}/kemajuan").get_data(as_text=True)
    assert events.count("data: ") == 1
    assert '"over": false' in events


def test_who_has_left_holds_no_office_any_more(web: WebOffice, biro: Visit) -> None:
    biro.get("/biro")
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(HERI)
        assert entry is not None
        left = StaffUpdate(entry=entry, since=NOW.date() - dt.timedelta(days=1), departure="pensiun")
        tx.employees.record([left], day=NOW.date(), recorded_at=NOW)
    biro.get("/biro", expect=403)
    assert "Heri" in readable(biro.get("/data-saya"))


def test_a_stopped_batch_goes_on_with_what_is_left(web: WebOffice, biro: Visit) -> None:
    form = web.office.signed("coaching", **LAST_YEAR)
    page = biro.post("/biro/periksa", files=[(io.BytesIO(form), "a.pdf")])
    path = re.search(r"/biro/periksa/B-\w+", page)
    assert path
    assert "Dihentikan" in readable(biro.post(f"{path.group()}/hentikan", at=path.group()))
    work(web)
    assert "0 dari 1" in readable(biro.get(path.group()))
    biro.post(f"{path.group()}/lanjutkan", at=path.group())
    work(web)
    assert "1 dari 1" in readable(biro.get(path.group()))


def test_what_passed_is_approved_in_one_go_and_leaves_the_queue(web: WebOffice, biro: Visit) -> None:
    sent = [
        web.office.submit(web.office.signed("coaching", **(LAST_YEAR | {"waktu_mulai": at, "waktu_selesai": until})))
        for at, until in (("08.00", "08.45"), ("10.00", "10.45"))
    ]
    page = biro.get("/biro/antrean")
    assert "Lulus pemeriksaan: 2" in readable(page)
    done = biro.post("/biro/antrean/sahkan", at="/biro/antrean", id=[submission.id for submission in sent])
    assert "2 formulir disahkan." in readable(done)
    assert "Antrean kosong" in readable(done)
    with web.office.store.reading() as tx:
        stored = tx.submissions.get(sent[0].id)
    assert stored is not None
    assert stored.decided_by == HERI


def test_a_rejection_needs_a_reason_and_the_employee_reads_it(web: WebOffice, biro: Visit) -> None:
    sent = web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    look = f"/biro/antrean/{sent.id}"
    assert "Sahkan" in readable(biro.get(look))
    assert "Alasan penolakan kosong" in readable(
        biro.post("/biro/antrean/tolak", at=look, id=sent.id, reason="", expect=422)
    )
    biro.post("/biro/antrean/tolak", at=look, id=sent.id, reason="Uraian D belum menjelaskan hasil.")
    assert "Uraian D belum menjelaskan hasil." in readable(web.visit(CAHYA).get(f"/kiriman/{sent.id}"))


def test_nobody_decides_on_their_own_activity(web: WebOffice) -> None:
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(CAHYA)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    sent = web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    visit = web.visit(CAHYA)
    assert "kegiatan Anda sendiri" in readable(visit.get(f"/biro/antrean/{sent.id}"))
    visit.post("/biro/antrean/sahkan", at="/biro/antrean", id=sent.id, expect=403)


def test_the_report_of_a_submission_opens_as_page_pdf_and_machine_files(web: WebOffice, biro: Visit) -> None:
    sent = web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    page = biro.client.get(f"/kiriman/{sent.id}/laporan.html")
    assert page.status_code == 200
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert biro.client.get(f"/kiriman/{sent.id}/laporan.pdf").data.startswith(b"%PDF")
    assert biro.client.get(f"/kiriman/{sent.id}/laporan.json").get_json()["verdict"] == "passed"
    assert b"ValidationReport" in biro.client.get(f"/kiriman/{sent.id}/laporan.xml").data
    assert web.visit("198811052011011005").client.get(f"/kiriman/{sent.id}/laporan.html").status_code == 404


def test_certificates_are_foreseen_issued_by_the_worker_and_revoked_with_a_reason(web: WebOffice, biro: Visit) -> None:
    web.office.approved("coaching", **LAST_YEAR)
    page = readable(biro.get("/biro/sertifikat?tahun=2025"))
    assert "Terbitkan 1 sertifikat 2025" in page
    assert "Tahun 2026 belum berakhir" not in page
    batch = biro.post("/biro/sertifikat/terbitkan", at="/biro/sertifikat?tahun=2025", year="2025")
    assert "Sertifikat 2025" in readable(batch)


def test_what_waits_for_an_archive_time_stamp_is_counted_and_asked_for(office: Office) -> None:
    where = "/biro/sertifikat?tahun=2025"
    office.approved("coaching", **LAST_YEAR)
    number = office.issue().certificate.number
    stamping = replace(office, settings=replace(office.settings, timestamp_url="http://127.0.0.1:9/"))
    with open_web_office(stamping) as web:
        give_roles(web, HERI, "biro_sdm")
        biro = web.visit(HERI)
        page = readable(biro.get(where))
        assert "1 sertifikat belum mendapat stempel waktu arsip tahun ini." in page
        assert "PAdES-B-T" in page
        batch = biro.post("/biro/sertifikat/perbarui", at=where, year="2025")
        assert "Stempel arsip sertifikat 2025" in readable(batch)
        biro.post("/biro/sertifikat/perbarui", at=where, year="1999", expect=404)
        assert "Tingkat segel PAdES-B-T" in readable(web.visit().get(f"/periksa/{number}"))


def test_what_does_not_count_yet_is_said_before_issuing(web: WebOffice, biro: Visit) -> None:
    web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    page = readable(biro.get("/biro/sertifikat?tahun=2025"))
    assert "Belum ada JP yang disahkan." in page
    assert "1 kegiatan belum diputuskan" in page
    assert "Terbitkan" not in page


def test_a_certificate_is_revoked_with_a_reason(web: WebOffice, biro: Visit) -> None:
    web.office.approved("coaching", **LAST_YEAR)
    number = web.office.issue().certificate.number
    where = "/biro/sertifikat?tahun=2025"
    assert number in readable(biro.get(where))
    assert "stempel waktu arsip" not in readable(biro.get(where))  # no authority is set that could give one
    assert biro.client.get(f"/biro/sertifikat/{number}.pdf").data.startswith(b"%PDF")
    page = biro.post(f"/biro/sertifikat/{number}/cabut", at=where, reason="Salah nama.", tahun="2025")
    assert "Dicabut" in readable(page)
    assert "Salah nama." in readable(page)


def test_what_was_revoked_is_left_out_until_somebody_gives_a_reason(web: WebOffice, biro: Visit) -> None:
    web.office.approved("coaching", **LAST_YEAR)
    number = web.office.issue().certificate.number
    where = "/biro/sertifikat?tahun=2025"
    biro.post(f"/biro/sertifikat/{number}/cabut", at=where, reason="Salah nama.", tahun="2025")
    page = readable(biro.get(where))
    assert "1 orang tidak ikut terbit karena sertifikatnya dicabut: Cahya Lestari." in page
    assert "Terbitkan 1 sertifikat" not in page
    again = f"/biro/sertifikat/{number}/terbitkan-kembali"
    biro.post(again, at=where, reason=" ", expect=422)
    assert f"Penerbitan kembali {number}" in readable(biro.post(again, at=where, reason="Nama sudah benar."))


def test_what_waits_is_counted_on_the_first_page(web: WebOffice, biro: Visit) -> None:
    assert "Tidak ada yang menunggu" in readable(biro.get("/biro"))
    web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    assert "1 lulus pemeriksaan" in readable(biro.get("/biro"))


def test_whom_we_believe_and_by_what_we_judge_is_there_to_read(biro: Visit) -> None:
    page = readable(biro.get("/biro/kebijakan"))
    assert "Akar Uji" in page
    assert "cmb-verify-4 berlaku" in page
    assert "Coaching dihitung paling tinggi 2 kali" in page


def test_other_learning_is_brought_in_and_decided_apart(web: WebOffice, biro: Visit) -> None:
    book = load_workbook(io.BytesIO(biro.client.get("/tabel/isian/learning.xlsx").data))
    sheet = book.active
    assert sheet is not None
    values = {"nip": CAHYA, "jenis": "pelatihan", "judul": "Pelatihan analisis", "penyelenggara": "LAN"}
    values |= {"mulai": "4 Maret 2026", "selesai": "5 Maret 2026", "jp": "8"}
    for column, cell in enumerate(sheet[1], start=1):
        sheet.cell(2, column, values.get(str(cell.value), ""))
    written = io.BytesIO()
    book.save(written)
    written.seek(0)
    preview = biro.post("/biro/pembelajaran", file=(written, "pembelajaran.xlsx"))
    assert "Yang akan dicatat dari pembelajaran.xlsx" in readable(preview)
    with web.office.store.reading() as tx:
        assert not tx.other_learning.known()
    digest = preview.split('name="digest" value="')[1].split('"')[0]
    page = biro.post("/biro/pembelajaran/simpan", at="/biro/pembelajaran", digest=digest, name="pembelajaran.xlsx")
    assert "1 pembelajaran dicatat" in readable(page)
    path = re.search(r"/biro/pembelajaran/L-\w+", page)
    assert path
    assert "Disahkan" in readable(biro.post(path.group(), at="/biro/pembelajaran", decision="approve"))
    web.office.approved("coaching", **LAST_YEAR)
    assert web.office.issue().certificate.jp == 2


def test_how_certificates_stand_in_the_national_register(web: WebOffice, biro: Visit) -> None:
    assert "Belum ada sertifikat 2025" in readable(biro.get("/biro/siasn"))
    web.office.approved("coaching", **LAST_YEAR)
    number = web.office.issue().certificate.number
    page = readable(biro.get("/biro/siasn"))
    assert number in page
    assert "Belum dikirim" in page


def test_the_report_to_the_secretary_is_read_filed_and_worked_with(web: WebOffice, biro: Visit) -> None:
    web.office.approved("coaching", **LAST_YEAR)
    where = "/biro/laporan?dari=2025-01&sampai=2025-12"
    assert "Semua unit" in readable(biro.get(where))
    months = where.partition("?")[2]
    paper = PdfReader(io.BytesIO(biro.client.get(f"/biro/laporan.pdf?{months}").data))
    # The filed report names the signing official of Biro SDM.
    assert web.office.settings.official
    assert web.office.settings.official.name in "".join(page.extract_text() for page in paper.pages)
    assert biro.client.get(f"/biro/laporan.xlsx?{months}").data.startswith(b"PK")
    assert "tidak terbaca" in readable(biro.get("/biro/laporan?dari=abc", expect=422))


def test_the_calendar_tells_everybody_what_the_year_asks(biro: Visit) -> None:
    page = readable(biro.get("/kalender"))
    assert "untuk Anda" in page
    assert "Rekapitulasi triwulan 4 tahun 2026" in page


def test_the_page_as_signed_stands_beside_the_page_as_received(web: WebOffice, biro: Visit) -> None:
    sent = web.office.submit(value_and_appearance_changed(web.office.signed("coaching", **LAST_YEAR)))
    page = biro.get(f"/biro/antrean/{sent.id}/berdampingan")
    assert 'alt="Halaman 1 ketika ditandatangani' in page
    assert 'alt="Halaman 1 seperti yang diterima' in page
    assert "data:image/png;base64," in page
    web.visit(CAHYA).get(f"/biro/antrean/{sent.id}/berdampingan", expect=403)


def test_a_page_nothing_came_after_is_not_shown_twice(web: WebOffice, biro: Visit) -> None:
    sent = web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    page = biro.get(f"/biro/antrean/{sent.id}/berdampingan")
    assert "tidak ada yang berubah" in page
    assert "<img" not in page


def test_what_is_only_to_be_looked_at_is_not_told_as_a_refusal(web: WebOffice, biro: Visit) -> None:
    first = web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    sent = web.office.submit(web.office.signed("mentoring", **LAST_YEAR))
    path, notice = f"/kiriman/{sent.id}", "Waktu kegiatan bertumpuk"
    for page in (biro.get(f"/biro/antrean/{sent.id}"), web.visit(CAHYA).get(path)):
        assert notice in page
        assert 'class="notice doubt"' in page
        assert 'class="notice bad"' not in page
    biro.post("/biro/antrean/sahkan", at=f"/biro/antrean/{sent.id}", id=sent.id, seen=first.id, macam="lulus")
    assert notice not in web.visit(CAHYA).get(path)


def test_an_answer_drawn_another_way_is_shown_beside_what_it_holds(web: WebOffice, biro: Visit) -> None:
    kerned = b"BT /Helv 8 Tf 0 g 2 3 Td [(Jak) 20 (arta)] TJ ET"
    filled = tampered(web.office.filled("coaching", **LAST_YEAR), lambda pdf, widgets: redrawn(pdf, widgets, kerned))
    for role, nip in SIGNERS["coaching"]:
        filled = web.office.sign(filled, role, nip)
    sent = web.office.submit(filled)
    assert [reason["code"] for reason in sent.answer["reasons"]] == ["drawing_not_plain"]
    assert sent.status is Status.REVIEW
    page = biro.get(f"/biro/antrean/{sent.id}/berdampingan")
    assert "Bandingkan gambar dengan isinya" in page
    assert 'alt="Gambar kolom Tempat seperti tampak di halaman"' in page
    assert 'alt="Jakarta"' in page
    assert page.count("data:image/png;base64,") == 2
