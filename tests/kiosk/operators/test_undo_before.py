"""A supervisor takes back what ran into a scan: whoever redeemed it, wherever and whenever."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.stock import moving
from app.stock.levels import Sort
from app.stock.models import StockLevel
from tests.kiosk.desks import Desk, allow, claim, entries, reasons
from tests.kiosk.supervisors import PIN, admitted
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.interleaving import one_after_the_other
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.requests import UndoRequest

DRINKS = (
    PROGRAMME
    + '\n[perks.drinks]\nname = "Drinks"\nuses = 2\n'
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\nstations = ["popup", "other"]\n'
    + '\n[items.mug]\nname = "Mug"\n'
    + '\n[stations.third]\nname = "Third"\n'
)
pytestmark = pytest.mark.usefixtures("quick_pins")


world = world_of(DRINKS, at=NOON)


@pytest.fixture
def bar(world: World) -> Desk:
    return Desk(world, "Bar")


def lay(world: World, place: str) -> None:
    """Puts a mug into a place."""
    sort = Sort(world.community_id, "mug", "")
    with world.installation.unit_of_work() as session:
        moving.receive(session, sort, place, 1, reason="r", actor=COMMAND_LINE, now=NOON)


def lying(world: World) -> dict[str, int]:
    with world.installation.reading() as session:
        levels = session.scalars(select(StockLevel).where(StockLevel.on_hand > 0))
        return {level.place: level.on_hand for level in levels}


def test_what_another_desk_redeemed_is_taken_back_from_where_it_is_shown_again(
    world: World, door: Desk, bar: Desk
) -> None:
    mia, ada = admitted(world, door, name="Mia", role="steward"), admitted(world, door)
    door.sign_in(mia, PIN)
    pin = world.issue()
    bar.scan(token=pin.token)
    with clock.standing_at(NOON + timedelta(minutes=30)):
        shown, told = door.scan(token=pin.token)
        assert told["verdict"] == "already_redeemed"
        how: dict[str, Any] = {"reason": "it was not them"}
        assert door.end(shown, "undo", operator=mia, **how) == "undo_not_allowed"
        assert door.end(shown, "undo", **how) == "undo_not_allowed"
        door.sign_in(ada, PIN, once=True)
        path = f"/scans/{shown}/undo"
        told = door.ask("POST", path, {"operator": ada, **how})[1]
        assert (told["verdict"], told["scanned_by"]["device"]) == ("undone", "Bar")
        assert door.ask("POST", path, {"operator": ada, **how})[1] == {**told, "replayed": True}
        assert door.told(token=pin.token) == "redeemed"
    (fact,) = entries(world, "redemption.undone")
    assert fact["voucher"] == pin.reference


def test_the_last_one_is_taken_back_first_and_once_nothing_is_left_that_is_said(
    world: World, door: Desk, bar: Desk
) -> None:
    ada = admitted(world, door)
    door.sign_in(ada, PIN)
    drinks = world.issue("drinks")
    bar.scan(token=drinks.token)
    with clock.standing_at(NOON + timedelta(minutes=1)):
        door.scan(token=drinks.token)
        first, _ = door.scan(token=drinks.token)
        second, _ = door.scan(token=drinks.token)
        third, _ = door.scan(token=drinks.token)
    where = []
    for attempt in (first, second):
        body = {"operator": ada, "reason": "r"}
        answer = door.ask("POST", f"/scans/{attempt}/undo", body)[1]
        where.append((answer["scanned_by"]["device"], answer["voucher"]["uses_left"]))
    assert where == [("Door", 1), ("Bar", 2)]
    assert door.end(third, "undo", operator=ada, reason="r") == "nothing_to_undo"
    allow(world, door.id, "redeem")
    assert door.end(third, "undo", operator=ada, reason="r") == "not_allowed"
    assert door.end(third, "refund", operator=ada, reason="r") == "move_refused"
    allow(world, door.id, "check")
    assert door.end(third, "refund", operator=ada, reason="r") == "not_allowed"


def test_two_supervisors_at_once_take_it_back_once(world: World, door: Desk, bar: Desk) -> None:
    ada, bo = admitted(world, door), admitted(world, bar, name="Bo")
    door.sign_in(ada, PIN)
    bar.sign_in(bo, PIN)
    pin = world.issue()
    door.scan(token=pin.token)
    at_door, at_bar = door.scan(token=pin.token)[0], bar.scan(token=pin.token)[0]

    def by(desk: Desk, attempt: str, operator: str) -> Any:
        def undo(session: Session) -> str:
            asked = UndoRequest(operator=operator, reason="r")
            told = undo_by_device(session, desk.scanner, UUID(attempt), asked, now=NOON)
            return str(told["verdict"])

        return undo

    first, second = one_after_the_other(
        world.installation, by(door, at_door, ada), by(bar, at_bar, bo)
    )
    assert (first, getattr(second, "code", second)) == ("undone", "nothing_to_undo")


def test_what_this_desk_handed_over_too_is_a_conflict_and_undoes_nothing(
    world: World, door: Desk, bar: Desk
) -> None:
    ada = admitted(world, door)
    door.sign_in(ada, PIN)
    pin, later = world.issue(), world.issue(member="2")
    bar.scan(token=pin.token)
    bar.scan(token=later.token)
    # One that was decided here, and one whose refusal came too late: both were handed over.
    handed, told = door.scan(token=pin.token, operator=ada, **claim())
    assert (told["verdict"], told["conflict"] is None) == ("already_redeemed", False)
    refused, _ = door.scan(token=later.token, operator=ada)
    door.scan(attempt_id=refused, token=later.token, operator=ada, **claim())
    for attempt in (handed, refused):
        status, problem = door.ask(
            "POST", f"/scans/{attempt}/undo", {"operator": ada, "reason": "brought back"}
        )
        assert (status, problem["title"], problem["why"]) == (403, "undo_not_allowed", "conflict")
    assert reasons(world) == ["already_redeemed"] * 2
    assert bar.told(token=pin.token) == "already_redeemed"


@pytest.mark.parametrize("shows", ["a voucher", "nothing that is known"])
def test_what_the_device_refused_by_itself_shows_nothing_that_can_be_undone(
    world: World, door: Desk, bar: Desk, shows: str
) -> None:
    ada = admitted(world, door)
    door.sign_in(ada, PIN)
    pin = world.issue()
    bar.scan(token=pin.token)
    token = pin.token if shows == "a voucher" else "HTTPS://X/V/GARBAGE"
    refused, _ = door.scan(token=token, **claim(verdict="already_redeemed"))
    assert door.end(refused, "undo", operator=ada, reason="r") == "nothing_to_undo"


def test_whom_the_device_only_vouches_for_reaches_what_it_redeemed_itself_and_no_more(
    world: World, door: Desk, bar: Desk
) -> None:
    bo, pin, own = world.add_operator("Bo", "supervisor"), world.issue(), world.issue(member="2")
    drinks = world.issue("drinks", member="3")
    bar.scan(token=pin.token)
    bar.scan(token=drinks.token)
    shown, told = door.scan(token=pin.token)
    here, _ = door.scan(token=own.token)
    one_of_two, _ = door.scan(token=drinks.token)
    how = {"operator": bo, "reason": "r"}
    assert told["verdict"] == "already_redeemed"
    assert door.end(shown, "undo", **how) == "supervisor_needed"
    assert door.end(shown, "refund", **how) == "supervisor_needed"
    assert door.end(one_of_two, "refund", uses=2, **how) == "supervisor_needed"
    with clock.standing_at(NOON + timedelta(minutes=30)):
        assert door.end(here, "undo", **how) == "undone"
        assert door.end(one_of_two, "refund", **how) == "refunded"


def test_what_was_brought_to_another_station_lies_there_and_is_promised_there(
    world: World, bar: Desk
) -> None:
    there, third = Desk(world, "There", station="other"), Desk(world, "Third", station="third")
    ada = admitted(world, there, third)
    lay(world, "popup")
    mug = world.issue("mug")
    assert bar.told(token=mug.token) == "redeemed"
    assert lying(world) == {}
    there.sign_in(ada, PIN)
    shown, _ = there.scan(token=mug.token)
    how = {"operator": ada, "reason": "brought back here"}
    assert there.end(shown, "undo", **how) == "undone"
    assert lying(world) == {"other": 1}
    assert bar.told(token=mug.token) == "out_of_stock"
    assert there.told(token=mug.token) == "redeemed"
    # The third does not hand it out: it is promised where it was taken from.
    third.sign_in(ada, PIN)
    shown, _ = third.scan(token=mug.token, operator=ada, override={"reason": "it is far"})
    assert third.end(shown, "undo", **how) == "undone"
    assert lying(world) == {"other": 1}
    first, second = entries(world, "redemption.undone")
    assert (first["station"], first["device"]) == ("other", there.id)
    assert (second["station"], second["device"]) == ("third", third.id)
