"""Order and tracing of the tests, and the fixtures every folder may use: stores, the sample office, the gateway.

Nothing heavy is imported here: a fixture imports what it needs, so that tests of pure functions start at once.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from service.store import Store
    from support.bsre import SimulatedGateway
    from support.circulating_forms import CirculatingForms
    from support.command import Run
    from support.furnished_office import Furnished
    from support.gateway_office import GatewayForms
    from support.office import Office
    from support.postgres import Server

HERE = Path(__file__).parent
# Fixtures that open a store or a sandbox.
OPENING = {
    *("blueprint", "sample_home", "empty_url", "database_url", "store", "home", "cmb", "served", "web", "office"),
    *("rounds", "agency", "furnished", "remote"),
}
# Coverage is measured on SQLite, which runs the same lines: tracing doubles the time of a test.
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.no_cover)]
# The longest files and folders start first: one that starts last keeps the other workers waiting.
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

# Not traced, because other tests cover the same lines: tables that run them hundreds of times, and stories that follow
# the paths of many tests. Tracing takes a quarter of a test's time.
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
    "service/gateway/test_unknown_outcomes.py",
    "service/circulation/test_returns.py",
    "service/circulation/test_interrupted.py",
    "service/circulation/test_intake.py",
    "service/monitoring/test_filing.py",
    "service/notifications/test_messages.py",
)


# --- Hooks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, and mark tests that coverage need not trace."""
    for item in items:
        if _is_property(item) or "furnished" in _fixtures(item) or _position(item, UNTRACED) is not None:
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: len(LONG) if (position := _position(item, LONG)) is None else position)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the process that readers are forked from if a test needs it, and drop Hypothesis if no test uses it."""
    plugins = session.config.pluginmanager
    if plugins.hasplugin("dsession"):
        return  # this process of xdist only hands out tests
    if "hypothesis" not in sys.modules and plugins.hasplugin("hypothesispytest"):
        # Its plugin would import the whole library for the summary at the end.
        plugins.unregister(name="hypothesispytest")
    if "service.store" in sys.modules or any(OPENING & set(_fixtures(item)) for item in session.items):
        _start_readers()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Pause the tracer while an untraced test is set up; pytest-cov itself pauses only during the test."""
    tracing = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if tracing is None or item.get_closest_marker("no_cover") is None:
        return (yield)
    tracing.pause()
    try:
        return (yield)
    finally:
        tracing.resume()


def _start_readers() -> None:
    """Start the process that readers are forked from, without the tracer, and share what SQLAlchemy compiles."""
    from service.sandbox.pool import PRELOADED_MODULES, start_forkserver
    from support.compiled_sql import share_compiled

    tracing = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    start_forkserver(PRELOADED_MODULES)
    os.environ.update(tracing)
    share_compiled()


def _is_property(item: pytest.Item) -> bool:
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def _position(item: pytest.Item, places: tuple[str, ...]) -> int | None:
    """Return the index of the first of these files and folders that holds the test, or None."""
    path = item.path.relative_to(HERE).as_posix()
    return next((index for index, place in enumerate(places) if path.startswith(place)), None)


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


# --- Stores


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the session, with a migrated database named `blueprint`."""
    from service.store import migrate
    from support.postgres import running_server

    with running_server() as server:
        migrate(server.create("blueprint"))
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Server) -> str:
    """The URL of a migrated database, empty at the beginning of each test."""
    return postgres_server.create("store", template="blueprint")


@pytest.fixture(scope="session")
def blueprint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copying it takes a hundredth of the time of migrating."""
    from service.store import migrate

    path = tmp_path_factory.mktemp("blueprint") / "store.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an unused sample office, to be copied, since making its fifteen RSA keys takes a while."""
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
        server: Server = request.getfixturevalue("postgres_server")
        yield server.create("empty")
        server.drop("empty")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, blueprint: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(blueprint, tmp_path)}"
    else:
        yield request.getfixturevalue("postgres_url")
        request.getfixturevalue("postgres_server").clear("store")


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """An open, empty store; its documents are in `tmp_path / "documents"`."""
    from service.store import open_store

    with open_store(database_url=database_url, storage_url=str(tmp_path / "documents")) as opened:
        yield opened


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample office's home, shared by the tests of a module."""
    return Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("cmb") / "home"))


@pytest.fixture(scope="module")
def cmb(home: Path) -> Run:
    """The `cmb` command over the module's sample office."""
    from support.command import command

    return command(home)


@pytest.fixture
def office(blueprint: Path, tmp_path: Path) -> Iterator[Office]:
    """The sample office, open, with a store of its own."""
    from service.store import open_store
    from support.office import open_office, plain_settings

    url, documents = f"sqlite:///{shutil.copy(blueprint, tmp_path)}", str(tmp_path / "documents")
    settings = replace(plain_settings(str(tmp_path)), database_url=url, storage_url=documents)
    with open_store(database_url=url, storage_url=documents) as store:
        yield open_office(store, settings)


@pytest.fixture
def rounds(store: Store, tmp_path: Path) -> CirculatingForms:
    """Forms circulating in the sample office, on SQLite and on PostgreSQL."""
    from support.circulating_forms import CirculatingForms
    from support.office import open_office, plain_settings

    return CirculatingForms(office=open_office(store, plain_settings(str(tmp_path))))


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """An office that holds one of everything, for tests that only read."""
    from service.store import migrate, open_store
    from support.furnished_office import furnish
    from support.office import MAIL, open_office, plain_settings
    from support.web_client import open_web_office

    folder = tmp_path_factory.mktemp("furnished")
    url, documents = f"sqlite:///{folder / 'store.sqlite3'}", str(folder / "documents")
    migrate(url)
    settings = replace(plain_settings(str(folder)), database_url=url, storage_url=documents, mail=MAIL)
    with (
        open_store(database_url=url, storage_url=documents) as store,
        open_web_office(open_office(store, settings)) as web,
    ):
        yield furnish(web)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedGateway]:
    """A simulated gateway of both versions, in a process of its own."""
    from support.bsre import simulated

    with simulated(tmp_path_factory.mktemp("bsre")) as running:
        yield running


@pytest.fixture
def remote(office: Office, gateway: SimulatedGateway) -> GatewayForms:
    """Forms circulating in the sample office, signed at the simulated gateway."""
    from support.circulating_forms import CirculatingForms
    from support.gateway_office import GatewayForms

    gateway.mood("")
    return GatewayForms(rounds=CirculatingForms(office=office), simulated=gateway)
