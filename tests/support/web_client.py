"""The web application over the tests' office, and people signed in to it."""

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
from service.accounts.login import AccountContext
from service.accounts.secrets import derive_key, make_secret
from service.records import TrustRoot
from service.web.app import create_app
from service.web.context import Services, attach_services, open_services
from signing.certificates import read_certificate
from support.office import NOW, Office, keys

PASSWORD = "kata sandi untuk uji"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser without scripts: gets pages, and posts forms with the CSRF token of the page they are on."""

    client: FlaskClient

    def get(self, path: str, *, expect: int = 200) -> str:
        return self._text(self.client.get(path, follow_redirects=True), expect)

    def post(self, path: str, *, expect: int = 200, at: str | None = None, **fields: object) -> str:
        """Post the form of the page `at` (by default the same path) and follow redirections."""
        return self._text(self.answer(path, at=at, **fields), expect)

    def answer(self, path: str, *, at: str | None = None, **fields: object) -> TestResponse:
        page = self.client.get(at or path).get_data(as_text=True)
        # Encoded as browsers do it; Werkzeug's client leaves out the end of an empty field.
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
    """Yield name and text, or name and (file name, content), of every value but None."""
    for name, value in fields.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, tuple):
                yield name, (item[1], item[0].read())
            elif item is not None:
                yield name, str(item)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOffice:
    """The application and its office; everybody's password is `PASSWORD`."""

    app: Flask
    office: Office
    account_context: AccountContext

    def visit(self, nip: str | None = None) -> Visit:
        """Return a fresh browser, signed in as that person if one is named."""
        visit = Visit(client=self.app.test_client())
        if nip is not None:
            visit.sign_in(nip)
        return visit


@cache
def _idle_applications() -> list[Flask]:
    """Return applications for reuse: making one takes a tenth of a second, and most tests need one."""
    return []


@contextmanager
def _application(services: Services, *, limited: bool) -> Iterator[Flask]:
    """Yield an application over these services: an idle one, unless it depends on their settings."""
    if limited or services.settings.oidc:
        yield create_app(services, secure=False, limited=limited)
        return
    app = _idle_applications().pop() if _idle_applications() else create_app(services, secure=False, limited=False)
    attach_services(app, services)
    app.secret_key = derive_key(services.settings, "web cookies")
    yield app
    _idle_applications().append(app)


@contextmanager
def open_web_office(office: Office, *, limited: bool = False) -> Iterator[WebOffice]:
    """Open the application over an office: accounts for everybody, cheap password hashes, no rate limits by default."""
    home = office.settings.home
    settings = replace(
        office.settings, database_url=f"sqlite:///{home / 'store.sqlite3'}", storage_url=str(home / "documents")
    )
    office = replace(office, settings=settings)
    make_secret(home, secrets.token_bytes)
    account_context = AccountContext(
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
        open_account(employee.nip, account_context=account_context, actor="uji", password=PASSWORD)
    with (
        open_services(office.settings, store=office.store, account_context=account_context) as services,
        _application(services, limited=limited) as app,
    ):
        yield WebOffice(app=app, office=office, account_context=account_context)


def token_in(page: str) -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    return found.group(1) if found else ""


def readable(page: str) -> str:
    """Return the text of a page's main part, without tags, white space folded."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", main.group() if main else page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(text)).strip()
