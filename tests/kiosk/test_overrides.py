"""A supervisor redeems where or when a voucher is not given: within bounds, and on the record."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock, journal
from app.communities import members
from app.stock import movements
from kiosk.operators import pins
from tests.kiosk.desks import Desk, claim, entries
from tests.support.installations import NOON, PROGRAMME, World, make_installation
from voucher.ledger import withdrawing
from voucher.ledger.issuing import Issued
from voucher.scans.models import Scan

PIN = "860135"
SHUT = (
    PROGRAMME.replace('name = "Pop-up"', 'name = "Pop-up"\nhours = ["Mon-Sun 14:00-18:00"]')
    + '\n[perks.bag]\nname = "Bag"\nidentity = true\n'
    + '\n[perks.seat]\nname = "Seat"\nlive = true\n'
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\nstock_taken = "redemption"\n'
    + '\n[items.mug]\nname = "Mug"\n'
)
"""At noon, which is 13:00 in Berlin, the pop-up is closed."""
WHY = {"reason": "their train leaves"}


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, SHUT)
    with clock.standing_at(NOON):
        yield World(installation)
    installation.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "hash_of", lambda pin: pin)
    monkeypatch.setattr(pins, "matches", lambda pin, hashed: pin == hashed)
    monkeypatch.setattr(pins, "drawn", lambda: PIN)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def ada(world: World, door: Desk) -> str:
    """A supervisor who holds the door's device."""
    operator = world.add_operator("Ada", "supervisor")
    world.admit(operator, door.scanner)
    world.draw_pin(operator)
    door.sign_in(operator, PIN)
    return operator
