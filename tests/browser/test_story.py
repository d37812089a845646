"""One activity from draft to certificate and public check, with three people in real browsers; also returns."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

from service.demo.sample import PEOPLE
from support.accessibility import look
from support.browser_people import BrowserUser, BrowserUsers
from support.running_service import LAST_YEAR


def signed_by(lobby: BrowserUsers, signer: str, title: str, *, phone: bool = False) -> BrowserUser:
    """Let a person sign the form that waits for them; return their window."""
    guest = lobby.guest(signer, phone=phone)
    guest.go("/tanda-tangan")
    guest.page.get_by_role("link", name=f"Buka {title}", exact=True).click()
    guest.sign()
    return guest


def approve_and_issue(lobby: BrowserUsers, title: str) -> None:
    """Approve the form in the queue, then issue the year's certificates by the worker."""
    biro = lobby.guest("diah")
    biro.go("/biro/antrean")
    look(biro, "antrean")
    biro.page.get_by_role("row").filter(has_text=title).get_by_role("checkbox").check()
    biro.press("Sahkan yang dicentang")
    biro.wait_for_text("1 formulir disahkan.")
    biro.go(f"/biro/sertifikat?tahun={LAST_YEAR}")
    look(biro, "sertifikat-rencana")
    biro.page.get_by_role("button", name="Terbitkan").click()
    biro.page.locator("#state", has_text="Selesai").wait_for()


def decoded(pdf: Path) -> str:
    """Return the text of the QR code on the first page of a certificate."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", pdf, pdf.with_suffix("")], check=True)
    with Image.open(pdf.with_suffix(".png")) as picture:
        [found] = {code.text for code in zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormat.QRCode)}
    return found


def test_from_a_blank_to_a_certificate_that_anybody_can_check(lobby: BrowserUsers, tmp_path: Path) -> None:
    title, day = "Mentoring penyusunan peta karier", f"{LAST_YEAR}-05-20"
    cahya = lobby.guest()
    cahya.go("/masuk")
    cahya.page.fill("#f-login", PEOPLE["cahya"].nip)
    cahya.page.fill("#f-password", lobby.served.password)
    cahya.press("Masuk")
    cahya.wait_for_text("Selamat datang, Cahya Lestari")
    cahya = BrowserUser(page=cahya.page, served=cahya.served, name="cahya")
    path = cahya.start_draft("mentoring", "heri")
    serial = path.rsplit("/", 1)[-1]
    cahya.type(title, day)
    cahya.page.locator("#saving", has_text="Tersimpan").wait_for()
    cahya.page.locator("#preview canvas").first.wait_for()
    look(cahya, "formulir-isi")
    cahya.press("Periksa dan tanda tangani")
    cahya.wait_for_document()
    look(cahya, "tanda-tangan")
    cahya.sign()
    cahya.wait_for_text("Penanda tangan berikutnya diberi tahu.")
    look(cahya, "formulir-berjalan")
    mentor = lobby.guest("heri", phone=True)
    mentor.go("/tanda-tangan")
    look(mentor, "menunggu")
    signed_by(lobby, "heri", title, phone=True).wait_for_text("Penanda tangan berikutnya diberi tahu.")
    signed_by(lobby, "diah", title).wait_for_text("Semua tanda tangan lengkap.")
    assert "Menunggu pengesahan" in cahya.go("/kegiatan?tahun=" + str(LAST_YEAR))
    approve_and_issue(lobby, title)
    cahya.go("/sertifikat")
    look(cahya, "sertifikat")
    with cahya.page.expect_download() as saved:
        cahya.page.get_by_role("link", name="Simpan").first.click()
    saved.value.save_as(paper := tmp_path / "sertifikat.pdf")
    anybody = lobby.guest(phone=True)
    address = decoded(paper)
    assert address.startswith(lobby.served.url + "/periksa/"), address
    anybody.page.goto(address)
    anybody.wait_for_text("Berlaku")
    look(anybody, "periksa-berlaku")
    assert "Cahya Lestari" in anybody.read()
    assert serial not in anybody.read()
    anybody.go("/periksa")
    anybody.page.set_input_files("#f-berkas", paper)
    anybody.press("Periksa berkas")
    anybody.wait_for_text("sama persis")


def test_a_form_sent_back_is_mended_and_signed_again(lobby: BrowserUsers) -> None:
    title, day = "Coaching menata arsip", f"{LAST_YEAR}-06-03"
    bagus = lobby.guest("bagus", phone=True)
    bagus.start_draft()
    bagus.type(title, day)
    bagus.press("Periksa dan tanda tangani")
    bagus.sign()
    heri = lobby.guest("heri")
    heri.go("/tanda-tangan")
    heri.page.get_by_role("link", name=f"Buka {title}", exact=True).click()
    heri.page.fill("#f-reason", "Lengkapi hasil pengembangannya.")
    heri.press("Kembalikan kepada Bagus Prasetya, S.Kom.")
    heri.wait_for_text("Formulir dikembalikan")
    bagus.go("/beranda")
    look(bagus, "beranda-perbaiki")
    bagus.page.get_by_role("link", name=f"Perbaiki: {title}").first.click()
    bagus.wait_for_text("Lengkapi hasil pengembangannya.")
    assert bagus.page.input_value("#f-nama_kegiatan") == title
    bagus.page.fill("#f-hasil_pengembangan", "Daftar arsip tersusun dan disepakati.")
    bagus.press("Periksa dan tanda tangani")
    bagus.sign()
    signed_by(lobby, "heri", title).wait_for_text("Semua tanda tangan lengkap.")
    biro = lobby.guest("diah")
    biro.go("/biro/antrean")
    biro.page.get_by_role("link", name=title).click()
    biro.wait_for_document()
    look(biro, "tinjau")
    biro.page.fill("#f-reason", "Tanggalnya keliru.")
    biro.press("Tolak dengan alasan ini")
    biro.wait_for_text("ditolak dengan alasan Anda")
    assert "Tidak disahkan" in bagus.go(f"/kegiatan?tahun={LAST_YEAR}")
    bagus.page.get_by_role("link", name=title).click()
    bagus.wait_for_text("Tanggalnya keliru.")
    look(bagus, "kiriman-ditolak")


def test_a_plh_signs_in_the_officials_place(lobby: BrowserUsers) -> None:
    title, day = "Coaching tata naskah", dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    joko = lobby.guest("joko")
    joko.go("/delegasi")
    joko.page.locator("#f-to").press_sequentially("Gita")
    joko.page.locator("#to-list button").first.click()
    joko.page.fill("#f-ends", (day + dt.timedelta(days=9)).isoformat())
    joko.page.fill("#f-reason", "SPRINT-7/2026")
    joko.press("Simpan delegasi")
    joko.wait_for_text("Delegasi tersimpan")
    look(joko, "delegasi")
    fajar = lobby.guest("fajar")
    fajar.start_draft()
    fajar.type(title, day.isoformat())
    fajar.press("Periksa dan tanda tangani")
    fajar.sign()
    gita = lobby.guest("gita")
    assert "sebagai pengganti Joko" in gita.go("/tanda-tangan")
    signed_by(lobby, "gita", title).wait_for_text("Semua tanda tangan lengkap.")
    fajar.go("/kegiatan")
    fajar.page.get_by_role("link", name=title).first.click()
    assert "Gita Permatasari" in fajar.read()


def test_a_wrong_passphrase_is_told_and_the_next_try_signs(lobby: BrowserUsers) -> None:
    dewi = lobby.guest("dewi")
    dewi.start_draft()
    dewi.type("Coaching sasaran kinerja", f"{LAST_YEAR}-02-10")
    dewi.press("Periksa dan tanda tangani")
    dewi.sign(passphrase="salah sekali")
    assert "salah" in dewi.page.get_by_role("alert").inner_text()
    look(dewi, "sandi-kunci-salah")
    dewi.sign(key=lobby.served.key("heri"))
    assert "Heri Contohadi" in dewi.page.get_by_role("alert").inner_text()
    dewi.sign()
    dewi.wait_for_text("Penanda tangan berikutnya diberi tahu.")
