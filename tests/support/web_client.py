"""The web door over the tests' small office: an application, and people signed in to it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from html import unescape

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from urllib3.filepost import encode_multipart_formdata
from werkzeug.test import TestResponse

from service.accounts.accounts import open_account
from service.accounts.login import Gate
from service.accounts.secrets import make_own_key, own_key
from service.records import TrustRoot
from service.web.app import create_app
from service.web.context import Services, attach_services, open_services
from signing.certificates import read_certificate
from support.office import NOW, Office, keys

PASSWORD = "kata sandi untuk uji"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One browser without scripts: pages are got, forms are posted with the CSRF token of the page before."""

    client: FlaskClient

    def get(self, path: str, *, expect: int = 200) -> str:
        return self._text(self.client.get(path, follow_redirects=True), expect)

    def post(self, path: str, *, expect: int = 200, at: str | None = None, **fields: object) -> str:
        """Post a form as it stands on the page `at` (None: the same path); redirections are followed."""
        return self._text(self.answer(path, at=at, **fields), expect)

    def answer(self, path: str, *, at: str | None = None, **fields: object) -> TestResponse:
        page = self.client.get(at or path).get_data(as_text=True)
        # Werkzeug's client leaves out the end of an empty field; this is how browsers send it.
        content, media_type = encode_multipart_formdata([("csrf_token", token_in(page)), *_parts(fields)])
        return self.client.post(
            path,
            data=content,
            content_type=media_type,
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
        )

    def sign_in(self, nip: str, password: str = PASSWORD, *, expect: int = 200) -> str:
        return self.post("/masuk", login=nip, password=password, expect=expect)

    @staticmethod
    def _text(answer: TestResponse, expect: int) -> str:
        text = answer.get_data(as_text=True)
        assert answer.status_code == expect, f"{answer.status_code}, not {expect}: {readable(text)[:2000]}"
        return text


def _parts(fields: Mapping[str, object]) -> Iterator[tuple[str, str | tuple[str, bytes]]]:
    """Name and text, or name and (file name, content), of each value; None is left out."""
    for name, told in fields.items():
        for item in told if isinstance(told, list) else [told]:
            if isinstance(item, tuple):
                yield name, (item[1], item[0].read())
            elif item is not None:
                yield name, str(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDoor:
    """The application and the office behind it; everybody's password is `PASSWORD`."""

    app: Flask
    office: Office
    gate: Gate

    def visit(self, nip: str | None = None) -> Visit:
        """A fresh browser, signed in as that person when one is named."""
        visit = Visit(client=self.app.test_client())
        if nip is not None:
            visit.sign_in(nip)
        return visit


@cache
def _ready() -> list[Flask]:
    """Applications nobody uses now: making one takes a tenth of a second, and a door is opened for most tests."""
    return []


@contextmanager
def _application(services: Services, *, limited: bool) -> Iterator[Flask]:
    """An application over that desk: a ready one, unless what it is made of depends on the desk's settings."""
    if limited or services.settings.oidc:
        yield create_app(services, secure=False, limited=limited)
        return
    app = _ready().pop() if _ready() else create_app(services, secure=False, limited=False)
    attach_services(app, services)
    app.secret_key = own_key(services.settings, "web cookies")
    yield app
    _ready().append(app)


@contextmanager
def open_web_door(office: Office, *, limited: bool = False) -> Iterator[WebDoor]:
    """The door over an office: an account for everybody, passwords cheap to check, no rate limits unless `limited`."""
    home = office.settings.home
    settings = replace(
        office.settings, database_url=f"sqlite:///{home / 'store.sqlite3'}", storage_url=str(home / "documents")
    )
    office = replace(office, settings=settings)
    make_own_key(home, secrets.token_bytes)
    gate = Gate(
        store=office.store,
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        clock=lambda: NOW,
        randomness=secrets.token_bytes,
    )
    with office.store.reading() as tx:
        people = tx.employees.all()
    authority = read_certificate(keys().authority.der)
    with office.store.transaction() as tx:
        for use in ("signing", "timestamping"):
            root = TrustRoot(
                fingerprint=authority.fingerprint, use=use, subject=authority.subject, der=authority.der, added_at=NOW
            )
            tx.trust.add(root)
    for employee in people:
        open_account(employee.nip, gate=gate, actor="uji", password=PASSWORD)
    with (
        open_services(office.settings, store=office.store, gate=gate) as services,
        _application(services, limited=limited) as app,
    ):
        yield WebDoor(app=app, office=office, gate=gate)


def token_in(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    return found.group(1) if found else ""


def readable(page: str) -> str:
    """What a person reads of a page: its main part without tags, white space folded."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", main.group() if main else page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(text)).strip()
