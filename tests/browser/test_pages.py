"""Pages without a mouse, without scripts, and with little data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Response

from service.demo.sample import PEOPLE
from support.browser_people import BrowserUser, BrowserUsers
from support.running_service import LAST_YEAR

MAX_BYTES = 200_000  # of a page with everything it loads but pdf.js


@pytest.mark.parametrize("path", ["/", "/beranda", "/kegiatan/baru", "/unggah", "/biro/antrean", "/biro/periksa"])
def test_a_page_is_light(lobby: BrowserUsers, path: str) -> None:
    guest = lobby.guest("diah")
    responses: list[Response] = []
    guest.page.on("response", lambda answer: responses.append(answer))  # noqa: PLW0108 - Playwright marks what it calls
    guest.go(path)
    guest.page.wait_for_load_state("networkidle")
    weights = {response.url: len(response.body()) for response in responses if "/pdfjs/" not in response.url}
    assert sum(weights.values()) < MAX_BYTES, weights


def unseen_focus(guest: BrowserUser) -> str | None:
    """Return the focused element if it shows no focus. In date and time fields Chromium draws its own ring."""
    found: str | None = guest.page.evaluate(
        """() => {
          const here = document.activeElement;
          const drawn = getComputedStyle(here).outlineStyle !== "none" || ["date", "time"].includes(here.type);
          return drawn ? null : here.outerHTML.slice(0, 200);
        }"""
    )
    return found


def tab_to(guest: BrowserUser, selector: str) -> None:
    """Press Tab until the element has the focus; it must be visible at every step."""
    for _step in range(80):
        guest.page.keyboard.press("Tab")
        assert unseen_focus(guest) is None
        if guest.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_signing_in_and_beginning_a_form_need_only_the_keyboard(lobby: BrowserUsers) -> None:
    guest = lobby.guest()
    guest.go("/masuk")
    tab_to(guest, "#f-login")
    guest.page.keyboard.type(PEOPLE["indra"].nip)
    tab_to(guest, "#f-password")
    guest.page.keyboard.type(lobby.served.password)
    guest.page.keyboard.press("Enter")
    guest.wait_for_text("Selamat datang")
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    assert guest.page.evaluate("() => document.activeElement.id") == "isi"
    guest.go("/kegiatan/baru")
    tab_to(guest, '[name="kind"]')
    guest.page.keyboard.press("ArrowDown")
    tab_to(guest, "#f-pembimbing")
    guest.page.keyboard.type("Heri")
    guest.page.locator("#guide-list button").first.wait_for()
    tab_to(guest, "#guide-list button")
    guest.page.keyboard.press("Enter")
    assert guest.page.input_value("#f-pembimbing") == PEOPLE["heri"].nip
    tab_to(guest, "main form button.button")
    guest.page.keyboard.press("Enter")
    guest.page.locator("#draft").wait_for()
    tab_to(guest, '[name="then"][value="sign"]')
    guest.page.keyboard.press("Enter")
    guest.wait_for_text("Belum dapat ditandatangani")


def test_without_scripts_one_signs_in_fills_signs_and_uploads(lobby: BrowserUsers, tmp_path: Path) -> None:
    guest = lobby.guest(script=False)
    guest.go("/masuk")
    guest.page.fill("#f-login", PEOPLE["lestari"].nip)
    guest.page.fill("#f-password", lobby.served.password)
    guest.press("Masuk")
    guest.wait_for_text("Selamat datang")
    guest.start_draft()
    guest.type("Coaching tanpa skrip", f"{LAST_YEAR}-09-02")
    guest.press("Periksa dan tanda tangani")
    path = guest.path
    link = guest.page.get_by_role("link", name="Buka PDF").get_attribute("href")
    assert guest.page.context.request.get(lobby.served.url + str(link)).body().startswith(b"%PDF")
    guest.go(path)
    guest.page.set_input_files("#f-key", lobby.served.key("lestari"))
    guest.page.fill("#f-passphrase", lobby.served.passphrase)
    guest.press("Tanda tangani")
    guest.wait_for_text("Penanda tangan berikutnya diberi tahu.")
    form = tmp_path / "formulir.pdf"
    form.write_bytes(lobby.served.signed("lestari", "belajar_mandiri", day=dt.date(LAST_YEAR, 9, 3)))
    guest.go("/unggah")
    guest.page.set_input_files("#f-files", form)
    guest.press("Unggah formulir")
    guest.wait_for_text("Semua yang diperiksa sesuai.")
    look_unscripted(guest)


def look_unscripted(guest: BrowserUser) -> None:
    """A page without scripts has its text and its styles."""
    assert guest.page.locator("h1").count() == 1
    assert guest.page.locator('link[rel="stylesheet"]').count() == 1
