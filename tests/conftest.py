"""What every test may ask for, and the rule that none is left out in silence."""

import os
import shutil
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from app.database import Database
from app.migrating import migrate
from tests.support.browser import open_browser
from tests.support.installations import World, make_installation
from tests.support.postgres import PostgresServer, fast_place
from tests.support.remembered import remembering

ENGINES = ["sqlite", "postgresql"]

settings.register_profile("ci", derandomize=True, deadline=None, database=None, max_examples=100)
# For a search that lasts: HYPOTHESIS_PROFILE=search.
settings.register_profile("search", deadline=None, max_examples=5000)
# SQLite waits for the disk at each commit, as it should: in memory that takes no time.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast_place()))
# What is imported is compiled once: where that is not kept, it took a fourth of the time of each of
# the hundred processes that are started here.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session", autouse=True)
def _remembering() -> Iterator[None]:
    with remembering():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL 18 of this session's own (of this worker's, under xdist)."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "keepsake.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: PostgresServer) -> str:
    """The name of such a database on the server."""
    name = f"keepsake_migrated_{uuid4().hex}"
    _migrate(postgres_server.create_database(name))
    return name


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with nothing in its tables; runs once on each engine.

    It is a copy: to migrate each anew took a third of the whole suite's time.
    """
    if request.param == "sqlite":
        path = tmp_path / "keepsake.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    # Asked for only here, so that a run without PostgreSQL's share starts no server.
    template: str = request.getfixturevalue("migrated_database")
    yield from _on_server(request.getfixturevalue("postgres_server"), template)


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables; the test runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
        return
    yield from _on_server(request.getfixturevalue("postgres_server"))


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    """A whole installation with a small programme, on each engine."""
    installation = make_installation(tmp_path, engine_url)
    yield World(installation)
    installation.close()


@pytest.fixture(scope="module")
def plain_browser() -> Iterator[Browser]:
    """One browser for all tests of a module; each opens pages of its own, in contexts of their own.

    Not for longer: while it is open, nothing else of that thread can run an event loop.
    """
    with open_browser() as browser:
        yield browser


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.engine.dispose()


def _on_server(server: PostgresServer, template: str | None = None) -> Iterator[str]:
    name = f"keepsake_{uuid4().hex}"
    yield server.create_database(name, template)
    server.drop_database(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: the last minute had but one process at work."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fails a test that chooses its own engine: what holds on one must hold on the other."""
    for mark in item.iter_markers("parametrize"):
        names = str(mark.args[0] if mark.args else mark.kwargs["argnames"])
        if "engine_url" in names or "empty_url" in names:
            pytest.fail("It leaves an engine out: take `engine_url` as it is.", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets a test that was skipped or expected to fail count as failed."""
    report = yield
    if report.skipped or hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = _objection(report)
        vars(report).pop("wasxfail", None)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Lets a module that skips itself count as failed."""
    report = yield
    if report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = _objection(report)
    return report


def _objection(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
    else:
        reason = getattr(report, "wasxfail", "") or "it is expected to fail"
    return (
        f"Left out: {reason}. Nothing is skipped or expected to fail here: mend the test, "
        "or let it fail with a sentence that says what to install."
    )
