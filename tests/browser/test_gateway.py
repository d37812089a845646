"""Signing through the agency's BSrE gateway in the browser: passphrase, code, several forms, a lost answer."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from service.store.gateway_calls import CallOutcome
from support.accessibility import look
from support.browser_people import BrowserUser, BrowserUsers
from support.bsre import PASSPHRASE, WRONG, SimulatedGateway
from support.neighbour_services import NIKS
from support.running_service import LAST_YEAR


@pytest.fixture
def gateway(lobby: BrowserUsers) -> SimulatedGateway:
    """The simulated gateway without faults."""
    assert lobby.served.around
    lobby.served.around.gateway.mood("")
    return lobby.served.around.gateway


def open_filled_form(guest: BrowserUser, title: str, day: str) -> str:
    """Fill in an own form and open it for signing; return its serial."""
    serial = guest.start_draft().rsplit("/", 1)[-1]
    guest.type(title, f"{LAST_YEAR}-{day}")
    guest.press("Periksa dan tanda tangani")
    return serial


def test_a_passphrase_a_code_and_several_at_once(lobby: BrowserUsers, gateway: SimulatedGateway) -> None:
    first, second = "Coaching arsip digital", "Coaching arsip vital"
    bagus = lobby.guest("bagus")
    open_filled_form(bagus, first, "10-06")
    look(bagus, "tanda-tangan-bsre")
    bagus.sign_at_bsre(WRONG)
    bagus.wait_for_text("Layanan BSrE menjawab: “Passphrase anda salah” (2031).")
    look(bagus, "bsre-ditolak")
    assert WRONG not in bagus.page.content()
    assert NIKS["bagus"] not in bagus.page.content()
    bagus.page.get_by_role("link", name=f"Buka lagi {first}").click()
    bagus.sign_at_bsre()
    bagus.wait_for_text("Ditandatangani.")

    open_filled_form(bagus, second, "10-07")
    bagus.page.fill("#f-nik", NIKS["bagus"])
    bagus.page.get_by_text("Pakai kode sekali pakai (TOTP)").click()
    bagus.press("Kirimi saya kode")
    bagus.wait_for_text("Kode sekali pakai dikirim ke perangkat Anda untuk 1 berkas.")
    bagus.wait_for_document()
    bagus.page.fill("#f-nik", NIKS["bagus"])
    bagus.page.get_by_text("Pakai kode sekali pakai (TOTP)").click()
    bagus.page.fill("#f-totp", gateway.codes()[-1])
    # Enter presses the button that signs, not the one that requests another code.
    bagus.page.press("#f-totp", "Enter")
    bagus.wait_for_text("Ditandatangani.")

    heri = lobby.guest("heri")
    heri.go("/tanda-tangan")
    for title in (first, second):
        heri.page.get_by_role("row").filter(has_text=title).get_by_role("checkbox").check()
    heri.press("Buka yang dicentang dan tanda tangani sekaligus")
    before = gateway.sign_calls()
    heri.sign_at_bsre(button="Tanda tangani 2 formulir lewat BSrE")
    heri.wait_for_text("Ditandatangani.")
    look(heri, "bsre-beberapa")
    assert heri.read().count("Ditandatangani.") == 2
    assert gateway.sign_calls() == before + 2
    bagus.go(f"/kegiatan?tahun={LAST_YEAR}")
    for title in (first, second):
        assert "Menunggu pengesahan" in bagus.page.get_by_role("row").filter(has_text=title).inner_text()


def test_a_signature_whose_answer_was_lost_is_found_in_the_file_and_not_made_twice(
    lobby: BrowserUsers, gateway: SimulatedGateway, tmp_path: Path
) -> None:
    lestari = lobby.guest("lestari", phone=True)
    serial = open_filled_form(lestari, "Coaching yang terputus di BSrE", "10-08")
    gateway.mood("proxy gave up")
    before = gateway.sign_calls()
    lestari.sign_at_bsre()
    lestari.wait_for_text("Hasil penandatanganan belum diketahui")
    lestari.wait_for_text("Jangan menandatangani ulang dahulu")
    lestari.page.get_by_role("link", name="Buka lagi").click()
    lestari.sign_at_bsre()
    lestari.wait_for_text("Hasil penandatanganan sebelumnya untuk dokumen ini belum diketahui")
    look(lestari, "bsre-belum-diketahui")
    assert gateway.sign_calls() == before + 1
    (found := tmp_path / "dari-bsre.pdf").write_bytes(gateway.last_signed())
    lestari.go("/unggah")
    lestari.page.set_input_files("#f-files", found)
    lestari.press("Unggah formulir")
    lestari.wait_for_text("Tanda tangan diterima")
    with lobby.served.store.reading() as tx:
        circulation, (call,) = tx.circulations.get(serial), tx.gateway_calls.of(serial)
    assert circulation
    assert (call.outcome, call.digest_after) == (CallOutcome.SETTLED, circulation.digest)
    assert gateway.sign_calls() == before + 1
    assert not found_in(lobby.served.settings.home, PASSPHRASE, NIKS["lestari"])


def found_in(folder: Path, *secrets: str) -> str:
    """Return the files that contain a secret. By another program: closing a file of SQLite here would end its locks."""
    command = ["grep", "--recursive", "--text", "--fixed-strings", "--files-with-matches", "--file=-", folder]
    grep = subprocess.run(command, input="\n".join(secrets), capture_output=True, text=True, check=False)
    assert grep.returncode in {0, 1}, grep.stderr
    return grep.stdout
