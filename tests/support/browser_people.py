"""Users with a real browser (Debian's Chromium, driven by Playwright) who read, type, press and sign."""

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
TIMEOUT = 60_000  # milliseconds: long, because build servers may be slow
_OPTIONS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
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
    """Open one browser; every user gets a context of their own in it."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is not installed (`.ci/setup test` installs it; by hand: apt-get install chromium)")
    # Chromium's sandbox does not work for root, as on many build servers; only our own pages are opened.
    options = [*_OPTIONS, "--no-sandbox"] if os.geteuid() == 0 else [*_OPTIONS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=options)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserUser:
    """A browser window over the service, signed in as the person `name` of the sample office, if any."""

    page: Page
    served: Served
    name: str | None

    def go(self, path: str) -> str:
        """Open a page of the service and return its text."""
        self.page.goto(self.served.url + path)
        return self.read()

    def read(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.served.url)

    def press(self, name: str) -> None:
        """Press the button of that name and wait for the next page."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def wait_for_text(self, text: str) -> None:
        self.page.locator("main").get_by_text(text).first.wait_for()

    def wait_for_document(self) -> None:
        """Wait until the document is drawn."""
        self.page.locator('.pdf-viewer[data-shown="yes"]').first.wait_for()

    def wait_for_documents(self) -> None:
        """Wait until every document of the page is drawn."""
        for paper in self.page.locator(".pdf-viewer").all():
            paper.and_(self.page.locator('[data-shown="yes"]')).wait_for()

    def start_draft(self, kind: str = "coaching", guide: str = "") -> str:
        """Start a draft on the page of a new activity; return its path."""
        self.go("/kegiatan/baru")
        self.page.check(f'input[name="kind"][value="{kind}"]')
        if guide:
            self.page.locator("#f-pembimbing").press_sequentially(PEOPLE[guide].name.split()[0])
            self.page.locator("#guide-list button").first.click()
        self.press("Buat formulir")
        self.page.locator("#draft").wait_for()
        return self.path

    def type(self, title: str, day: str, **changed: str) -> None:
        answers = TYPED | {"nama_kegiatan": title, "tanggal": day, "tanggal_tanda_tangan": day} | changed
        for name, value in answers.items():
            self.page.fill(f"#f-{name}", value)

    def sign(self, path: str = "", *, key: Path | None = None, passphrase: str = "") -> None:
        """Sign the document at `path`, or on this page, with a key file."""
        if path:
            self.go(path)
        self.wait_for_document()
        assert self.name is not None
        self.page.set_input_files("#f-key", key or self.served.key(self.name))
        self.page.fill("#f-passphrase", passphrase or self.served.passphrase)
        self.press("Tanda tangani")

    def sign_at_bsre(self, passphrase: str = PASSPHRASE, *, button: str = "Tanda tangani lewat BSrE") -> None:
        """Sign the documents on this page through the agency's gateway."""
        self.wait_for_documents()
        self.page.fill("#f-nik", NIKS[self.name or ""])
        self.page.fill("#f-bsre-passphrase", passphrase)
        self.press(button)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserUsers:
    """Opens windows for users; all windows are closed with the test."""

    browser: Browser
    served: Served
    contexts: list[BrowserContext]

    def guest(
        self, who: str | None = None, *, phone: bool = False, script: bool = True, fresh: bool = False
    ) -> BrowserUser:
        """Open a window, signed in as that person if one is named (`fresh`: with a session of its own)."""
        served = self.served
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK,
            java_script_enabled=script,
            locale="id-ID",
            extra_http_headers=served.origin(who) if who else {},
        )
        self.contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        if who:
            cookie = served.fresh_cookie(who) if fresh else served.cookie(who)
            context.add_cookies([{"name": "cmb", "value": cookie, "url": served.url}])
        return BrowserUser(page=context.new_page(), served=served, name=who)
