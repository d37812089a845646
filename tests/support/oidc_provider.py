"""A real OpenID provider (panva's oidc-provider) in a process of its own, and a person's browser at its pages."""

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
    """Somebody's browser at the provider: follows, fills in, until it is sent back to `home`."""

    home: str
    browser: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, address: str, name: str) -> str:
        """From our redirection through sign-in and consent; gives the address the provider sends one back to."""
        return self._follow(address, {"login": name, "password": "apa saja"})

    def leave(self, address: str) -> str:
        """Confirm the sign-out; gives the address the provider sends one back to."""
        return self._follow(address, {"logout": "yes"})

    def refuse(self, address: str) -> str:
        """Turn round at the provider's first page."""
        page = self.browser.get(address)
        abort = re.search(r'href="([^"]*/abort)"', page.text)
        assert abort, page.text[:2000]
        return self._follow(urljoin(page.url, abort.group(1)), {})

    def _follow(self, address: str, told: dict[str, str]) -> str:
        answer = self.browser.get(address, allow_redirects=False)
        for _step in range(12):
            if onwards := answer.headers.get("Location"):
                onwards = urljoin(answer.url, onwards)
                if onwards.startswith(self.home):
                    return onwards
                answer = self.browser.get(onwards, allow_redirects=False)
                continue
            form = re.search(r"<form[^>]*action=\"([^\"]+)\"", answer.text)
            assert form, f"{answer.status_code} {answer.text[:2000]}"
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
            there = urljoin(answer.url, unescape(form.group(1)))
            answer = self.browser.post(there, data=hidden | told, allow_redirects=False)
        raise AssertionError("the provider never sent us back")


@contextmanager
def running_provider(back: str, left: str) -> Iterator[str]:
    """The issuer of a provider that knows one client, us. NotInstalled where Node.js or its packages are missing."""
    folder = node_modules("oidc", _SOURCES)
    words = [command("node"), folder / "provider.mjs", CLIENT, SECRET, back, left]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as node:
        try:
            assert node.stdout is not None
            issuer = node.stdout.readline().strip()
            assert issuer.startswith("http://127.0.0.1:"), issuer
            yield issuer
        finally:
            node.terminate()


def secret_file(folder: Path) -> Path:
    """Our secret at the provider, as the settings point at it."""
    path = folder / "oidc-secret"
    path.write_text(SECRET + "\n", encoding="ascii")
    return path
