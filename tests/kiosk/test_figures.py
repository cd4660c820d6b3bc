"""What a desk is told of its own station, and of who stands before it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.stock import moving
from app.stock.levels import Sort
from tests.kiosk.desks import Desk, revoke
from tests.kiosk.tills import refund, reissue
from tests.support.installations import NOON, PROGRAMME, World, make_installation, thread
from voucher.ledger.models import Voucher
from voucher.token import print_code

ITEMS = (
    PROGRAMME
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\nstock_taken = "redemption"\nuses = 5\n'
    + '\n[items.mug]\nname = "Lantern mug"\nlow = 2\n'
)


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, ITEMS)
    with clock.standing_at(NOON):
        yield World(installation)
    installation.close()


def only_voucher(world: World) -> Voucher:
    with world.installation.reading() as session:
        return session.scalars(select(Voucher)).one()


def figures(desk: Desk) -> dict[str, Any]:
    status, answer = desk.ask("GET", "/station")
    assert status == 200
    return answer


def test_it_says_what_went_out_today_what_lies_there_and_who_is_there(world: World) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, Sort(world.community_id, "mug", ""), "popup", 5, **how)
    door, bar, other = Desk(world), Desk(world, "Bar"), Desk(world, "Lost")
    with clock.standing_at(NOON - timedelta(hours=14)):
        door.told(code=world.issue().code)
    mug = world.issue("mug").code
    for desk, uses in ((door, 1), (bar, 2)):
        assert desk.told(code=mug, uses=uses) == "redeemed"
    undone, _ = door.scan(code=world.issue().code)
    door.told(code=world.issue().code)
    door.told(code="0000-0000-0000G")
    door.end(undone, "undo", reason="r")
    other.ask("GET", "/kiosk/status")
    revoke(world, other.id)
    told = figures(door)
    assert told["handed_out"] == [
        {"perk": 3, "name": "Mug", "uses": 3},
        {"perk": 1, "name": "Pin", "uses": 1},
    ]
    assert [(one["name"], one["on_hand"], one["free"], one["low"]) for one in told["stock"]] == [
        ("Lantern mug", 2, 2, True)
    ]
    assert (told["devices"], told["as_of"], told["server_time"]) == (
        2,
        as_text(NOON),
        as_text(NOON),
    )


def test_all_devices_are_told_the_same_for_five_seconds(world: World) -> None:
    door, bar = Desk(world), Desk(world, "Bar")
    assert figures(door)["handed_out"] == []
    bar.told(code=world.issue().code)
    with clock.standing_at(NOON + timedelta(seconds=4)):
        assert figures(bar)["handed_out"] == []
        assert figures(bar)["as_of"] == as_text(NOON)
    with clock.standing_at(NOON + timedelta(seconds=5)):
        assert [one["uses"] for one in figures(door)["handed_out"]] == [1]
    with clock.standing_at(NOON + timedelta(minutes=3)):
        assert figures(door)["devices"] == 0


def test_a_desk_is_told_who_should_stand_there_and_what_they_got_it_for(world: World) -> None:
    door, bar = Desk(world), Desk(world, "Bar")
    world.take(*(thread(f"e{at}", member_name="Ada") for at in range(3)))
    attempt, _ = door.scan(code=print_code(only_voucher(world).code), mode="check")
    told = door.ask("GET", f"/scans/{attempt}/member")[1]
    assert told == {
        "member": {"display_name": "Ada"},
        "trophy": {"name": "Starter", "description": "", "earned_at": as_text(NOON)},
    }
    assert bar.ask("GET", f"/scans/{attempt}/member")[0] == 404
    assert door.ask("GET", f"/scans/{uuid4()}/member")[0] == 404
    unknown, _ = door.scan(code="0000-0000-0000G")
    assert door.ask("GET", f"/scans/{unknown}/member")[1] == {"member": None, "trophy": None}


def test_a_new_voucher_in_place_of_another_is_for_the_same_achievement(world: World) -> None:
    door = Desk(world)
    world.take(*(thread(f"e{at}", member_name="Ada") for at in range(3)))
    first: Any = only_voucher(world)
    second = reissue(world, first)
    assert door.told(code=second.code) == "redeemed"
    third: Any = refund(world, second)
    attempt, _ = door.scan(code=third.new.code, mode="check")
    told = door.ask("GET", f"/scans/{attempt}/member")[1]
    assert told["trophy"]["name"] == "Starter"
    by_hand, _ = door.scan(code=world.issue().code, mode="check")
    assert door.ask("GET", f"/scans/{by_hand}/member")[1]["trophy"] is None
