"""A whole fair: the kiosk's own code on many devices, against the real server, with chance at work.

`KEEPSAKE_SIMULATION_SEED=7` runs another day. Where it fails it says which day that was.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.kiosk.simulation import books
from tests.kiosk.simulation.books import Books
from tests.kiosk.simulation.hall import FAIR, Hall
from tests.support.installations import NOON, World, world_of
from tests.support.node import run_node

SCRIPT = Path(__file__).with_name("simulation") / "run.mjs"
SEED = int(os.environ.get("KEEPSAKE_SIMULATION_SEED", "1"))
DAY = f"KEEPSAKE_SIMULATION_SEED={SEED}"
DEVICES, TILLS, TICKS, TICK_MS = 20, 2, 60, 8 * 60_000
VOUCHERS = {True: 5000, False: 1000}
"""On SQLite, and on PostgreSQL."""
REASONS = "already_redeemed", "out_of_stock", "revoked_device"


pytestmark = pytest.mark.long
world = world_of(FAIR)


def test_what_left_the_desks_of_a_fair_is_on_record_once_and_all_figures_add_up(
    world: World,
) -> None:
    vouchers = VOUCHERS[world.installation.database.is_sqlite]
    hall = Hall(world, DEVICES, vouchers, pins=vouchers // 9)
    with hall.open() as address:
        desks = live_through(hall, address)
    with world.installation.reading() as session:
        kept = books.read(session, hall, desks)
        wrong = books.complaints(session, kept)
        ends = books.holds_of(session)
    assert not wrong, "\n".join([f"{len(wrong)} complaints; again by {DAY}:", *wrong[:20]])
    happened = what_happened(kept) | ends
    assert all(happened.values()), f"nothing is proven by {DAY}: {happened}"


def live_through(hall: Hall, address: str) -> list[dict[str, Any]]:
    """What is left of the day at each desk."""
    order = {
        "seed": SEED,
        "server": address,
        "begins": int(NOON.timestamp() * 1000),
        "ticks": TICKS,
        "tickMs": TICK_MS,
        "tills": TILLS,
        "devices": hall.devices,
        "vouchers": [{"token": one.token, "code": one.code} for one in hall.issued],
    }
    desks: list[dict[str, Any]] = json.loads(run_node(SCRIPT, given=json.dumps(order)))["desks"]
    return desks


def what_happened(kept: Books) -> dict[str, int]:
    """A day on which nothing goes wrong would prove nothing."""
    reasons = Counter(one.reason for one in kept.conflict_of.values())
    return {
        "decided alone": sum(one["own"] for one in kept.handed.values()),
        "undone": sum(scan.undone_at is not None for scan in kept.scans.values()),
        "pages that ended": sum(desk["pages"] - 1 for desk in kept.desks if desk["pages"]),
        "moved meanwhile": reasons["void"] + reasons["superseded"] + reasons["refunded"],
        **{reason: reasons[reason] for reason in REASONS},
    }
