"""A client program of the API in the tests' office, with a token of somebody's account."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.accounts.accounts import SCOPES, make_token
from support.api_answers import require_declared
from support.web_client import WebOffice

BASE = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program with its token; `token` may be an invalid one."""

    client: FlaskClient
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | self.headers | options.pop("headers", {})
        answer = self.client.open(BASE + path, method=method, headers=headers, **options)
        assert "Set-Cookie" not in answer.headers
        require_declared(answer, method, path)
        return answer

    def get(self, path: str, *, expect: int = 200) -> Any:
        return json_of(self.call("GET", path), expect)

    def post(self, path: str, body: object, *, expect: int = 200, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return json_of(self.call("POST", path, json=body, headers=named), expect)

    def send(self, path: str, content: bytes, *, expect: int = 200, **headers: str) -> Any:
        """Post a PDF."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return json_of(self.call("POST", path, data=content, content_type="application/pdf", headers=named), expect)


def json_of(answer: TestResponse, expect: int) -> Any:
    """Return the JSON of an answer with the expected status; failures must be problem+json."""
    assert answer.status_code == expect, f"{answer.status_code}, not {expect}: {answer.get_data(as_text=True)[:2000]}"
    if answer.status_code == 204:
        assert answer.data == b""
        return None
    if expect >= 400:
        problem = answer.get_json(force=True)
        assert answer.content_type == "application/problem+json"
        assert problem["type"].startswith("urn:cmb:problem:")
        assert problem["status"] == expect
        assert all(problem[name] for name in ("title", "detail", "hint"))
        return problem
    return answer.get_json()


def program(web: WebOffice, nip: str, *scopes: str) -> Program:
    """Return a program with that person's token for those scopes, by default for all."""
    with web.office.store.reading() as tx:
        account = tx.accounts.by_login(nip)
    assert account is not None
    _token, shown = make_token(account, "uji", scopes or SCOPES, 30, account_context=web.account_context)
    return Program(client=web.app.test_client(use_cookies=False), token=shown)


def give_roles(web: WebOffice, nip: str, *roles: str, unit: str | None = None) -> None:
    """Give an employee these roles, and another unit if one is named."""
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(nip)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", *roles), unit=unit or entry.unit)])
