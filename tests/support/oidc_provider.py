"""A real OpenID provider (panva's oidc-provider) in its own process, and a browser on its pages."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import requests

from interop.tools import INTEROP, command, node_modules

CLIENT, SECRET = "layanan-cmb", "rahasia-untuk-uji-yang-cukup-panjang"
_SOURCES = INTEROP / "oidc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A browser at the provider; it follows redirections and fills in forms until it returns to `home`."""

    home: str
    browser: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, address: str, name: str) -> str:
        """Go from our redirection through sign-in and consent; return the address the provider redirects to."""
        return self._follow(address, {"login": name, "password": "apa saja"})

    def leave(self, address: str) -> str:
        """Confirm the sign-out; return the address the provider redirects to."""
        return self._follow(address, {"logout": "yes"})

    def refuse(self, address: str) -> str:
        """Cancel on the provider's first page; return the address the provider redirects to."""
        page = self.browser.get(address)
        abort = re.search(r'href="([^"]*/abort)"', page.text)
        assert abort, page.text[:2000]
        return self._follow(urljoin(page.url, abort.group(1)), {})

    def _follow(self, address: str, typed: dict[str, str]) -> str:
        answer = self.browser.get(address, allow_redirects=False)
        for _step in range(12):
            if location := answer.headers.get("Location"):
                location = urljoin(answer.url, location)
                if location.startswith(self.home):
                    return location
                answer = self.browser.get(location, allow_redirects=False)
                continue
            form = re.search(r"<form[^>]*action=\"([^\"]+)\"", answer.text)
            assert form, f"{answer.status_code} {answer.text[:2000]}"
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
            action = urljoin(answer.url, unescape(form.group(1)))
            answer = self.browser.post(action, data=hidden | typed, allow_redirects=False)
        raise AssertionError("the provider did not redirect to us")


@contextmanager
def running_provider(back: str, left: str) -> Iterator[str]:
    """Yield the issuer of a provider with us as its only client; NotInstalled without Node.js or its packages."""
    folder = node_modules("oidc", _SOURCES)
    arguments = [command("node"), folder / "provider.mjs", CLIENT, SECRET, back, left]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as node:
        try:
            assert node.stdout is not None
            issuer = node.stdout.readline().strip()
            assert issuer.startswith("http://127.0.0.1:"), issuer
            yield issuer
        finally:
            node.terminate()


def secret_file(folder: Path) -> Path:
    """Write our client secret to a file for the settings, and return its path."""
    path = folder / "oidc-secret"
    path.write_text(SECRET + "\n", encoding="ascii")
    return path
