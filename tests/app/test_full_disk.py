"""A full disk: SQLite itself says so, as it may take no more pages than it has."""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError

from app import cli, clock
from app.audit.models import AuditEntry
from app.factory import create_app
from app.faults import DISK_FULL
from app.worker import Worker
from tests.support.installations import PROGRAMME, World, make_installation

ENDLESS = 1_000_000_000


class Disk:
    """How many of its pages each SQLite file that is opened may have."""

    def __init__(self) -> None:
        self.pages = ENDLESS

    def limit(self, connection: Any, *_rest: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")


@pytest.fixture
def disk() -> Iterator[Disk]:
    found = Disk()
    event.listen(Engine, "connect", found.limit)
    event.listen(Engine, "checkout", found.limit)
    yield found
    event.remove(Engine, "connect", found.limit)
    event.remove(Engine, "checkout", found.limit)


@pytest.fixture
def keepsake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in this process, so that its disk can be made full."""
    (tmp_path / "programme.toml").write_text(PROGRAMME, "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["keepsake", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, told.out, told.err

    return run


def lines(count: int) -> str:
    return "".join(
        f'{{"id":"{i}","kind":"message","member":"{i % 50}","at":"2026-01-01T00:00:00Z"}}\n'
        for i in range(count)
    )


def test_a_replay_into_a_full_disk_says_so_and_goes_on_when_there_is_room(
    tmp_path: Path, disk: Disk, keepsake: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "a.ndjson").write_text(lines(9000), "utf-8")
    assert keepsake("migrate")[0] == 0
    disk.pages = 420
    code, _, said = keepsake("replay", "a.ndjson")
    assert (code, said.strip().splitlines()[-1]) == (1, DISK_FULL)
    kept = counted(keepsake)
    assert 0 < kept < 9000
    disk.pages = ENDLESS
    assert keepsake("replay", "a.ndjson")[0] == 0
    assert counted(keepsake) == 9000


def counted(keepsake: Callable[..., tuple[int, str, str]]) -> int:
    code, out, _ = keepsake("leaderboard", "message", "--json", "--limit", "1000")
    assert code == 0
    return sum(place["count"] for place in json.loads(out))


def test_a_first_start_on_a_full_disk_says_so(
    disk: Disk, keepsake: Callable[..., tuple[int, str, str]]
) -> None:
    disk.pages = 20
    code, _, said = keepsake("migrate")
    assert (code, said.strip().splitlines()[-1]) == (1, DISK_FULL)
    disk.pages = ENDLESS
    assert keepsake("migrate")[0] == 0


def test_a_scan_that_cannot_be_kept_is_not_judged_and_the_same_attempt_is_later(
    tmp_path: Path, disk: Disk
) -> None:
    installation = make_installation(tmp_path, f"sqlite:///{tmp_path / 'k.sqlite3'}")
    world = World(installation)
    _, bearer = world.add_device()
    voucher = world.issue()
    client = create_app(installation).test_client()
    request = {
        "attempt_id": str(uuid4()),
        "token": voucher.token,
        "mode": "redeem",
        "scanned_at": clock.now().isoformat(),
    }

    def post() -> Any:
        return client.post(
            "/api/v1/scans", json=request, headers={"Authorization": f"Bearer {bearer}"}
        )

    fill(world, disk)
    refused = post()
    assert (refused.status_code, refused.get_json()["title"]) == (503, "database_unavailable")
    disk.pages = ENDLESS
    told = post().get_json()
    assert (told["verdict"], told["replayed"]) == ("redeemed", False)
    installation.close()


def fill(world: World, disk: Disk) -> None:
    """Until not one refused scan more can be kept."""
    scanner, _ = world.add_device()
    disk.pages = 1  # it keeps what it has, and takes no page more
    for _ in range(10_000):
        try:
            world.scan(scanner, code="no code")
        except OperationalError:
            return
    pytest.fail("the disk was never full")


def test_the_worker_says_so_and_goes_on_when_there_is_room(
    tmp_path: Path, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    installation = make_installation(tmp_path, f"sqlite:///{tmp_path / 'k.sqlite3'}")
    world = World(installation)
    for _ in range(200):  # more than the pages that sealing has already
        world.issue()
    fill(world, disk)
    worker = Worker(installation)
    with caplog.at_level(logging.WARNING, "app.worker"):
        worker.start()
        wait_for(lambda: DISK_FULL in caplog.text)
        disk.pages = ENDLESS
        wait_for(lambda: sealed(world))
        worker.stop()
    installation.close()


def sealed(world: World) -> bool:
    with world.installation.reading() as session:
        return None not in session.scalars(select(AuditEntry.number)).all()


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)
