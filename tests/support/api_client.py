"""A program at the API of the tests' small office: a token of somebody's account, and calls with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.accounts.accounts import SCOPES, make_token
from support.web_client import WebDoor

BASE = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program with its token; `token` may be anything, to be refused."""

    client: FlaskClient
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **told: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | self.headers | told.pop("headers", {})
        answer = self.client.open(BASE + path, method=method, headers=headers, **told)
        assert "Set-Cookie" not in answer.headers
        return answer

    def get(self, path: str, *, expect: int = 200) -> Any:
        return said(self.call("GET", path), expect)

    def post(self, path: str, body: object, *, expect: int = 200, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return said(self.call("POST", path, json=body, headers=named), expect)

    def send(self, path: str, content: bytes, *, expect: int = 200, **headers: str) -> Any:
        """Post a PDF."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return said(self.call("POST", path, data=content, content_type="application/pdf", headers=named), expect)


def said(answer: TestResponse, expect: int) -> Any:
    """The JSON of an answer, whose failures are all of one shape."""
    assert answer.status_code == expect, f"{answer.status_code}, not {expect}: {answer.get_data(as_text=True)[:2000]}"
    if answer.status_code == 204:
        assert answer.data == b""
        return None
    if expect >= 400:
        told = answer.get_json(force=True)
        assert answer.content_type == "application/problem+json"
        assert told["type"].startswith("urn:cmb:problem:")
        assert told["status"] == expect
        assert all(told[name] for name in ("title", "detail", "hint"))
        return told
    return answer.get_json()


def program(web: WebDoor, nip: str, *scopes: str) -> Program:
    """A program of that person's, for those scopes (none named: for all there are)."""
    with web.office.store.reading() as tx:
        account = tx.accounts.by_login(nip)
    assert account is not None
    _token, shown = make_token(account, "uji", scopes or SCOPES, 30, account_context=web.account_context)
    return Program(client=web.app.test_client(use_cookies=False), token=shown)


def give(web: WebDoor, nip: str, *roles: str, unit: str | None = None) -> None:
    """Roles of the staff register, and another unit when one is named."""
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(nip)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", *roles), unit=unit or entry.unit)])
