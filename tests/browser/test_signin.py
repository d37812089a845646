"""Sign-in and sign-out by OpenID Connect in a real browser at a real provider."""

from __future__ import annotations

import re

import pytest

from service.demo.sample import PEOPLE
from support.accessibility import look
from support.browser_people import BrowserUser, BrowserUsers

OURS = re.compile(r"^http://127\.0\.0\.1[:/]")


@pytest.fixture
def visitor(lobby: BrowserUsers) -> BrowserUser:
    """A user on the sign-in page; requests beyond this machine are blocked."""
    around = lobby.served.around
    assert around
    if around.issuer is None:
        pytest.skip(f"not run: {around.missing}")
    guest = lobby.guest()
    guest.page.context.route(lambda url: not OURS.match(url), lambda route: route.abort())
    guest.go("/masuk")
    return guest


def sign_in_at_provider(guest: BrowserUser, name: str) -> None:
    """Sign in and consent on the provider's pages, and return to the service."""
    guest.page.get_by_role("link", name="Masuk dengan SSO Contoh").click()
    guest.page.fill('input[name="login"]', name)
    guest.page.fill('input[name="password"]', "apa saja")
    guest.page.locator('button[type="submit"]').click()
    guest.page.locator('input[name="prompt"][value="consent"]').wait_for(state="attached")
    guest.page.locator('button[type="submit"]').click()
    guest.page.wait_for_url(f"{guest.served.url}/**")


def test_one_comes_in_with_the_agencys_account_and_leaves_both(visitor: BrowserUser) -> None:
    look(visitor, "masuk-sso")
    sign_in_at_provider(visitor, f"fajar:{PEOPLE['fajar'].nip}")
    visitor.wait_for_text("Selamat datang, Fajar Ramadhan")
    visitor.page.locator("summary", has_text="Fajar").click()
    visitor.page.get_by_role("button", name="Keluar").click()
    visitor.wait_for_text("Sesi Anda di layanan ini sudah ditutup")
    # The page refreshes itself to the provider's own question.
    visitor.page.locator('[name="logout"]').first.click()
    visitor.page.wait_for_url(f"{visitor.served.url}/**")
    visitor.go("/beranda")
    visitor.page.locator("#f-login").wait_for()


def test_an_account_of_nobody_in_the_staff_register_is_told_so_and_stays_outside(visitor: BrowserUser) -> None:
    sign_in_at_provider(visitor, "luar:199901012025061009")
    visitor.wait_for_text("tidak ada pada data kepegawaian")
    look(visitor, "masuk-sso-bukan-pegawai")
    visitor.go("/beranda")
    visitor.page.locator("#f-login").wait_for()
