"""Fixtures every test may use: an empty, migrated store on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import postgres
import pytest
import siasn
from bsre import Simulated, simulated
from command import Run, command
from compiled import share_compiled
from furnished import Furnished, furnish
from guests import Lobby, chromium
from hypothesis import is_hypothesis_test
from neighbours import neighbours
from office import HERI, MAIL, Office, open_office, plain_settings
from playwright.sync_api import Browser
from remote import Remote
from rounds import Rounds
from served import Served, serving
from validator import validator_libraries
from webdoor import Visit, WebDoor, open_web_door

from service.apart import READERS
from service.confined import ready
from service.store import Store, migrate, open_store

# Coverage is told by SQLite's half, which runs the same lines: with the tracer a test takes twice the time.
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.no_cover)]
# Files whose last test comes long after their first: whoever begins one of them at the end keeps everybody waiting.
LONG = ("weights", "matrix", "browser", "worker", "demo", "readme", "api_document", "forgeries", "store_")


# Their lines are told to coverage by other tests: tables that run the same ones hundreds of times, and stories that go
# the ways of many. The tracer takes a quarter of a test's time.
UNTRACED = (
    *("forgeries", "revisions", "forms_plain", "matrix", "api_document", "signing_quick", "signing_members"),
    *("browser", "weights", "confined", "summary", "works_siasn", "migrations", "event_search", "store_submissions"),
    *("forms_certificate", "best_choice", "outlook", "gateway_unknown", "circulation_back", "circulation_kept"),
    *("circulation_files", "signed_papers", "telling"),
)


def pytest_sessionstart(session: pytest.Session) -> None:
    """What readers are forked from starts without the tracer (what they do is told by tests of their parts)."""
    if session.config.pluginmanager.hasplugin("dsession"):
        return  # only hands tests out
    traced = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    ready(READERS)
    os.environ.update(traced)
    share_compiled()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; no tracer where hundreds of examples or every page run the same lines."""
    for each in items:
        if (
            is_hypothesis_test(getattr(each, "obj", None))
            or "furnished" in getattr(each, "fixturenames", ())
            or any(name in each.path.stem for name in UNTRACED)
        ):
            each.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda each: next((at for at, name in enumerate(LONG) if name in each.path.stem), len(LONG)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """What such a test is set up with is not traced either; pytest-cov leaves out the test alone."""
    tracing = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if tracing is None or item.get_closest_marker("no_cover") is None:
        return (yield)
    tracing.pause()
    try:
        return (yield)
    finally:
        tracing.resume()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for the session, with a migrated database named `blueprint`."""
    with postgres.running_server() as server:
        migrate(server.create("blueprint"))
        yield server


@pytest.fixture(scope="session")
def blueprint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: a copy is had in a hundredth of the time that migrating takes."""
    path = tmp_path_factory.mktemp("blueprint") / "store.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample office nobody has used yet, to be copied: its fifteen RSA keys take a while."""
    folder = tmp_path_factory.mktemp("sample") / "home"
    command(folder)("init", "--sample")
    return folder


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        server: postgres.Server = request.getfixturevalue("postgres_server")
        yield server.create("empty")
        server.drop("empty")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, blueprint: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(blueprint, tmp_path)}"
    else:
        server: postgres.Server = request.getfixturevalue("postgres_server")
        yield server.create("store", template="blueprint")
        server.drop("store")


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open, empty store; its documents are in `tmp_path / "documents"`."""
    with open_store(database_url=database_url, storage_url=str(tmp_path / "documents")) as opened:
        yield opened


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The EU's validator with all it needs; `make agree` asks for it."""
    return validator_libraries(tmp_path_factory.mktemp("pustaka"))


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample office's home, shared by the tests of a module."""
    return Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("cmb") / "home"))


@pytest.fixture(scope="module")
def cmb(home: Path) -> Run:
    """The command over the sample office."""
    return command(home)


@pytest.fixture(scope="session")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole service, running; its tests keep to people or days of their own."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, beside=neighbours) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser. Not for the session: its event loop would be in the way of other modules' own."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def lobby(served: Served, browser: Browser) -> Iterator[Lobby]:
    """Where people with browsers come from."""
    opened = Lobby(browser=browser, served=served, contexts=[])
    yield opened
    for each in opened.contexts:
        each.close()


@pytest.fixture
def web(office: Office) -> Iterator[WebDoor]:
    """The web door over the sample office of these tests."""
    with open_web_door(office) as door:
        yield door


@pytest.fixture
def biro(web: WebDoor) -> Visit:
    """Heri's browser; Heri works at Biro SDM."""
    with web.office.store.transaction() as tx:
        entry = tx.employees.get(HERI)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    return web.visit(HERI)


@pytest.fixture
def office(blueprint: Path, tmp_path: Path) -> Iterator[Office]:
    """The sample office of these tests, open, with a store of its own."""
    url, documents = f"sqlite:///{shutil.copy(blueprint, tmp_path)}", str(tmp_path / "documents")
    settings = replace(plain_settings(str(tmp_path)), database_url=url, storage_url=documents)
    with open_store(database_url=url, storage_url=documents) as store:
        yield open_office(store, settings)


@pytest.fixture
def rounds(store: Store, tmp_path: Path) -> Rounds:
    """Forms on their way through these tests' office, on SQLite and on PostgreSQL."""
    return Rounds(office=open_office(store, plain_settings(str(tmp_path))))


@pytest.fixture
def simulator() -> Iterator[siasn.Simulator]:
    """SIASN's stand-in, a process of its own."""
    with siasn.running_simulator() as running:
        yield running


@pytest.fixture
def agency(store: Store, simulator: siasn.Simulator, tmp_path: Path) -> siasn.Agency:
    """One certificate to be sent to SIASN."""
    return siasn.open_agency(store, simulator, tmp_path)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """An office in which there is one of everything, for tests that look and change nothing."""
    folder = tmp_path_factory.mktemp("furnished")
    url, documents = f"sqlite:///{folder / 'store.sqlite3'}", str(folder / "documents")
    migrate(url)
    settings = replace(plain_settings(str(folder)), database_url=url, storage_url=documents, mail=MAIL)
    with (
        open_store(database_url=url, storage_url=documents) as store,
        open_web_door(open_office(store, settings)) as web,
    ):
        yield furnish(web)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """The gateway's stand-in, a process of its own, speaking both versions."""
    with simulated(tmp_path_factory.mktemp("bsre")) as running:
        yield running


@pytest.fixture
def remote(office: Office, gateway: Simulated) -> Remote:
    """Forms on their way through the office, signed at that gateway."""
    gateway.mood("")
    return Remote(rounds=Rounds(office=office), simulated=gateway)
