"""Promises leave a station that closed for one that redeems their vouchers, and for no other."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from app import clock
from app.actor import COMMAND_LINE
from app.communities.models import Station
from app.stock import levels, moving
from app.stock.levels import Sort
from app.stock.moving import StockRefused
from tests.support.installations import NOON, PROGRAMME, World, world_of

MUGS = (
    PROGRAMME
    + '\n[items.mug]\nname = "Mug"\n'
    + '\n[perks.here]\nname = "Here"\nitem = "mug"\nstations = ["popup", "third"]\n'
    + '\n[perks.there]\nname = "There"\nitem = "mug"\nstations = ["other", "third"]\n'
    + '\n[perks.all]\nname = "All"\nitem = "mug"\n'
    + '\n[stations.third]\nname = "Third"\n'
)
HOW: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}


world = world_of(MUGS, at=NOON)


def receive(world: World, place: str, quantity: int) -> None:
    with world.installation.unit_of_work() as session:
        moving.receive(session, Sort(world.community_id, "mug", ""), place, quantity, **HOW)


def withdraw(world: World) -> None:
    with world.installation.unit_of_work() as session:
        session.execute(update(Station).where(Station.key == "third").values(withdrawn_at=NOON))


def carry(world: World, to: str, quantity: int) -> None:
    with world.installation.unit_of_work() as session:
        sort = Sort(world.community_id, "mug", "")
        moving.move(session, sort, "third", to, quantity, **HOW)


def mugs(world: World, place: str) -> tuple[int, int]:
    """What lies there, and what of it is free."""
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=clock.now())
        return next(
            (one.on_hand, one.on_hand - promised) for one, promised in rows if one.place == place
        )


def test_what_another_station_never_redeems_is_not_carried_there(world: World) -> None:
    receive(world, "third", 4)
    here = world.issue("here")
    for member, perk in enumerate(("there", "all"), start=2):
        world.issue(perk, member=str(member))
    withdraw(world)
    with pytest.raises(StockRefused) as refused:
        carry(world, "other", 4)
    assert str(refused.value) == (
        "Only 3 of mug at third can go. 1 is promised to vouchers that are not redeemed there:"
        " carry those to a station that redeems them, or withdraw the vouchers."
    )
    carry(world, "other", 3)
    assert (mugs(world, "third"), mugs(world, "other")) == ((1, 0), (3, 1))
    carry(world, "popup", 1)
    scanner, _ = world.add_device("popup")
    assert world.scan(scanner, token=here.token)["verdict"] == "redeemed"
    other, _ = world.add_device("other")
    # The last one there is promised to the others alone.
    assert world.issue("there", member="4").reference
    assert mugs(world, "other") == (3, 0)
    assert world.scan(other, token=here.token)["verdict"] == "wrong_station"


def test_what_is_being_handed_out_is_not_carried_away(world: World) -> None:
    receive(world, "third", 2)
    one = world.issue("all")
    scanner, _ = world.add_device("third")
    asked: dict[str, Any] = {"attempt_id": str(uuid4()), "mode": "hold", "token": one.token}
    assert world.scan(scanner, **asked)["verdict"] == "reserved"
    withdraw(world)
    with pytest.raises(StockRefused, match=r"Only 1 of mug at third can go\. 1 is being handed"):
        carry(world, "other", 2)
    carry(world, "other", 1)
    assert (mugs(world, "third"), mugs(world, "other")) == ((1, 0), (1, 1))
