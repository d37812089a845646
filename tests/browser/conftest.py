"""Fixtures of tests that drive a real browser over the running service. Without Playwright the folder is skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from support.browser_people import BrowserUsers
    from support.running_service import Served


def pytest_pycollect_makemodule() -> None:
    """Skip the whole folder where Playwright is not installed."""
    pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="session")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole service with its neighbours, running; each test keeps to people or days of its own."""
    from support.neighbour_services import neighbours
    from support.running_service import serving

    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, beside=neighbours) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, one a module: its event loop would disturb modules that run a loop of their own."""
    from support.browser_people import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def lobby(served: Served, browser: Browser) -> Iterator[BrowserUsers]:
    """Opens browser windows for people, and closes them after the test."""
    from support.browser_people import BrowserUsers

    opened = BrowserUsers(browser=browser, served=served, contexts=[])
    yield opened
    for context in opened.contexts:
        context.close()
