"""Mishaps in the browser: double clicks, going back, two windows, an ended session, wrong files."""

from __future__ import annotations

from pathlib import Path

from service.demo.sample import PEOPLE
from support.accessibility import look
from support.browser_people import BrowserUser, BrowserUsers
from support.running_service import LAST_YEAR


def drafts(guest: BrowserUser) -> int:
    """Return how many open forms this person has."""
    with guest.served.store.reading() as tx:
        return len(tx.circulations.of_employee(PEOPLE[guest.name or ""].nip))


def test_a_button_pressed_twice_does_it_once(lobby: BrowserUsers) -> None:
    eko = lobby.guest("eko")
    eko.go("/kegiatan/baru")
    before = drafts(eko)
    eko.page.get_by_role("button", name="Buat formulir").dblclick()
    eko.page.locator("#draft").wait_for()
    assert drafts(eko) == before + 1
    title = "Coaching ditekan dua kali"
    eko.type(title, f"{LAST_YEAR}-08-04")
    eko.press("Periksa dan tanda tangani")
    eko.wait_for_document()
    eko.page.set_input_files("#f-key", lobby.served.key("eko"))
    eko.page.fill("#f-passphrase", lobby.served.passphrase)
    eko.page.get_by_role("button", name="Tanda tangani", exact=True).dblclick()
    eko.wait_for_text("Penanda tangan berikutnya diberi tahu.")
    eko.wait_for_text("Menunggu")


def test_going_back_after_signing_cannot_sign_or_change_it_again(lobby: BrowserUsers) -> None:
    eko = lobby.guest("eko")
    path = eko.start_draft()
    eko.type("Coaching kembali ke halaman lama", f"{LAST_YEAR}-08-05")
    eko.press("Periksa dan tanda tangani")
    eko.sign()
    eko.wait_for_text("Penanda tangan berikutnya diberi tahu.")
    eko.page.go_back()
    eko.page.go_back()
    eko.page.wait_for_load_state()
    if eko.page.locator("#draft").count():
        eko.page.fill("#f-tempat", "Bogor")
        eko.page.get_by_role("button", name="Simpan draf").click()
        eko.page.wait_for_load_state()
    assert "Menunggu" in eko.go(path)


def test_of_two_windows_the_older_keeps_what_was_typed_in_it(lobby: BrowserUsers) -> None:
    first, second = lobby.guest("kartika"), lobby.guest("kartika")
    path = first.start_draft()
    second.go(path)
    first.type("Coaching dua jendela", f"{LAST_YEAR}-12-02")
    first.press("Simpan draf")
    first.wait_for_text("Draf tersimpan")
    second.page.fill("#f-nama_kegiatan", "Judul dari jendela kedua")
    second.press("Simpan draf")
    second.page.get_by_role("alert").first.wait_for()
    look(second, "formulir-dua-jendela")
    assert second.page.input_value("#f-nama_kegiatan") == "Judul dari jendela kedua"
    assert "jendela" in second.page.get_by_role("alert").first.inner_text()
    second.press("Simpan draf")
    second.wait_for_text("Draf tersimpan")
    first.go(path)
    assert first.page.input_value("#f-nama_kegiatan") == "Judul dari jendela kedua"


def test_a_session_that_ends_in_a_long_form_loses_no_word_of_it(lobby: BrowserUsers) -> None:
    kartika = lobby.guest("kartika", fresh=True)
    path = kartika.start_draft()
    # A pending answer would set the cookie again.
    kartika.page.wait_for_load_state("networkidle")
    kartika.page.context.clear_cookies()
    kartika.type("Coaching yang terputus", f"{LAST_YEAR}-12-03", hasil_pengembangan="Kalimat panjang “dengan” <tanda>.")
    kartika.page.locator("#saving", has_text="Belum tersimpan").wait_for()
    kartika.press("Simpan draf")
    kartika.wait_for_text("Sesi Anda berakhir")
    look(kartika, "masuk-lagi")
    kartika.page.fill("#f-login", PEOPLE["kartika"].nip)
    kartika.page.fill("#f-password", lobby.served.password)
    kartika.press("Masuk")
    kartika.wait_for_text("Yang Anda ketik masih ada")
    look(kartika, "lanjutkan")
    kartika.press("Lanjutkan dan simpan")
    kartika.wait_for_text("Draf tersimpan")
    assert kartika.path == path
    assert kartika.page.input_value("#f-hasil_pengembangan") == "Kalimat panjang “dengan” <tanda>."


def test_what_was_typed_a_moment_ago_is_kept_when_a_file_is_attached(lobby: BrowserUsers, tmp_path: Path) -> None:
    dewi = lobby.guest("dewi")
    dewi.start_draft()
    photo = tmp_path / "foto.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    dewi.page.set_input_files("#f-attachment", photo)
    dewi.page.fill("#f-nama_kegiatan", "Coaching menulis nota")
    dewi.press("Tambahkan lampiran")
    dewi.wait_for_text("foto.png")
    assert dewi.page.input_value("#f-nama_kegiatan") == "Coaching menulis nota"


def test_rubbish_is_refused_with_words_and_kept_under_a_number(lobby: BrowserUsers, tmp_path: Path) -> None:
    gita = lobby.guest("gita", phone=True)
    wrong = {"kosong.pdf": b"", "foto.pdf": b"\xff\xd8\xff" + b"0" * 500, "separuh.pdf": b"%PDF-1.7\n1 0 obj <<"}
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
    gita.go("/unggah")
    look(gita, "unggah")
    gita.page.set_input_files("#f-files", [tmp_path / name for name in wrong])
    gita.wait_for_text("foto.pdf, separuh.pdf")
    gita.press("Unggah formulir")
    gita.page.get_by_role("heading", name="Unggah lagi").wait_for()
    look(gita, "unggah-ditolak")
    text = gita.read()
    assert text.count("Berkas tidak terbaca") + text.count("bukan") >= len(wrong) - 1
    assert "tersimpan aman dengan nomor" in text
    gita.go("/periksa")
    gita.page.set_input_files("#f-berkas", tmp_path / "foto.pdf")
    gita.press("Periksa berkas")
    gita.wait_for_text("Tidak dikenal")
    look(gita, "periksa-tidak-dikenal")
