"""Pages for everybody: the keyboard alone, no script, a slow line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Response

from service.demo.sample import PEOPLE
from support.browser_people import Guest, Lobby
from support.running_service import LAST_YEAR

LIGHT = 200_000  # bytes of a page with everything it loads, pdf.js aside


@pytest.mark.parametrize("path", ["/", "/beranda", "/kegiatan/baru", "/unggah", "/biro/antrean", "/biro/periksa"])
def test_a_page_is_light(lobby: Lobby, path: str) -> None:
    guest = lobby.guest("diah")
    came: list[Response] = []
    guest.page.on("response", lambda answer: came.append(answer))  # noqa: PLW0108 - Playwright marks what it calls
    guest.go(path)
    guest.page.wait_for_load_state("networkidle")
    weights = {each.url: len(each.body()) for each in came if "/pdfjs/" not in each.url}
    assert sum(weights.values()) < LIGHT, weights


def unseen_focus(guest: Guest) -> str | None:
    """The element that has the focus without showing it. Inside date and time fields Chromium draws its own ring."""
    found: str | None = guest.page.evaluate(
        """() => {
          const here = document.activeElement;
          const drawn = getComputedStyle(here).outlineStyle !== "none" || ["date", "time"].includes(here.type);
          return drawn ? null : here.outerHTML.slice(0, 200);
        }"""
    )
    return found


def tab_to(guest: Guest, selector: str) -> None:
    """Press Tab until the focus is there; wherever it is on the way, it is seen."""
    for _step in range(80):
        guest.page.keyboard.press("Tab")
        assert unseen_focus(guest) is None
        if guest.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_signing_in_and_beginning_a_form_need_only_the_keyboard(lobby: Lobby) -> None:
    guest = lobby.guest()
    guest.go("/masuk")
    tab_to(guest, "#f-login")
    guest.page.keyboard.type(PEOPLE["indra"].nip)
    tab_to(guest, "#f-password")
    guest.page.keyboard.type(lobby.served.password)
    guest.page.keyboard.press("Enter")
    guest.sees("Selamat datang")
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
    guest.sees("Belum dapat ditandatangani")


def test_without_scripts_one_signs_in_fills_signs_and_uploads(lobby: Lobby, tmp_path: Path) -> None:
    guest = lobby.guest(script=False)
    guest.go("/masuk")
    guest.page.fill("#f-login", PEOPLE["lestari"].nip)
    guest.page.fill("#f-password", lobby.served.password)
    guest.press("Masuk")
    guest.sees("Selamat datang")
    guest.begin()
    guest.type("Coaching tanpa skrip", f"{LAST_YEAR}-09-02")
    guest.press("Periksa dan tanda tangani")
    place = guest.path
    link = guest.page.get_by_role("link", name="Buka PDF").get_attribute("href")
    assert guest.page.context.request.get(lobby.served.url + str(link)).body().startswith(b"%PDF")
    guest.go(place)
    guest.page.set_input_files("#f-key", lobby.served.key("lestari"))
    guest.page.fill("#f-passphrase", lobby.served.passphrase)
    guest.press("Tanda tangani")
    guest.sees("Penanda tangan berikutnya diberi tahu.")
    form = tmp_path / "formulir.pdf"
    form.write_bytes(lobby.served.signed("lestari", "belajar_mandiri", day=dt.date(LAST_YEAR, 9, 3)))
    guest.go("/unggah")
    guest.page.set_input_files("#f-files", form)
    guest.press("Unggah formulir")
    guest.sees("Semua yang diperiksa sesuai.")
    look_unscripted(guest)


def look_unscripted(guest: Guest) -> None:
    """What is drawn without any script: a page with its words and its look."""
    assert guest.page.locator("h1").count() == 1
    assert guest.page.locator('link[rel="stylesheet"]').count() == 1
