"""Open the web service with the simulated gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from service.config import GatewaySettings
from support.bsre import PASSWORD, SimulatedGateway
from support.office import Office
from support.web_client import WebDoor, open_web_door


@contextmanager
def remote_door(office: Office, gateway: SimulatedGateway, version: str = "auto") -> Iterator[WebDoor]:
    """The web door of an installation with a gateway."""
    password = office.settings.home / "bsre-password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD)
    told = GatewaySettings(url=gateway.url, user="esign", password_file=password, version=version)
    with open_web_door(replace(office, settings=replace(office.settings, gateway=told))) as door:
        yield door
