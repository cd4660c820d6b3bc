"""Issuing through the ledger, against a bare loop of the very SQL that it said, without it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import event, make_url

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members
from app.installation import Installation
from tests.bench.places import PERK, programme
from tests.support.installations import World, make_installation
from tests.support.postgres import PostgresServer
from voucher.ledger.issuance.issuing import issue_all
from voucher.ledger.issuance.orders import Order
from voucher.perks.settings import perk

COUNT, BATCH = 10_000, 500
"""Vouchers in a round, and in a transaction: as `keepsake vouchers issue` does."""

Said = list[tuple[str, Any, bool]]
"""Statements with their parameters, and whether those are many."""


class Issuing(NamedTuple):
    """Medians over the rounds, a second; `ratio` is that of each round's own two rates."""

    rate: float
    bare: float
    ratio: float


def measure(folder: Path, rounds: int) -> dict[str, Issuing]:
    """Issues and runs the bare loop, one after the other, so many times on each engine."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer(durable=True).start())
        urls: dict[str, Callable[[Path], str]] = {
            "SQLite": lambda at: f"sqlite:///{at / 'keepsake.sqlite3'}",
            "PostgreSQL": lambda at: server.create_database(at.name.replace("-", "_")),
        }
        return {name: _measure(folder / name.lower(), url, rounds) for name, url in urls.items()}


def _measure(folder: Path, url: Callable[[Path], str], rounds: int) -> Issuing:
    found = []
    for number in range(rounds):
        ours, said = _issue(Path(f"{folder}-issuing-{number}"), url)
        found.append((ours, _say(Path(f"{folder}-bare-{number}"), url, said)))
    return Issuing(
        median(one for one, _ in found),
        median(bare for _, bare in found),
        median(one / bare for one, bare in found),
    )


def _issue(folder: Path, url: Callable[[Path], str]) -> tuple[float, list[Said]]:
    """Issues, with its rate; then once more, to hear what it says to the database."""
    installation, orders = opened(folder, url)
    try:
        _issue_all(installation, orders[:BATCH])
        began = time.perf_counter()
        _issue_all(installation, orders)
        seconds = time.perf_counter() - began
        return COUNT / seconds, _heard(installation, orders)
    finally:
        installation.close()


def _issue_all(installation: Installation, orders: list[Order]) -> None:
    for start in range(0, len(orders), BATCH):
        with installation.unit_of_work() as session:
            issue_all(session, orders[start : start + BATCH])


def _heard(installation: Installation, orders: list[Order]) -> list[Said]:
    said: list[Said] = []
    engine = installation.database.engine

    def begin(_connection: Any) -> None:
        said.append([])

    def hear(_c: Any, _k: Any, text: str, values: Any, _x: Any, many: bool) -> None:
        if not text.startswith("BEGIN"):
            said[-1].append((text, values, many))

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", hear)
    _issue_all(installation, orders)
    event.remove(engine, "before_cursor_execute", hear)
    event.remove(engine, "begin", begin)
    return said


def _say(folder: Path, url: Callable[[Path], str], said: list[Said]) -> float:
    """Says the same to a database that was made in the same way, by the bare driver."""
    installation, orders = opened(folder, url)
    _issue_all(installation, orders[:BATCH])
    on_sqlite = make_url(installation.settings.database_url).drivername == "sqlite"
    connection = installation.database.engine.raw_connection()
    cursor = connection.cursor()
    began = time.perf_counter()
    for transaction in said:
        if on_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for text, values, many in transaction:
            (cursor.executemany if many else cursor.execute)(text, values)
            if cursor.description:
                cursor.fetchall()
        connection.commit()
    seconds = time.perf_counter() - began
    connection.close()
    installation.close()
    return COUNT / seconds


def opened(
    folder: Path, url: Callable[[Path], str], count: int = COUNT
) -> tuple[Installation, list[Order]]:
    """An installation of this bench, and so many orders for it."""
    folder.mkdir()
    installation = make_installation(folder, url(folder), programme())
    community = World(installation).community_id
    with installation.unit_of_work() as session:
        now = clock.now()
        known = members.ids_of(session, community, "sample", {"1": None}, first_seen=now)
        order = Order(perk(session, community, PERK), known["1"], "bench", COMMAND_LINE, now)
    return installation, [order] * count
