"""Tables as files: templates, downloads by role, and decisions by table."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from support.office import CAHYA, DIAH, EKO, HERI
from support.unit_pages import visit_with_roles
from support.web_client import Visit, WebOffice, readable

LAST_YEAR = {"tanggal": "4 Maret 2025", "tanggal_tanda_tangan": "5 Maret 2025"}
ELSEWHERE = "Kantor Regional Contoh"


@pytest.fixture
def biro(web: WebOffice) -> Visit:
    return visit_with_roles(web, HERI, "biro_sdm")


def rows(visit: Visit, path: str) -> list[dict[str, str]]:
    answer = visit.client.get(path)
    assert answer.status_code == 200, path
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def filled(waiting: list[dict[str, str]], **decisions: tuple[str, str]) -> io.BytesIO:
    """Return the table of waiting submissions with decision and reason by `n` and NIP."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(waiting[0]))
    writer.writeheader()
    for submission in waiting:
        word, reason = decisions.get(f"n{submission['nip']}", ("", ""))
        writer.writerow(submission | {"keputusan": word, "alasan": reason})
    return io.BytesIO(out.getvalue().encode("utf-8-sig"))


def test_every_table_the_service_takes_in_is_handed_out_in_both_kinds(web: WebOffice, biro: Visit) -> None:
    officer = visit_with_roles(web, EKO, "pengelola")
    for subject, visits in (("employees", (biro, officer)), ("learning", (biro, officer)), ("approvals", (biro,))):
        for visit in visits:
            assert visit.client.get(f"/tabel/isian/{subject}.csv").data.startswith(b"\xef\xbb\xbf")
            book = load_workbook(io.BytesIO(visit.client.get(f"/tabel/isian/{subject}.xlsx").data))
            assert "Petunjuk" in book.sheetnames
    assert "Serahkan kepada Biro SDM" in readable(officer.get("/tabel"))
    assert "Unggah tabelnya" in readable(biro.get("/tabel"))
    biro.get("/tabel/isian/events.csv", expect=404)
    officer.get("/tabel/isian/approvals.csv?menunggu=1", expect=404)


def test_a_unit_takes_its_own_people_away_and_biro_sdm_everybody(web: WebOffice, biro: Visit) -> None:
    web.office.approved("coaching", **LAST_YEAR)
    officer, head = visit_with_roles(web, EKO, "pengelola", unit=ELSEWHERE), visit_with_roles(web, DIAH, "pimpinan")
    assert [row["nip"] for row in rows(officer, "/tabel/employees.csv")] == [EKO]
    assert rows(officer, "/tabel/activities.csv?tahun=2025") == []
    assert {row["nip"] for row in rows(head, "/tabel/activities.csv?tahun=2025")} == {CAHYA}
    (activity,) = rows(biro, "/tabel/activities.csv?tahun=2025")
    assert (activity["nip"], activity["jp"], activity["keputusan"]) == (CAHYA, "2", "approved")
    assert len(rows(biro, "/tabel/employees.csv")) > 3
    assert ELSEWHERE in readable(officer.get("/tabel"))
    assert biro.client.get("/tabel/certificates.xlsx?tahun=2025").data.startswith(b"PK")


def test_who_did_what_is_the_admins_to_take_and_nobody_elses(web: WebOffice, biro: Visit) -> None:
    admin = visit_with_roles(web, EKO, "admin")
    assert any(row["tindakan"] == "account.opened" for row in rows(admin, "/tabel/events.csv"))
    admin.get("/tabel/employees.csv", expect=404)
    biro.get("/tabel/events.csv", expect=404)
    visit_with_roles(web, DIAH, "pimpinan").get("/tabel/employees.csv", expect=404)
    assert "Jejak" in readable(admin.get("/tabel"))


def test_decisions_come_back_as_a_table_and_are_shown_before_they_are_carried_out(web: WebOffice, biro: Visit) -> None:
    web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    waiting = rows(biro, "/tabel/isian/approvals.csv?menunggu=1")
    assert [row["nip"] for row in waiting] == [CAHYA]
    table = filled(waiting, **{f"n{CAHYA}": ("tolak", "Hasil belum diuraikan.")})
    page = biro.post("/biro/pengesahan", file=(table, "putusan.csv"))
    assert "0 disahkan, 1 ditolak" in readable(page)
    assert "Hasil belum diuraikan." in readable(page)
    with web.office.store.reading() as tx:
        assert len(list(tx.submissions.waiting())) == 1
    digest = page.split('name="digest" value="')[1].split('"')[0]
    done = biro.post("/biro/pengesahan/laksanakan", at="/biro/pengesahan", digest=digest, name="putusan.csv")
    assert "0 formulir disahkan, 1 ditolak." in readable(done)
    with web.office.store.reading() as tx:
        assert list(tx.submissions.waiting()) == []


def test_nobody_decides_on_their_own_form_by_way_of_a_table(web: WebOffice) -> None:
    web.office.submit(web.office.signed("coaching", **LAST_YEAR))
    own = visit_with_roles(web, CAHYA, "biro_sdm")
    table = filled(rows(own, "/tabel/isian/approvals.csv?menunggu=1"), **{f"n{CAHYA}": ("sah", "")})
    digest = web.office.store.keep_document(table.getvalue())
    page = own.post("/biro/pengesahan", file=(table, "putusan.csv"), expect=422)
    assert "tidak boleh Anda putuskan" in readable(page)
    own.post("/biro/pengesahan/laksanakan", at="/biro/pengesahan", digest=digest, name="putusan.csv", expect=422)


def test_every_wrong_row_of_a_table_is_named_at_once(biro: Visit) -> None:
    wrong = io.BytesIO(b"kiriman,keputusan,alasan\nK-1,sah,\nK-2,mungkin,\n")
    page = readable(biro.post("/biro/pengesahan", file=(wrong, "putusan.csv"), expect=422))
    assert "Baris 2" in page
    assert "Baris 3" in page
    missing = readable(biro.post("/biro/pengesahan", expect=422))
    assert "Belum ada berkas yang dipilih." in missing
