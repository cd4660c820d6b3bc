"""What every test may ask for, and the rule that none is left out in silence."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

from tests.support.installations import World, make_installation
from tests.support.postgres import PostgresServer

ENGINES = ["sqlite", "postgresql"]

settings.register_profile("ci", derandomize=True, deadline=None, database=None, max_examples=100)
# For a search that lasts: HYPOTHESIS_PROFILE=search.
settings.register_profile("search", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL 18 of this session's own (of this worker's, under xdist)."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=ENGINES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, empty database; the test runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
        return
    # Asked for only here, so that a run without PostgreSQL's share starts no server.
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"keepsake_{uuid4().hex}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    """A whole installation with a small programme, on each engine."""
    installation = make_installation(tmp_path, engine_url)
    yield World(installation)
    installation.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fails a test that chooses its own engine: what holds on one must hold on the other."""
    for mark in item.iter_markers("parametrize"):
        if "engine_url" in str(mark.args[0] if mark.args else mark.kwargs["argnames"]):
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
