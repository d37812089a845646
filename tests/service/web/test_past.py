"""CMB known from paper on the web: shown row by row with its JP, kept when confirmed, decided as other learning is."""

from __future__ import annotations

import io
import re

from support.office import CAHYA
from support.web_client import Visit, WebOffice, readable

WHERE = "/biro/cmb-terdahulu"
HEADS = "nip,jenis_kegiatan,tanggal,nama_kegiatan,pembimbing_atau_sumber"


def table(*days: str, kind: str = "coaching") -> tuple[io.BytesIO, str]:
    rows = [f"{CAHYA},{kind},{day},Coaching {day},Heri Contohadi" for day in days]
    return io.BytesIO("\n".join((HEADS, *rows)).encode()), "kertas.csv"


def digest_in(page: str) -> str:
    return page.split('name="digest" value="')[1].split('"', maxsplit=1)[0]


def test_what_it_gives_is_shown_before_it_is_kept(web: WebOffice, biro: Visit) -> None:
    shown = biro.post(WHERE, file=table("2025-03-03", "2025-03-04", "2025-03-05"))
    assert "5.c.1)c)" in readable(shown)
    with web.office.store.reading() as tx:
        assert not tx.other_learning.known()
    page = biro.post(f"{WHERE}/simpan", at=WHERE, digest=digest_in(shown), name="kertas.csv")
    assert "3 kegiatan dicatat dan menunggu keputusan." in readable(page)
    assert "CMB sebelum layanan ini (Coaching)" in readable(page)
    with web.office.store.reading() as tx:
        assert [piece.jp for piece in tx.other_learning.of_employee(CAHYA, 2025)] == [2, 2, 0]


def test_the_employee_sees_it_once_it_is_there_and_no_certificate_has_it(web: WebOffice, biro: Visit) -> None:
    web.office.approved("coaching")
    shown = biro.post(WHERE, file=table("2025-03-20", "2025-03-21"))
    page = biro.post(f"{WHERE}/simpan", at=WHERE, digest=digest_in(shown), name="kertas.csv")
    assert "Sahkan 2 yang menunggu" in readable(page)
    waiting = re.findall(r'name="learning_id" value="(L-\w+)"', page)
    answer = biro.post(
        "/biro/pembelajaran/sahkan", at="/biro/pembelajaran?tahun=2025", learning_id=waiting, tahun="2025"
    )
    assert "2 pembelajaran disahkan." in readable(answer)
    mine = readable(web.visit(CAHYA).get("/pembelajaran-lain?tahun=2025"))
    assert "2 JP disahkan" in mine
    assert "CMB sebelum layanan ini" in mine
    assert web.office.issue().certificate.jp == 2


def test_every_wrong_row_is_named_and_nothing_is_offered_to_keep(biro: Visit) -> None:
    shown = biro.post(WHERE, file=table("2025-02-30", "2027-03-03", kind="seminar"), expect=422)
    text = readable(shown)
    assert "Baris 2" in text
    assert "Baris 3" in text
    assert "“seminar” tidak dikenal" in text
    assert 'name="digest"' not in shown
    assert "Belum ada berkas yang dipilih." in readable(biro.post(WHERE, expect=422))


def test_only_biro_sdm_brings_it_in(web: WebOffice) -> None:
    cahya = web.visit(CAHYA)
    cahya.get(WHERE, expect=403)
    cahya.post(f"{WHERE}/simpan", at="/beranda", digest="ab" * 32, name="a.csv", expect=403)


def test_what_overlaps_another_activity_is_left_out_and_shown_with_the_other(web: WebOffice, biro: Visit) -> None:
    form = web.office.submit(web.office.signed("coaching", waktu_mulai="22.30", waktu_selesai="00.30"))
    heads = "nip,jenis_kegiatan,tanggal,waktu_mulai,waktu_selesai,nama_kegiatan,pembimbing_atau_sumber"
    rows = [
        f"{CAHYA},mentoring,2025-03-05,00.10,01.00,Pagi buta,Heri Contohadi",  # beside the form of 4 March
        f"{CAHYA},coaching,2025-03-31,23.00,24.00,Malam,Heri Contohadi",
        f"{CAHYA},mentoring,2025-03-31,22.00,00.30,Webinar,Heri Contohadi",
        f"{CAHYA},mentoring,2025-04-01,00.10,01.00,Dini hari,Heri Contohadi",
        f"{CAHYA},coaching,2025-04-02,09.00,10.00,Sendiri,Heri Contohadi",
        f"{CAHYA},coaching,2025-04-02,,,Tanpa jam,Heri Contohadi",
    ]
    shown = biro.post(WHERE, file=(io.BytesIO("\n".join((heads, *rows)).encode()), "kertas.csv"))
    page = biro.post(f"{WHERE}/simpan", at=WHERE, digest=digest_in(shown), name="kertas.csv")
    assert f"(kiriman {form.id}, belum diputuskan)" in readable(page)
    assert "“Webinar” tanggal 31 Maret 2025 pukul 22.00–00.30 hari berikutnya" in readable(page)
    assert "Sahkan 2 yang menunggu" in readable(page)
    with web.office.store.reading() as tx:
        by_title = {piece.title: piece.id for piece in tx.other_learning.of_employee(CAHYA, 2025)}
    where = "/biro/pembelajaran?tahun=2025"
    answer = biro.post("/biro/pembelajaran/sahkan", at=where, learning_id=[*by_title.values()], tahun="2025")
    assert "2 pembelajaran disahkan." in readable(answer)
    assert "4 kegiatan tidak ikut disahkan karena waktunya bertumpuk" in readable(answer)
    biro.post(f"/biro/pembelajaran/{by_title['Malam']}", at=where, decision="approve")
    with web.office.store.reading() as tx:
        approved = {piece.title for piece in tx.other_learning.of_employee(CAHYA, 2025) if piece.decision == "approved"}
    assert approved == {"Sendiri", "Tanpa jam", "Malam"}
