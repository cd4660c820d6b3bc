"""Redeeming by HTTP at the real web process, on one database."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members
from app.installation import Installation
from app.ports import wait_until_answered
from app.stock import moving
from app.stock.levels import Sort, locked, shelf_of
from tests.bench.places import ITEM, PERK, ROOT, STATION
from tests.support.installations import World, make_installation
from tests.support.web import free_port
from voucher.ledger.issuance.issuing import issue
from voucher.perks.settings import perk

ISSUED_AT_ONCE = 1000
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Load:
    """One round: how many a second, and how long they took in milliseconds."""

    rate: float
    p50: float
    p99: float


class Till:
    """A web process with a device and vouchers that nobody has redeemed yet."""

    def __init__(self, port: int, bearer: str, tokens: list[str]):
        self._port, self._bearer, self._tokens = port, bearer, tokens

    def redeem(self, clients: int, count: int) -> Load:
        """Redeems so many of the vouchers; raises where one is not `redeemed`."""
        tokens, self._tokens = self._tokens[:count], self._tokens[count:]
        if len(tokens) < count:
            raise RuntimeError("too few vouchers were issued")
        order = {"port": self._port, "bearer": self._bearer, "clients": clients, "tokens": tokens}
        run = subprocess.run(
            [sys.executable, "-m", "tests.bench.load"],
            input=json.dumps(order),
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            check=True,
            timeout=60,
        )
        told = json.loads(run.stdout)
        took = [1000 * seconds for seconds in told["took"]]
        if len(took) != count:
            raise RuntimeError(f"{len(took)} of {count} were redeemed")
        return Load(count / told["seconds"], median(took), quantiles(took, n=100)[98])


@contextmanager
def open_till(folder: Path, url: str, programme: str, vouchers: int) -> Iterator[Till]:
    """Issues the vouchers and starts `keepsake web`; stops it at the end."""
    folder.mkdir()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    installation = make_installation(folder, url, programme, address)
    try:
        _, bearer = World(installation).add_device(STATION)
        _fill_shelves(installation, vouchers)
        tokens = _issue(installation, vouchers)
    finally:
        installation.close()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "PORT": str(port),
        "PUBLIC_URL": address,
        "KEEPSAKE_DATA_DIR": str(folder / "var"),
        "KEEPSAKE_PROGRAMME": str(folder / "programme.toml"),
    }
    web = subprocess.Popen([sys.executable, "-m", "app.cli", "web"], cwd=ROOT, env=environment)
    try:
        if not wait_until_answered("127.0.0.1", port, within=PATIENCE_SECONDS):
            raise RuntimeError("the web process does not answer")
        yield Till(port, bearer, tokens)
    finally:
        web.terminate()
        web.wait(PATIENCE_SECONDS)


def median_of(loads: list[Load]) -> Load:
    """The median of each figure."""
    return Load(*(median(getattr(one, name) for one in loads) for name in ("rate", "p50", "p99")))


def _fill_shelves(installation: Installation, count: int) -> None:
    with installation.unit_of_work() as session:
        sort = Sort(World(installation).community_id, ITEM, "")
        if shelf_of(locked(session, {sort}, now=clock.now()), sort, STATION) is not None:
            how: dict[str, Any] = {"reason": "bench", "actor": COMMAND_LINE, "now": clock.now()}
            moving.receive(session, sort, STATION, count, **how)


def _issue(installation: Installation, count: int) -> list[str]:
    community = World(installation).community_id
    tokens: list[str] = []
    while len(tokens) < count:
        with installation.unit_of_work() as session:
            now = clock.now()
            known = members.ids_of(session, community, "sample", {"1": None}, first_seen=now)
            wanted = perk(session, community, PERK)
            tokens += [
                issue(session, wanted, known["1"], cause="bench", actor=COMMAND_LINE, now=now).token
                for _ in range(min(ISSUED_AT_ONCE, count - len(tokens)))
            ]
    return tokens
