"""A whole fair: the kiosk's own code on many devices, against the real server, with chance at work.

`KEEPSAKE_SIMULATION_SEED=7` runs another day. Where it fails it says which day that was.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.simulation import books
from tests.kiosk.simulation.hall import FAIR, Hall
from tests.support.installations import NOON, World, make_installation
from tests.support.node import run_node

SCRIPT = Path(__file__).with_name("simulation") / "run.mjs"
SEED = int(os.environ.get("KEEPSAKE_SIMULATION_SEED", "1"))
DEVICES, TILLS, TICKS, TICK_MS = 20, 2, 60, 8 * 60_000
VOUCHERS = {True: int(os.environ.get("V", "5000")), False: 1500}
"""On SQLite, and on PostgreSQL."""


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, FAIR)
    yield World(installation)
    installation.close()


def test_what_left_the_desks_of_a_fair_is_on_record_once_and_all_figures_add_up(
    world: World,
) -> None:
    vouchers = VOUCHERS[world.installation.database.is_sqlite]
    hall = Hall(world, DEVICES, vouchers, pins=vouchers // 9)
    with hall.open() as address:
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
        desks = json.loads(run_node(SCRIPT, given=json.dumps(order)))["desks"]
    print({k: (n, round(t, 1)) for k, (n, t) in hall.stat.items()})
    import resource, time
    print("self", resource.getrusage(resource.RUSAGE_SELF).ru_utime, "node", resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.process_time())
    with world.installation.reading() as session:
        kept = books.read(session, hall, desks)
        wrong = books.complaints(session, kept)
        ends = books.holds_of(session)
    day = f"KEEPSAKE_SIMULATION_SEED={SEED}"
    assert not wrong, "\n".join([f"{len(wrong)} complaints; again by {day}:", *wrong[:20]])
    reasons = Counter(one.reason for one in kept.conflict_of.values())
    own = sum(one["own"] for one in kept.handed.values())
    # A day on which nothing goes wrong proves nothing.
    happened = {
        "decided alone": own,
        "pages that ended": sum(desk["pages"] - 1 for desk in desks if desk["pages"]),
        "undone": sum(scan.undone_at is not None for scan in kept.scans.values()),
        **{
            reason: reasons[reason]
            for reason in ("already_redeemed", "void", "superseded", "out_of_stock", "revoked_device")
        },
        **{end: ends[end] for end in ("confirmed", "conflict", "released", "ran out")},
    }
    print(happened, len(kept.scans))
    assert all(happened.values()), f"{day}: {happened}"
