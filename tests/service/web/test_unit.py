"""A unit's pages: evaluation, cards, recaps, assignments; and no access to other units."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from signing.sign import sign
from support.office import CAHYA, DIAH, EKO, HERI, NOW, keys
from support.unit_pages import THIS_YEAR, visit_with_roles
from support.web_client import Visit, WebOffice, readable, token_in


@pytest.fixture
def officer(web: WebOffice) -> Visit:
    """Heri, the unit's HR officer."""
    return visit_with_roles(web, HERI, "pengelola")


def test_everybody_of_the_unit_is_there_with_what_they_have_and_what_is_still_possible(
    web: WebOffice, officer: Visit
) -> None:
    web.office.approved("coaching", **THIS_YEAR)
    page = readable(officer.get("/unit"))
    assert "Cahya Lestari" in page
    assert "Eko Nugroho" in page
    assert "Tertinggal" in page
    assert "sampai Desember" in page
    sheet = load_workbook(io.BytesIO(officer.client.get("/unit/evaluasi.xlsx").data)).active
    assert sheet is not None
    assert officer.client.get("/unit/evaluasi.pdf").data.startswith(b"%PDF")


def test_the_table_is_filtered_by_how_people_stand(officer: Visit) -> None:
    assert "Tidak ada pegawai pada saringan ini" in readable(officer.get("/unit?keadaan=tercapai"))
    assert "Cahya Lestari" in readable(officer.get("/unit?keadaan=tertinggal"))


def test_earlier_years_and_periods_are_a_click_away_and_no_year_is_too_strange(web: WebOffice, officer: Visit) -> None:
    last_year = dict.fromkeys(THIS_YEAR, "3 Maret 2025")
    web.office.approved("coaching", **last_year)
    here = officer.get("/unit")
    assert "tahun=2025" in here
    assert "2 20" in readable(officer.get("/unit?tahun=2025"))
    assert "masa=1" in officer.get("/unit?tahun=2025")
    assert "Masa Januari–April 2025" in readable(officer.get("/unit?tahun=2025&masa=1"))
    assert "triwulan=2025-Q4" in officer.get("/unit/rekapitulasi")
    assert "Penugasan 2025" in readable(officer.get("/unit/penugasan?tahun=2025"))
    for path in ("/unit", "/unit/penugasan", f"/unit/kartu/{CAHYA}.pdf", "/kegiatan", "/kalender"):
        for year in ("0", "99999"):
            officer.get(f"{path}?tahun={year}", expect=404)
    assert "bukan triwulan" in readable(officer.get("/unit/rekapitulasi?triwulan=0000-Q1", expect=422))


def test_a_card_opens_for_the_person_the_supervisor_and_the_unit_only(web: WebOffice, officer: Visit) -> None:
    web.office.approved("coaching", **THIS_YEAR)
    for visit in (officer, web.visit(CAHYA), web.visit(DIAH)):
        assert visit.client.get(f"/unit/kartu/{CAHYA}.pdf").data.startswith(b"%PDF")
    assert officer.client.get(f"/unit/kartu/{CAHYA}.xlsx").data.startswith(b"PK")
    web.visit(EKO).get(f"/unit/kartu/{CAHYA}.pdf", expect=404)


def test_a_recap_is_sent_once_and_a_later_change_goes_as_a_correction(web: WebOffice, officer: Visit) -> None:
    web.office.approved("coaching", **THIS_YEAR)
    where = "/unit/rekapitulasi?triwulan=2026-Q3"
    page = officer.get(where)
    assert "Cahya Lestari" in readable(page)
    assert "Kirim ke Biro SDM" in readable(page)
    assert "Belum dikirim" in readable(page)
    confirmed = page.split('name="confirmed" value="')[1].split('"')[0]
    fields = {"unit": "Biro Sumber Daya Manusia", "triwulan": "2026-Q3"}
    sent = officer.post("/unit/rekapitulasi/kirim", at=where, confirmed=confirmed, **fields)
    assert "sebagai versi 1" in readable(sent)
    assert officer.client.get(f"{where}&versi=1").status_code == 200
    web.office.approved("coaching", **(THIS_YEAR | {"waktu_mulai": "13.00", "waktu_selesai": "14.00"}))
    page = officer.get(where)
    assert "Kirim koreksi" in readable(page)
    stale = officer.post("/unit/rekapitulasi/kirim", at=where, confirmed=confirmed, expect=409, **fields)
    assert "berubah sejak Anda melihatnya" in readable(stale)


def test_a_running_quarter_is_shown_and_not_sent(officer: Visit) -> None:
    page = readable(officer.get("/unit/rekapitulasi"))
    assert "Dapat dikirim setelah triwulan berakhir" in page


def test_another_unit_is_as_if_it_were_not_there_except_for_biro_sdm(web: WebOffice, officer: Visit) -> None:
    visit_with_roles(web, EKO, unit="Kantor Regional Contoh")
    officer.get("/unit?unit=Kantor+Regional+Contoh", expect=404)
    officer.client.get(f"/unit/kartu/{EKO}.pdf")
    biro = visit_with_roles(web, DIAH, "biro_sdm")
    assert "Eko Nugroho" in readable(biro.get("/unit?unit=Kantor+Regional+Contoh"))
    web.visit(CAHYA).get("/unit", expect=403)


def test_the_head_assigns_somebody_behind_and_the_letter_reaches_them(web: WebOffice) -> None:
    head = visit_with_roles(web, DIAH, "pimpinan")
    where = f"/unit/penugasan/{CAHYA}"
    refused = head.post(where, kind="pelatihan", title="Pelatihan analisis", due="", reason="Tertinggal", expect=422)
    assert "Tenggat" in readable(refused)
    due = dt.date(2026, 12, 20).isoformat()
    page = head.post(where, kind="pelatihan", title="Pelatihan analisis", due=due, reason="Tertinggal dari target.")
    assert "Pelatihan analisis" in readable(page)
    assert "Terbuka" in readable(page)
    letter = page.split('href="/unit/penugasan/T-')[1].split('"')[0]
    assert web.visit(CAHYA).client.get(f"/unit/penugasan/T-{letter}").data.startswith(b"%PDF")
    web.visit(EKO).get(f"/unit/penugasan/T-{letter}", expect=404)
    number = letter.split("/")[0]
    elsewhere = visit_with_roles(web, EKO, "pimpinan", unit="Kantor Regional Contoh")
    elsewhere.post(f"/unit/penugasan/T-{number}/selesai", at="/unit/penugasan", state="cancelled", expect=404)
    own = visit_with_roles(web, CAHYA, "pengelola")
    own.post(f"/unit/penugasan/T-{number}/selesai", at="/unit/penugasan", state="done", expect=403)
    done = head.post(f"/unit/penugasan/T-{number}/selesai", at="/unit/penugasan", state="done")
    assert "Selesai" in readable(done)
    visit_with_roles(web, HERI, "pengelola").get(where, expect=403)


def test_the_hr_officer_signs_a_card_here_and_nobody_else_may(web: WebOffice, officer: Visit) -> None:
    web.office.approved("coaching", **THIS_YEAR)
    where = f"/unit/kartu/{CAHYA}/2026/tanda-tangan"
    assert "Tanda tangani kartu" in readable(officer.get(where))
    key = (io.BytesIO(keys().people[HERI].pkcs12(b"rahasia")), "kunci.p12")
    assert "sudah ditandatangani" in readable(officer.post(where, key=key, passphrase="rahasia"))
    web.visit(CAHYA).get(where, expect=403)
    visit_with_roles(web, EKO, "pengelola", unit="Kantor Regional Contoh").get(where, expect=404)


def test_looking_at_a_card_keeps_nothing(web: WebOffice, officer: Visit) -> None:
    web.office.approved("coaching", **THIS_YEAR)
    path = f"/unit/kartu/{CAHYA}/2026"
    with web.office.store.reading() as tx:
        before = tx.events.list()
    officer.get(f"{path}/tanda-tangan")
    assert officer.client.get(f"{path}/untuk-ditandatangani.pdf").data.startswith(b"%PDF")
    with web.office.store.reading() as tx:
        assert tx.cards.of(CAHYA, 2026) == []
        assert tx.events.list() == before


def test_a_card_signed_elsewhere_is_taken_only_when_it_is_that_card(web: WebOffice, officer: Visit) -> None:
    web.office.approved("coaching", **THIS_YEAR)
    path = f"/unit/kartu/{CAHYA}/2026"
    where = f"{path}/tanda-tangan"
    early = (io.BytesIO(officer.client.get(f"{path}/untuk-ditandatangani.pdf").data), "kartu.pdf")
    assert "belum diunduh" in readable(officer.post(f"{path}/terima", at=where, file=early, expect=422))
    officer.client.post(f"{path}/siapkan", data={"csrf_token": token_in(officer.get(where))})
    card = officer.client.get(f"{path}/untuk-ditandatangani.pdf").data
    signed = sign(card, holder=keys().people[HERI].holder(), at=NOW, field=None)
    wrong = (io.BytesIO(web.office.signed("coaching", **THIS_YEAR)), "lain.pdf")
    assert "bukan kartu" in readable(officer.post(f"{path}/terima", at=where, file=wrong, expect=422))
    taken = officer.post(f"{path}/terima", at=where, file=(io.BytesIO(signed), "kartu.pdf"))
    assert "sudah ditandatangani" in readable(taken)
