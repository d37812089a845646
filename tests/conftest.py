"""Fixtures every test may use: an empty, migrated store on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from interop.validator import validator_libraries

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from service.store import Store
    from support import postgres, siasn
    from support.browser_people import Lobby
    from support.bsre import SimulatedGateway
    from support.circulating_forms import Rounds
    from support.command import Run
    from support.furnished_office import Furnished
    from support.gateway_office import Remote
    from support.office import Office
    from support.running_service import Served
    from support.web_client import Visit, WebDoor

HERE = Path(__file__).parent
# What opens a store or a sandbox.
FIXTURES = {
    *("blueprint", "sample_home", "empty_url", "database_url", "store", "home", "cmb", "served", "web", "office"),
    *("rounds", "agency", "furnished", "remote"),
}
# Coverage is told by SQLite's half, which runs the same lines: with the tracer a test takes twice the time.
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.no_cover)]
# Files whose last test comes long after their first: whoever begins one of them at the end keeps everybody waiting.
LONG = (
    "forgeries/",
    "interop/test_matrix.py",
    "browser/",
    "service/jobs/test_worker_process.py",
    "service/test_demo.py",
    "repository/test_docs.py",
    "service/web/test_api_document.py",
    "service/store/",
    "property/test_store_tenures.py",
)

# Their lines are told to coverage by other tests: tables that run the same ones hundreds of times, and stories that go
# the ways of many. The tracer takes a quarter of a test's time.
UNTRACED = (
    "forgeries/",
    "service/verification/test_revisions.py",
    "forms/test_pdf.py",
    "interop/test_matrix.py",
    "service/web/test_api_document.py",
    "signing/pdf/test_syntax.py",
    "signing/pdf/test_object_streams.py",
    "browser/",
    "service/sandbox/test_pool.py",
    "service/submissions/test_summary.py",
    "service/jobs/test_siasn.py",
    "service/store/test_migrations.py",
    "service/store/test_event_search.py",
    "service/store/test_submissions.py",
    "forms/test_certificate.py",
    "property/test_law_best_choice.py",
    "service/law/test_outlook.py",
    "service/gateway/test_unknown_outcomes.py",
    "service/circulation/test_returns.py",
    "service/circulation/test_interrupted.py",
    "service/circulation/test_intake.py",
    "service/monitoring/test_filing.py",
    "service/notifications/test_messages.py",
)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What readers are forked from starts without the tracer (what they do is told by tests of their parts)."""
    if session.config.pluginmanager.hasplugin("dsession"):
        return  # only hands tests out
    if "service.store" not in sys.modules and not any(FIXTURES & set(_fixtures(each)) for each in session.items):
        return  # nothing is opened: these tests start at once
    _ready_readers()


def _ready_readers() -> None:
    """Start the process readers are forked from, and share what SQLAlchemy compiles."""
    from service.sandbox.pool import PRELOADED_MODULES, start_forkserver
    from support.compiled_sql import share_compiled

    traced = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    start_forkserver(PRELOADED_MODULES)
    os.environ.update(traced)
    share_compiled()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; no tracer where hundreds of examples or every page run the same lines."""
    for each in items:
        if (
            getattr(getattr(each, "obj", None), "is_hypothesis_test", False)
            or "furnished" in _fixtures(each)
            or _among(each, UNTRACED) is not None
        ):
            each.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda each: len(LONG) if (at := _among(each, LONG)) is None else at)


def _among(item: pytest.Item, places: tuple[str, ...]) -> int | None:
    """The place in a list of files and folders, relative to this folder, under which a test stands."""
    path = item.path.relative_to(HERE).as_posix()
    return next((at for at, name in enumerate(places) if path.startswith(name)), None)


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


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
    from service.store import migrate
    from support import postgres

    with postgres.running_server() as server:
        migrate(server.create("blueprint"))
        yield server


@pytest.fixture(scope="session")
def blueprint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: a copy is had in a hundredth of the time that migrating takes."""
    from service.store import migrate

    path = tmp_path_factory.mktemp("blueprint") / "store.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample office nobody has used yet, to be copied: its fifteen RSA keys take a while."""
    from support.command import command

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
    from service.store import open_store

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
    from support.command import command

    return command(home)


@pytest.fixture(scope="session")
def served(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The whole service, running; its tests keep to people or days of their own."""
    from support.neighbour_services import neighbours
    from support.running_service import serving

    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, beside=neighbours) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser. Not for the session: its event loop would be in the way of other modules' own."""
    from support.browser_people import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def lobby(served: Served, browser: Browser) -> Iterator[Lobby]:
    """Where people with browsers come from."""
    from support.browser_people import Lobby

    opened = Lobby(browser=browser, served=served, contexts=[])
    yield opened
    for each in opened.contexts:
        each.close()


@pytest.fixture
def web(office: Office) -> Iterator[WebDoor]:
    """The web door over the sample office of these tests."""
    from support.web_client import open_web_door

    with open_web_door(office) as door:
        yield door


@pytest.fixture
def biro(web: WebDoor) -> Visit:
    """Heri's browser; Heri works at Biro SDM."""
    from support.office import HERI

    with web.office.store.transaction() as tx:
        entry = tx.employees.get(HERI)
        assert entry is not None
        tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
    return web.visit(HERI)


@pytest.fixture
def office(blueprint: Path, tmp_path: Path) -> Iterator[Office]:
    """The sample office of these tests, open, with a store of its own."""
    from service.store import open_store
    from support.office import open_office, plain_settings

    url, documents = f"sqlite:///{shutil.copy(blueprint, tmp_path)}", str(tmp_path / "documents")
    settings = replace(plain_settings(str(tmp_path)), database_url=url, storage_url=documents)
    with open_store(database_url=url, storage_url=documents) as store:
        yield open_office(store, settings)


@pytest.fixture
def rounds(store: Store, tmp_path: Path) -> Rounds:
    """Forms on their way through these tests' office, on SQLite and on PostgreSQL."""
    from support.circulating_forms import Rounds
    from support.office import open_office, plain_settings

    return Rounds(office=open_office(store, plain_settings(str(tmp_path))))


@pytest.fixture
def simulator() -> Iterator[siasn.Simulator]:
    """SIASN's stand-in, a process of its own."""
    from support import siasn

    with siasn.running_simulator() as running:
        yield running


@pytest.fixture
def agency(store: Store, simulator: siasn.Simulator, tmp_path: Path) -> siasn.Agency:
    """One certificate to be sent to SIASN."""
    from support import siasn

    return siasn.open_agency(store, simulator, tmp_path)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """An office in which there is one of everything, for tests that look and change nothing."""
    from service.store import migrate, open_store
    from support.furnished_office import furnish
    from support.office import MAIL, open_office, plain_settings
    from support.web_client import open_web_door

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
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedGateway]:
    """The gateway's stand-in, a process of its own, speaking both versions."""
    from support.bsre import simulated

    with simulated(tmp_path_factory.mktemp("bsre")) as running:
        yield running


@pytest.fixture
def remote(office: Office, gateway: SimulatedGateway) -> Remote:
    """Forms on their way through the office, signed at that gateway."""
    from support.circulating_forms import Rounds
    from support.gateway_office import Remote

    gateway.mood("")
    return Remote(rounds=Rounds(office=office), simulated=gateway)
