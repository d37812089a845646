"""Who fails too often waits; a whole office, or a hall of people, behind one address does not."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from service.web.app import create_app
from service.web.networks import network_of
from support.office import CAHYA
from support.web_client import PASSWORD, WebOffice


def limited(web: WebOffice) -> FlaskClient:
    return create_app(web.app.extensions["cmb"], secure=False).test_client()


def sign_in(client: FlaskClient, password: str, address: str = "203.0.113.7") -> int:
    where = {"REMOTE_ADDR": address}
    page = client.get("/masuk", environ_base=where).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    form = {"login": CAHYA, "password": password, "csrf_token": token[1] if token else ""}
    status = client.post("/masuk", data=form, environ_base=where).status_code
    client.delete_cookie("cmb")
    return status


def test_an_office_behind_one_address_signs_in_within_a_minute(web: WebOffice) -> None:
    client = limited(web)
    assert {sign_in(client, PASSWORD) for _ in range(60)} == {302}


def test_page_views_are_not_counted_as_tries(web: WebOffice) -> None:
    client = limited(web)
    assert {client.get("/masuk").status_code for _ in range(60)} == {200}


def test_wrong_passwords_from_one_network_end_in_waiting_and_another_network_goes_on(web: WebOffice) -> None:
    client = limited(web)
    answers = [sign_in(client, "salah") for _ in range(31)]
    assert answers == [401] * 30 + [429]
    assert sign_in(client, PASSWORD, "203.0.113.8") == 302


def test_a_hall_of_people_checks_one_certificate_each(web: WebOffice) -> None:
    client = limited(web)
    submission = web.office.approved("mentoring")
    assert submission.facts is not None
    number = web.office.issue(year=submission.facts.date.year).certificate.number
    assert {client.get(f"/periksa/{number}").status_code for _ in range(100)} == {200}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_host_with_ipv6_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
