"""What a desk is told of its own station, and of who stands before it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.programme.applying import ready
from app.stock import moving
from app.stock.levels import Sort
from tests.kiosk.desks import Desk, revoke
from tests.kiosk.faces import give_avatar
from tests.kiosk.tills import refund, reissue
from tests.support.installations import NOON, PROGRAMME, World, thread, world_of
from tests.support.pictures_server import colour_of
from voucher.ledger.models import Voucher
from voucher.token import print_code

ITEMS = (
    PROGRAMME
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\nstock_taken = "redemption"\nuses = 5\n'
    + '\n[items.mug]\nname = "Lantern mug"\nlow = 2\n'
)


world = world_of(ITEMS, at=NOON)


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
    other.told(code="0000-0000-0000G")
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
        "member": {"display_name": "Ada", "avatar": None},
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


def test_a_desk_gets_the_picture_of_who_should_stand_there(world: World) -> None:
    door, bar = Desk(world), Desk(world, "Bar")
    attempt, _ = door.scan(code=world.issue().code, mode="check")
    place = f"/scans/{attempt}/member"
    assert door.ask("GET", place)[1]["member"]["avatar"] is None
    assert door.get(f"{place}/avatar").status_code == 404
    give_avatar(world)
    assert door.ask("GET", place)[1]["member"]["avatar"] == f"/api/v1{place}/avatar"
    first = door.get(f"{place}/avatar")
    assert (first.status_code, first.mimetype) == (200, "image/webp")
    assert first.headers["Cache-Control"] == "private, max-age=300"
    assert colour_of(first.data)[0] > 200
    same = {"If-None-Match": first.headers["ETag"]}
    assert door.get(f"{place}/avatar", same).status_code == 304
    give_avatar(world, "#0000ff")
    second = door.get(f"{place}/avatar", same)
    assert second.status_code == 200
    assert colour_of(second.data)[2] > 200
    assert bar.get(f"{place}/avatar").status_code == 404
    unknown, _ = door.scan(code="0000-0000-0000G")
    assert door.get(f"/scans/{unknown}/member/avatar").status_code == 404


def test_no_picture_is_told_of_or_given_where_the_programme_wants_none(world: World) -> None:
    door = Desk(world)
    attempt, _ = door.scan(code=world.issue().code, mode="check")
    give_avatar(world)
    off = ITEMS.replace('name = "Test"', 'name = "Test"\navatars = false')
    world.installation.settings.programme_file.write_text(off, "utf-8")
    ready(world.installation)
    assert door.ask("GET", f"/scans/{attempt}/member")[1]["member"]["avatar"] is None
    assert door.get(f"/scans/{attempt}/member/avatar").status_code == 404
