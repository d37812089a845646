"""Coming in with the agency's account in a real browser, at a real OpenID provider, and leaving both."""

from __future__ import annotations

import re

import pytest

from service.demo.sample import PEOPLE
from support.accessibility import look
from support.browser_people import Guest, Lobby

OURS = re.compile(r"^http://127\.0\.0\.1[:/]")


@pytest.fixture
def visitor(lobby: Lobby) -> Guest:
    """Somebody on the sign-in page; the provider's pages find nothing beyond this machine."""
    around = lobby.served.around
    assert around
    if around.issuer is None:
        pytest.skip(f"not run: {around.missing}")
    guest = lobby.guest()
    guest.page.context.route(lambda url: not OURS.match(url), lambda route: route.abort())
    guest.go("/masuk")
    return guest


def comes_back(guest: Guest, name: str) -> None:
    """Through the provider's own pages: who one is, and that we may know it."""
    guest.page.get_by_role("link", name="Masuk dengan SSO Contoh").click()
    guest.page.fill('input[name="login"]', name)
    guest.page.fill('input[name="password"]', "apa saja")
    guest.page.locator('button[type="submit"]').click()
    guest.page.locator('input[name="prompt"][value="consent"]').wait_for(state="attached")
    guest.page.locator('button[type="submit"]').click()
    guest.page.wait_for_url(f"{guest.served.url}/**")


def test_one_comes_in_with_the_agencys_account_and_leaves_both(visitor: Guest) -> None:
    look(visitor, "masuk-sso")
    comes_back(visitor, f"fajar:{PEOPLE['fajar'].nip}")
    visitor.sees("Selamat datang, Fajar Ramadhan")
    visitor.page.locator("summary", has_text="Fajar").click()
    visitor.page.get_by_role("button", name="Keluar").click()
    visitor.sees("Sesi Anda di layanan ini sudah ditutup")
    # It moves on by itself, to the provider's own question.
    visitor.page.locator('[name="logout"]').first.click()
    visitor.page.wait_for_url(f"{visitor.served.url}/**")
    visitor.go("/beranda")
    visitor.page.locator("#f-login").wait_for()


def test_an_account_of_nobody_in_the_staff_register_is_told_so_and_stays_outside(visitor: Guest) -> None:
    comes_back(visitor, "luar:199901012025061009")
    visitor.sees("tidak ada pada data kepegawaian")
    look(visitor, "masuk-sso-bukan-pegawai")
    visitor.go("/beranda")
    visitor.page.locator("#f-login").wait_for()
