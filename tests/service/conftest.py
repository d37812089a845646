"""Fixtures of tests of the application: the web application over an office, and a simulated SIASN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from service.store import Store
    from support.office import Office
    from support.siasn import Agency, Simulator
    from support.web_client import Visit, WebOffice


@pytest.fixture
def web(office: Office) -> Iterator[WebOffice]:
    """The web application over the sample office of these tests."""
    from support.web_client import open_web_office

    with open_web_office(office) as door:
        yield door


@pytest.fixture
def biro(web: WebOffice) -> Visit:
    """Heri's browser; Heri works at Biro SDM."""
    from support.office import HERI

    with web.office.store.transaction() as tx:
        entry = tx.employees.get(HERI)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    return web.visit(HERI)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulated SIASN, in a process of its own."""
    from support.siasn import running_simulator

    with running_simulator() as running:
        yield running


@pytest.fixture
def agency(store: Store, simulator: Simulator, tmp_path: Path) -> Agency:
    """An office with one certificate to send to SIASN."""
    from support.siasn import open_agency

    return open_agency(store, simulator, tmp_path)
