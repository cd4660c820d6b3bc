"""What a device may do is asked as it scans, whatever is remembered of it."""

import pytest

from app.actor import COMMAND_LINE
from kiosk.devices import permitting
from kiosk.devices.permitting import UnknownDevice, UnknownPermission
from tests.kiosk.desks import Desk, allow, claim, entries, reasons, revoke
from tests.support.installations import NOON, World, world_of

world = world_of(at=NOON)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


@pytest.mark.parametrize("mode", ["redeem", "hold"])
def test_who_may_only_check_hands_nothing_out_at_once(world: World, door: Desk, mode: str) -> None:
    pin = world.issue()
    assert door.told(token=world.issue().token) == "redeemed"
    allow(world, door.id, "check")
    refused = door.scan(token=pin.token, mode=mode)[1]
    assert (refused["status"], refused["title"]) == (403, "not_allowed")
    assert "may only check" in refused["detail"]
    assert door.told(token=pin.token, mode="check") == "valid"
    allow(world, door.id, "redeem")
    assert door.told(token=pin.token) == "redeemed"


def test_a_pickup_point_alone_redeems_nothing(world: World, door: Desk) -> None:
    allow(world, door.id, "pickup")
    assert door.told(token=world.issue().token) == "not_allowed"


def test_who_may_not_undo_undoes_nothing(world: World, door: Desk) -> None:
    attempt, _ = door.scan(token=world.issue().token)
    allow(world, door.id, "redeem", "check")
    assert door.end(attempt, "undo", reason="x") == "not_allowed"
    allow(world, door.id, "undo")
    assert door.end(attempt, "undo", reason="x") == "undone"
    allow(world, door.id, "check")
    assert door.end(attempt, "undo", reason="x") == "undone"


def test_what_was_begun_before_comes_to_its_end(world: World, door: Desk) -> None:
    pin = world.issue()
    held, _ = door.scan(token=pin.token, mode="hold")
    other, _ = door.scan(token=world.issue().token, mode="hold")
    attempt, first = door.scan(token=world.issue(member="2").token)
    allow(world, door.id, "check")
    assert door.end(held, "confirm") == "redeemed"
    assert door.end(other, "release") == "released"
    again = door.scan(attempt_id=attempt, token=world.issue(member="2").token)[1]
    assert again["title"] == "attempt_differs"
    assert first["verdict"] == "redeemed"


def test_what_it_handed_out_offline_all_the_same_is_looked_at(world: World, door: Desk) -> None:
    pin = world.issue()
    allow(world, door.id, "check")
    attempt, told = door.scan(token=pin.token, **claim())
    assert (told["verdict"], bool(told["conflict"])) == ("not_allowed", True)
    assert reasons(world) == ["not_allowed"]
    assert door.told(attempt_id=attempt, token=pin.token, **claim()) == "not_allowed"
    assert reasons(world) == ["not_allowed"]
    assert Desk(world, "Bar").told(token=pin.token) == "redeemed"


def test_a_change_is_told_once_and_what_is_no_permission_is_refused(
    world: World, door: Desk
) -> None:
    for _ in range(2):
        allow(world, door.id, "undo", "redeem", "pickup", "check")
    told = {"device": door.id, "may": "redeem,undo,pickup"}
    assert entries(world, "device.allowed") == [told]
    for wrong in ((), ("eat",)):
        with pytest.raises(UnknownPermission):
            allow(world, door.id, *wrong)
    with pytest.raises(UnknownDevice):
        allow(world, "dev_none", "redeem")
    revoke(world, door.id)
    with pytest.raises(UnknownDevice):
        allow(world, door.id, "redeem")


def test_a_device_of_another_community_is_not_known(world: World, door: Desk) -> None:
    with world.installation.unit_of_work() as session, pytest.raises(UnknownDevice):
        permitting.revoke(session, 99, door.id, actor=COMMAND_LINE, now=NOON)
