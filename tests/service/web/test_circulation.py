"""Pages of a circulating form: draft, preview, signatures in turn, return, withdrawal, attachments."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from service.web.pegawai.forms import answers_in, input_kind, input_values
from support.circulation_pages import PASSPHRASE, TYPED, key, revision, sign, start_draft
from support.office import CAHYA, DIAH, EKO, HERI, MAIL, Office
from support.web_client import Visit, WebOffice, open_web_office, readable


@pytest.fixture
def draft(web: WebOffice) -> tuple[Visit, str]:
    """Cahya's browser, and the path of her completely filled draft."""
    visit = web.visit(CAHYA)
    path = start_draft(visit)
    page = visit.get(path)
    visit.post(path, revision=revision(page), then="save", **TYPED)
    return visit, path


def test_the_whole_way_from_a_choice_to_a_verified_submission(web: WebOffice, draft: tuple[Visit, str]) -> None:
    visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    assert "Tanda tangani:" in visit.post(path, revision=revision(visit.get(path)), then="sign", **TYPED)
    assert "berikutnya diberi tahu" in readable(sign(visit, serial, CAHYA))
    assert "Heri Contohadi" in readable(visit.get(path))
    mentor = web.visit(HERI)
    assert "Mentoring analisis kebutuhan" in readable(mentor.get("/tanda-tangan"))
    sign(mentor, serial, HERI)
    assert "Tidak ada yang menunggu" in readable(mentor.get("/tanda-tangan"))
    assert "diserahkan dan diperiksa" in readable(sign(web.visit(DIAH), serial, DIAH))
    assert "Menunggu pengesahan" in readable(visit.get("/beranda"))
    submission = re.search(r"/kiriman/K-\w+", visit.get(path))
    assert submission
    assert "Lulus pemeriksaan" in readable(visit.get(submission.group()))


def test_a_document_is_signed_only_after_it_was_shown(draft: tuple[Visit, str]) -> None:
    visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    page = visit.post(
        f"/tanda-tangan/{serial}/kunci",
        at=f"/tanda-tangan/{serial}",
        revision=revision(visit.get(path)),
        key=key(CAHYA),
        passphrase=PASSPHRASE,
        expect=422,
    )
    assert "belum Anda buka" in readable(page)


def test_a_wrong_passphrase_and_somebody_elses_key_are_told_and_change_nothing(draft: tuple[Visit, str]) -> None:
    visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    assert "sandi" in readable(sign(visit, serial, CAHYA, passphrase="salah", expect=422)).lower()
    assert "belum terdaftar" in readable(sign(visit, serial, HERI, expect=422))
    assert "Draf" in readable(visit.get(path))


def test_a_draft_with_problems_names_them_at_their_fields_and_keeps_what_was_typed(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    path = start_draft(visit)
    typed = TYPED | {"waktu_selesai": "08:00", "tempat": ""}
    page = visit.post(path, revision=revision(visit.get(path)), then="sign", expect=422, **typed)
    assert "Belum dapat ditandatangani" in readable(page)
    assert re.search(r'id="e-tempat"[^>]*>.*?Belum diisi\.', page, re.DOTALL)
    assert "Mentoring analisis kebutuhan" in page


def test_a_draft_that_would_be_refused_is_not_offered_for_signing(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    path = start_draft(visit)
    typed = TYPED | {"tanggal": "2031-11-03"}
    page = readable(visit.post(path, revision=revision(visit.get(path)), then="sign", expect=422, **typed))
    assert "Belum dapat ditandatangani" in page
    assert "Kegiatan belum berlangsung" in page


def test_of_two_windows_the_older_one_is_told_and_loses_nothing(draft: tuple[Visit, str]) -> None:
    visit, path = draft
    old = revision(visit.get(path))
    visit.post(path, revision=old, then="save", **(TYPED | {"tempat": "Bogor"}))
    page = visit.post(path, revision=old, then="save", expect=409, **(TYPED | {"tempat": "Depok"}))
    assert "sudah berubah di jendela" in readable(page)
    assert 'value="Depok"' in page
    assert "Bogor" in readable(page)


def test_a_page_saves_by_itself_and_shows_what_would_be_signed(draft: tuple[Visit, str]) -> None:
    visit, path = draft
    answer = visit.answer(f"{path}/draf", at=path, revision=revision(visit.get(path)), **TYPED)
    assert answer.get_json() == {"revision": int(revision(visit.get(path)))}
    shown = visit.answer(f"{path}/pratinjau", at=path, **TYPED)
    assert shown.data.startswith(b"%PDF")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert visit.client.get(f"{path}/kosong.pdf").data.startswith(b"%PDF")


def test_a_form_sent_back_returns_with_its_reason_and_what_was_typed(web: WebOffice, draft: tuple[Visit, str]) -> None:
    visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    sign(visit, serial, CAHYA)
    mentor = web.visit(HERI)
    page = mentor.get(f"/tanda-tangan/{serial}")
    back = f"/tanda-tangan/{serial}/kembalikan"
    mentor.post(back, at=f"/tanda-tangan/{serial}", reason=" ", revision=revision(page), expect=422)
    mentor.post(back, at=f"/tanda-tangan/{serial}", reason="Lengkapi hasilnya.", revision=revision(page))
    home = visit.get("/beranda")
    assert "Perbaiki: Mentoring analisis kebutuhan" in readable(home)
    again = re.search(r"/formulir/[\w-]+", home.split("Perbaiki:")[0][-400:])
    assert again
    page = visit.get(again.group())
    assert "Lengkapi hasilnya." in readable(page)
    assert 'value="2026-11-03"' in page


def test_somebody_elses_form_is_as_if_it_were_not_there(web: WebOffice, draft: tuple[Visit, str]) -> None:
    _visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    for nip in (EKO, HERI, DIAH):
        other = web.visit(nip)
        other.get(path, expect=404)
        other.get(f"{path}/formulir.pdf", expect=404)
        assert "belum ditandatangani pegawai" in readable(other.get(f"/tanda-tangan/{serial}", expect=409))


def test_several_are_signed_in_one_go_after_all_were_shown(web: WebOffice) -> None:
    visit, serials = web.visit(CAHYA), []
    for hour in ("08", "13"):
        path = start_draft(visit, "coaching")
        typed = TYPED | {"waktu_mulai": f"{hour}:00", "waktu_selesai": f"{hour}:50"}
        visit.post(path, revision=revision(visit.get(path)), then="save", **typed)
        serials.append(path.rsplit("/", 1)[-1])
        sign(visit, serials[-1], CAHYA)
    head = web.visit(DIAH)
    page = head.post("/tanda-tangan/beberapa", at="/tanda-tangan", serial=serials)
    marks = re.findall(r'name="document" value="([^"]+)"', page)
    assert len(marks) == 2
    for serial in serials:
        head.client.get(f"/tanda-tangan/{serial}/dokumen.pdf")
    done = head.post(
        "/tanda-tangan/beberapa/tanda-tangani", at="/tanda-tangan", document=marks, key=key(DIAH), passphrase=PASSPHRASE
    )
    assert readable(done).count("Ditandatangani.") == 2


def test_a_mentor_is_found_by_name_or_nip_and_oneself_is_not_offered(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    assert "Heri Contohadi" in visit.get("/kegiatan/pembimbing?cari=heri")
    assert "Heri Contohadi" in visit.get(f"/kegiatan/pembimbing?cari={HERI[:8]}")
    assert "Cahya" not in visit.get("/kegiatan/pembimbing?cari=cahya")
    assert "Tidak ada pegawai" in visit.get("/kegiatan/pembimbing?cari=zzz")
    refused = visit.post("/kegiatan/baru", kind="mentoring", scope="nasional", meeting="1", expect=422)
    assert "mentor" in readable(refused)
    fields = {"kind": "mentoring", "scope": "nasional", "meeting": "1"}
    assert "Tidak ada pegawai lain" in readable(visit.post("/kegiatan/baru", pembimbing="Cahya", expect=422, **fields))
    several = visit.post("/kegiatan/baru", pembimbing="a", expect=422, **fields)
    assert "Ada beberapa pegawai" in readable(several)
    assert "cmb " not in readable(several)
    assert 'data-save="/formulir/' in visit.post("/kegiatan/baru", pembimbing="Heri", **fields)


def test_a_form_signed_elsewhere_moves_when_it_is_uploaded(web: WebOffice, draft: tuple[Visit, str]) -> None:
    from forms.schema import Role

    visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    document = visit.client.get(f"/tanda-tangan/{serial}/dokumen.pdf").data
    signed = web.office.sign(document, Role.PEGAWAI, CAHYA)
    page = readable(visit.post("/unggah", files=[(io.BytesIO(signed), "hasil.pdf")]))
    assert "Tanda tangan diterima" in page
    assert "Menunggu coach/mentor" in readable(visit.get(path))
    assert "sudah diterima" in readable(visit.post("/unggah", files=[(io.BytesIO(signed), "hasil.pdf")]))


def test_attachments_belong_to_the_form_until_it_is_approved(web: WebOffice, draft: tuple[Visit, str]) -> None:
    visit, path = draft
    photo = b"\x89PNG\r\n\x1a\n" + b"0" * 100
    page = visit.post(f"{path}/lampiran", at=path, files=[(io.BytesIO(photo), "foto.png")])
    assert "foto.png" in readable(page)
    link = re.search(rf"{path}/lampiran/[\w-]+", page)
    assert link
    answer = visit.client.get(link.group())
    assert answer.data == photo
    assert answer.headers["Content-Type"] == "image/png"
    web.visit(EKO).get(link.group(), expect=404)
    refused = visit.post(f"{path}/lampiran", at=path, files=[(io.BytesIO(b"MZ"), "a.exe")], expect=422)
    assert "Lampiran “a.exe” bukan PDF" in readable(refused)
    assert "foto.png" not in readable(visit.post(f"{link.group()}/hapus", at=path))


def test_whoever_signs_and_whoever_decides_sees_what_belongs_to_the_form(
    web: WebOffice, draft: tuple[Visit, str]
) -> None:
    visit, path = draft
    serial = path.rsplit("/", 1)[-1]
    photo = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    visit.post(f"{path}/lampiran", at=path, files=[(photo, "foto.png")])
    for nip in (CAHYA, HERI, DIAH):
        signer = visit if nip == CAHYA else web.visit(nip)
        assert ("foto.png" in signer.get(f"/tanda-tangan/{serial}")) == (nip != CAHYA)
        sign(signer, serial, nip)
    sent = re.search(r"/kiriman/[\w-]+", visit.get("/kegiatan"))
    assert sent
    assert "foto.png" in visit.get(sent.group())
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(EKO)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    biro = web.visit(EKO)
    page = biro.get(sent.group().replace("/kiriman/", "/biro/antrean/"))
    assert "foto.png" in page
    link = re.search(rf"{path}/lampiran/[\w-]+", page)
    assert link
    assert biro.client.get(link.group()).headers["Content-Type"] == "image/png"


def test_the_next_signer_is_reminded_once_a_day(draft: tuple[Visit, str]) -> None:
    visit, path = draft
    sign(visit, path.rsplit("/", 1)[-1], CAHYA)
    assert "sudah diingatkan" in readable(visit.post(f"{path}/ingatkan", at=path))
    assert "sudah dikirim hari ini" in readable(visit.post(f"{path}/ingatkan", at=path, expect=409))


def test_a_form_taken_back_goes_on_as_another(draft: tuple[Visit, str]) -> None:
    visit, path = draft
    visit.post(f"{path}/tarik", at=path, revision=revision(visit.get(path)))
    assert "sudah ditarik" in readable(visit.get(path))
    page = visit.post(f"{path}/ulang", at=path)
    assert 'value="Mentoring analisis kebutuhan"' in page


def test_ones_own_page_tells_what_is_kept_and_who_did_what(draft: tuple[Visit, str]) -> None:
    visit, _place = draft
    page = readable(visit.get("/data-saya"))
    assert "Draf disimpan" in page
    assert "19970821 202012 2 005" in page
    payload = visit.client.get("/data-saya.json").get_json()
    assert payload["employee"]["name"] == "Cahya Lestari"
    assert "password" not in str(payload)
    assert "Kapan Anda disurati" not in page  # this office sends no e-mail


def test_who_gets_e_mails_says_when(office: Office) -> None:
    with open_web_office(replace(office, settings=replace(office.settings, mail=MAIL))) as web:
        page = web.visit(CAHYA).post("/data-saya/surel", at="/data-saya", mail="daily")
    assert 'value="daily" selected' in page


def test_midnight_as_an_end_is_typed_shown_and_written_as_24_00() -> None:
    for typed in ("24.00", "24:00"):
        written = answers_in({"waktu_selesai": typed})
        assert written == {"waktu_selesai": "24.00"}
        value = input_values(written)["waktu_selesai"]
        assert (value, input_kind("waktu_selesai", value)) == ("24.00", "text")
    night = answers_in({"waktu_mulai": "22:30", "waktu_selesai": "00:30"})
    assert night == {"waktu_mulai": "22.30", "waktu_selesai": "00.30"}
    assert {name: input_values(night)[name] for name in night} == {"waktu_mulai": "22:30", "waktu_selesai": "00:30"}
