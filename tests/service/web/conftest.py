"""Fixture of web tests: the application with the simulated gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.bsre import SimulatedGateway
from support.gateway_pages import open_remote_web_office
from support.office import Office
from support.web_client import WebOffice


@pytest.fixture
def remote_web(office: Office, gateway: SimulatedGateway) -> Iterator[WebOffice]:
    """The application of an installation with a gateway."""
    with open_remote_web_office(office, gateway) as web:
        yield web
