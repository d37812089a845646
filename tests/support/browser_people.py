"""People at a real browser (Debian's Chromium, driven by Playwright): they read, type, press, and sign with a file."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.demo.sample import PEOPLE
from support.bsre import PASSPHRASE
from support.neighbour_services import NIKS
from support.running_service import Served

DESK, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 780}
PATIENCE = 60_000  # milliseconds; a build server may be slow, a hanging page is found all the same
_WORDS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
TYPED = {
    "waktu_mulai": "09:00",
    "waktu_selesai": "10:30",
    "tempat": "Jakarta",
    "identifikasi_kebutuhan": "Memahami pola karier.",
    "hubungan_tanggung_jawab": "Tugas analis.",
    "kegiatan_pengembangan": "Diskusi dan latihan.",
    "hasil_pengembangan": "Rencana karier tersusun.",
    "tempat_tanda_tangan": "Jakarta",
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; every guest gets a context of their own in it."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is not installed (`.ci/setup test` installs it; by hand: apt-get install chromium)")
    # Chromium refuses to build its sandbox for root, as build servers often are; it sees nothing but our pages.
    words = [*_WORDS, "--no-sandbox"] if os.geteuid() == 0 else [*_WORDS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=words)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody's browser window over the service."""

    page: Page
    served: Served
    who: str | None

    def go(self, path: str) -> str:
        """Open a page of ours; what it says."""
        self.page.goto(self.served.url + path)
        return self.read()

    def read(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.served.url)

    def press(self, name: str) -> None:
        """Press the button of that name; wait for what it leads to."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def sees(self, words: str) -> None:
        self.page.locator("main").get_by_text(words).first.wait_for()

    def reads_paper(self) -> None:
        """Wait until the document is drawn."""
        self.page.locator('.paper[data-shown="yes"]').first.wait_for()

    def reads_papers(self) -> None:
        """Wait until every document of the page is drawn."""
        for each in self.page.locator(".paper").all():
            each.and_(self.page.locator('[data-shown="yes"]')).wait_for()

    def begin(self, kind: str = "coaching", guide: str = "") -> str:
        """A new draft by the page for it; its address."""
        self.go("/kegiatan/baru")
        self.page.check(f'input[name="kind"][value="{kind}"]')
        if guide:
            self.page.locator("#f-pembimbing").press_sequentially(PEOPLE[guide].name.split()[0])
            self.page.locator("#guide-list button").first.click()
        self.press("Buat formulir")
        self.page.locator("#draft").wait_for()
        return self.path

    def type(self, title: str, day: str, **changed: str) -> None:
        told = TYPED | {"nama_kegiatan": title, "tanggal": day, "tanggal_tanda_tangan": day} | changed
        for name, value in told.items():
            self.page.fill(f"#f-{name}", value)

    def sign(self, path: str = "", *, key: Path | None = None, passphrase: str = "") -> None:
        """Read the document at `path`, or the one on this page, and sign it with a key file."""
        if path:
            self.go(path)
        self.reads_paper()
        assert self.who is not None
        self.page.set_input_files("#f-key", key or self.served.key(self.who))
        self.page.fill("#f-passphrase", passphrase or self.served.passphrase)
        self.press("Tanda tangani")

    def sign_at_bsre(self, passphrase: str = PASSPHRASE, *, button: str = "Tanda tangani lewat BSrE") -> None:
        """Read the documents on this page, and have them signed at the agency's gateway."""
        self.reads_papers()
        self.page.fill("#f-nik", NIKS[self.who or ""])
        self.page.fill("#f-bsre-passphrase", passphrase)
        self.press(button)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobby:
    """Where guests come from; all their windows close with the test."""

    browser: Browser
    served: Served
    contexts: list[BrowserContext]

    def guest(self, who: str | None = None, *, phone: bool = False, script: bool = True, fresh: bool = False) -> Guest:
        """A window, signed in as that person when one is named (`fresh`: with a session of their own)."""
        served = self.served
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK,
            java_script_enabled=script,
            locale="id-ID",
            extra_http_headers=served.origin(who) if who else {},
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if who:
            cookie = served.fresh_cookie(who) if fresh else served.cookie(who)
            context.add_cookies([{"name": "cmb", "value": cookie, "url": served.url}])
        return Guest(page=context.new_page(), served=served, who=who)
