"""Access of every role to every page, by the table below; a page that is not in the table fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from support.office import CAHYA, EKO
from support.web_client import Visit, WebOffice, token_in

ROLES = ("pegawai", "pengelola", "pimpinan", "biro_sdm", "admin")
EVERYBODY, SIGNED_IN = ("nobody", *ROLES), ROLES
BIRO, UNIT, ADMIN = ("biro_sdm",), ("pengelola", "pimpinan", "biro_sdm"), ("admin",)
# Roles that a page answers; what they may see and do there depends on the object (see `service.access`).
AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "static": EVERYBODY,
    "public.": EVERYBODY,
    "health.": EVERYBODY,  # who asks directly; tests/service/web/test_health.py
    "oidc.": EVERYBODY,
    "session.sign_in_page": EVERYBODY,
    "session.sign_out": EVERYBODY,
    "session.language": EVERYBODY,
    "session.password": SIGNED_IN,
    "pegawai.": SIGNED_IN,
    "signing.": SIGNED_IN,
    "messages.": SIGNED_IN,
    "reports.": SIGNED_IN,
    "calendar.": SIGNED_IN,
    "unit.card": SIGNED_IN,  # own card, cards of own staff
    "unit.sign_card": ("pengelola",),  # who signs Lampiran II
    "unit.card_to_sign": ("pengelola",),
    "unit.make_card": ("pengelola",),
    "unit.take_card": ("pengelola",),
    "unit.card_gateway": ("pengelola",),
    "unit.assignment_file": SIGNED_IN,  # own assignment
    "unit.assign": ("pimpinan", "biro_sdm"),
    "unit.": UNIT,
    "proposals.": ("pengelola", "biro_sdm"),
    "tables.template": ("pengelola", "biro_sdm"),
    "tables.": ("pengelola", "pimpinan", "biro_sdm", "admin"),
    "biro.policies": ("biro_sdm", "admin"),
    "biro.": BIRO,
    "admin.": ADMIN,
}
ARGUMENTS = {"nip": CAHYA, "serial": "L1-AAAA-BBBB", "number": "CMB-2025-000001-AAAAAAAA", "year": 2025, "kind": "csv"}


def audience(endpoint: str) -> tuple[str, ...]:
    """Return the longest matching entry of the table."""
    fitting = [key for key in AUDIENCES if endpoint == key or (key.endswith(".") and endpoint.startswith(key))]
    assert fitting, f"{endpoint} is in no audience"
    return AUDIENCES[max(fitting, key=len)]


def places(web: WebOffice, method: str) -> dict[str, str]:
    """Return addresses by endpoint, with example arguments; the API has tests of its own."""
    found = {}
    with web.app.test_request_context():
        for rule in web.app.url_map.iter_rules():
            if method in (rule.methods or ()) and not rule.endpoint.startswith("api."):
                values = {name: ARGUMENTS.get(name, 1 if name == "message_id" else "X-1") for name in rule.arguments}
                found[rule.endpoint] = str(web.app.url_for(rule.endpoint, **values))
    return found


@pytest.fixture
def visits(web: WebOffice) -> dict[str, Visit]:
    """Return a browser for each role, and one of a stranger."""
    found = {"nobody": web.visit()}
    for role, nip in zip(ROLES, _people(web), strict=True):
        with web.office.store.transaction() as tx:
            entry = tx.employees.get(nip)
            assert entry is not None
            tx.employees.upsert([replace(entry, roles=tuple(dict.fromkeys(("pegawai", role))))])
        found[role] = web.visit(nip)
    return found


def _people(web: WebOffice) -> list[str]:
    """Return the NIPs of five people with accounts."""
    from service.accounts.accounts import open_account

    extra = "199001012015011001"
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(EKO)
        assert entry is not None
        tx.employees.upsert([replace(entry, nip=extra, name="Farah Contohwan")])
        everybody = [employee.nip for employee in tx.employees.all()]
    from support.web_client import PASSWORD

    open_account(extra, account_context=web.account_context, actor="uji", password=PASSWORD)
    return everybody


def test_every_page_lets_in_whom_the_table_names_and_nobody_else(web: WebOffice, visits: dict[str, Visit]) -> None:
    wrong = []
    with web.office.store.transaction() as tx:
        tx.operations.worker_lives("satu", started_at=web.office.moment.now, now=web.office.moment.now)
    for endpoint, address in places(web, "GET").items():
        for role, visit in visits.items():
            status = visit.client.get(address).status_code
            refused = status in {401, 403}
            if refused is (role in audience(endpoint)) or status >= 500:
                wrong.append(f"{role} at {address} ({endpoint}): {status}")
    assert not wrong


def test_every_act_is_refused_to_whom_the_table_does_not_name(web: WebOffice, visits: dict[str, Visit]) -> None:
    wrong = []
    tokens = {role: token_in(visit.client.get("/").get_data(as_text=True)) for role, visit in visits.items()}
    for endpoint, address in places(web, "POST").items():
        for role, visit in visits.items():
            if role in audience(endpoint):
                continue
            status = visit.client.post(address, data={"csrf_token": tokens[role]}).status_code
            if status not in {401, 403}:
                wrong.append(f"{role} at {address} ({endpoint}): {status}")
    assert not wrong


def test_every_act_asks_for_the_token_of_the_page_before(web: WebOffice, visits: dict[str, Visit]) -> None:
    wrong = []
    for endpoint, address in places(web, "POST").items():
        allowed_role = next(role for role in reversed(ROLES) if role in audience(endpoint))
        status = visits[allowed_role].client.post(address).status_code
        # An old sign-in page redirects to a fresh one.
        if status != (302 if endpoint == "session.sign_in_page" else 400):
            wrong.append(f"{allowed_role} at {address} ({endpoint}): {status}")
    assert not wrong
