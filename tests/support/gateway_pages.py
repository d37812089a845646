"""The web application with the simulated gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from service.config import GatewaySettings
from support.bsre import PASSWORD, SimulatedGateway
from support.office import Office
from support.web_client import WebOffice, open_web_office


@contextmanager
def open_remote_web_office(office: Office, gateway: SimulatedGateway, version: str = "auto") -> Iterator[WebOffice]:
    """Open the web application of an installation with a gateway."""
    password = office.settings.home / "bsre-password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD)
    settings = GatewaySettings(url=gateway.url, user="esign", password_file=password, version=version)
    with open_web_office(replace(office, settings=replace(office.settings, gateway=settings))) as web:
        yield web
