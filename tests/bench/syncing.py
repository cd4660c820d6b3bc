"""What a device is told of 50,000 vouchers, against a bare read of the same rows."""

import json
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock, journal
from app.actor import WORKER
from app.audit import sealing
from app.factory import create_app
from app.installation import Installation
from app.journal import Told
from tests.bench.issuing import opened
from tests.support.installations import World
from tests.support.postgres import PostgresServer
from voucher.ledger.facts import VoucherRedeemed
from voucher.ledger.issuance.issuing import issue_all
from voucher.ledger.models import Voucher
from voucher.ledger.redeeming import take_uses

COUNT, FRESH, BATCH = 50_000, 20_000, 1000
"""Vouchers that are redeemed and those that are not, and how many in a transaction."""
POLLS = 200
STATION = "popup_berlin"
BARE = (
    "SELECT code, standing, uses - uses_taken, valid_from, valid_until FROM voucher "
    "WHERE uses_taken > 0"
)


class Syncing(NamedTuple):
    """Seconds (medians), megabytes, and each round's snapshot as a multiple of its bare read."""

    snapshot: float
    changes: float
    megabytes: float
    poll: float
    ratio: float


def measure(folder: Path, rounds: int) -> dict[str, Syncing]:
    """Syncs by HTTP requests to the application, in this process, on each engine."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer().start())
        urls = {
            "SQLite": f"sqlite:///{folder / 'syncing.sqlite3'}",
            "PostgreSQL": server.create_database("syncing"),
        }
        return {
            name: _measure(folder / f"syncing-{name.lower()}", url, rounds)
            for name, url in urls.items()
        }


def _measure(folder: Path, url: str, rounds: int) -> Syncing:
    installation, orders = opened(folder, lambda _: url, COUNT + FRESH)
    try:
        _, bearer = World(installation).add_device(STATION)
        client = create_app(installation).test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {bearer}"
        for start in range(0, len(orders), BATCH):
            with installation.unit_of_work() as session:
                issue_all(session, orders[start : start + BATCH])
        sealing.seal_due(installation)
        before = _sync(client, "").cursor
        _redeem(installation)
        sealing.seal_due(installation)
        found = [_round(installation, client, before) for _ in range(rounds)]
        return Syncing(*(median(figures) for figures in zip(*found, strict=True)))
    finally:
        installation.close()


def _round(installation: Installation, client: FlaskClient, before: str) -> Syncing:
    bare, snapshot, changes = _read(installation), _sync(client, ""), _sync(client, before)
    if snapshot.rows != COUNT or changes.rows != COUNT:
        raise RuntimeError(f"{snapshot.rows} and {changes.rows} of {COUNT} were told")
    began = time.perf_counter()
    for _ in range(POLLS):
        client.get("/api/v1/sync", query_string={"cursor": snapshot.cursor})
    poll = (time.perf_counter() - began) / POLLS
    size = max(snapshot.size, changes.size) / 1_000_000
    return Syncing(snapshot.seconds, changes.seconds, size, poll, snapshot.seconds / bare)


class _Told(NamedTuple):
    seconds: float
    size: int
    rows: int
    cursor: str


def _sync(client: FlaskClient, cursor: str) -> _Told:
    began, bodies = time.perf_counter(), []
    told: dict[str, Any] = {"more": True, "cursor": cursor}
    while told["more"]:
        bodies.append(client.get("/api/v1/sync", query_string={"cursor": told["cursor"]}).data)
        told = json.loads(bodies[-1])
    seconds = time.perf_counter() - began
    rows = sum(len(json.loads(body)["vouchers"]) for body in bodies)
    return _Told(seconds, sum(map(len, bodies)), rows, told["cursor"])


def _read(installation: Installation) -> float:
    began = time.perf_counter()
    with installation.glance() as connection:
        rows = connection.execute(text(BARE)).all()
        json.dumps([[row[0].hex(), row[1], row[2], str(row[3]), str(row[4])] for row in rows])
    return time.perf_counter() - began


def _redeem(installation: Installation) -> None:
    with installation.reading() as session:
        rows = session.execute(select(Voucher.id, Voucher.reference).limit(COUNT)).all()
    community_id = World(installation).community_id
    for start in range(0, COUNT, BATCH):
        some, now = rows[start : start + BATCH], clock.now()
        with installation.unit_of_work() as session:
            take_uses(session, [row.id for row in some], 1, now=now)
            told = [
                Told(fact=_fact(row.reference), community_id=community_id, actor=WORKER, at=now)
                for row in some
            ]
            journal.record_all(session, told)


def _fact(reference: str) -> VoucherRedeemed:
    return VoucherRedeemed(
        redemption=uuid4(),
        voucher=reference,
        perk=1,
        member=1,
        station=STATION,
        device="dev",
        operator=None,
        uses=1,
        scanned_at=clock.now(),
    )
