"""Fixtures of tests of web pages: the web service with the simulated gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.bsre import SimulatedGateway
from support.gateway_pages import remote_door
from support.office import Office
from support.web_client import WebDoor


@pytest.fixture
def remote_web(office: Office, gateway: SimulatedGateway) -> Iterator[WebDoor]:
    with remote_door(office, gateway) as door:
        yield door
