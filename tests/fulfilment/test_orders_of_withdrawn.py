"""An order stops with its voucher, and stands again with it; and a pickup without a partner."""

from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members
from app.installation import Installation
from app.notices.models import Notice
from app.programme.applying import ready
from fulfilment.orders.models import FulfilmentOrder
from tests.fulfilment.pickup_desks import PICKUPS, PickupDesk, work
from voucher.ledger.changes import replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.models import Voucher

OWN = """
[perks.lantern]
name = "Lantern, lit while you wait"
kind = "pickup"
stations = ["popup"]
"""


@pytest.fixture
def programme() -> str:
    confirmed = '[stations.popup]\nredeemed_when = "confirmed"\n'
    return PICKUPS.replace("[stations.popup]\n", confirmed) + OWN


@pytest.fixture
def desk(installation: Installation) -> PickupDesk:
    made = PickupDesk(installation)
    made.world.issue("sticker", member="7", name="Mia Member")
    with installation.unit_of_work() as session:
        member = members.find(session, made.world.community_id, "sample", "7")
        members.link(session, member, "discord", "4242", "Mia Member")
    return made


def move(desk: PickupDesk, taken: Any, issued: Issued, *given: Any) -> None:
    with desk.installation.unit_of_work() as session:
        voucher: Voucher = by_reference(session, desk.world.community_id, issued.reference).voucher
        taken(session, voucher, *given, reason="r", actor=COMMAND_LINE, now=clock.now())


def states(desk: PickupDesk) -> list[str]:
    work(desk.installation)
    with desk.installation.reading() as session:
        return list(session.scalars(select(FulfilmentOrder.state).order_by(FulfilmentOrder.id)))


def notices(desk: PickupDesk) -> list[str]:
    work(desk.installation)
    with desk.installation.reading() as session:
        return list(
            session.scalars(
                select(Notice.kind).where(Notice.kind.startswith("order_")).order_by(Notice.id)
            )
        )


def types(desk: PickupDesk, order: str) -> list[str]:
    return [one["type"] for one in desk.messages(order)]


def test_an_order_stops_with_its_voucher_and_partner_desk_and_member_are_told(
    desk: PickupDesk,
) -> None:
    order, issued = desk.ready()
    move(desk, withdrawing.void, issued)
    # Before anybody worked it off: it is not handed over.
    assert desk.do(order, "collect") == "move_refused"
    assert states(desk) == ["cancelled"]
    assert types(desk, order) == ["order.created", "order.ready", "order.cancelled"]
    assert notices(desk)[-1] == "order_cancelled"
    assert [one["state"] for one in desk.get(state="done")[1]["orders"]] == ["cancelled"]
    found = desk.post("find", code=issued.code)[1]["orders"]
    assert [one["state"] for one in found] == ["cancelled"]
    move(desk, withdrawing.restore, issued)
    assert states(desk) == ["requested"]
    assert types(desk, order)[-1] == "order.reinstated"
    assert notices(desk)[-1] == "order_reinstated"
    assert desk.do(order, "shelf", shelf="C1") == "ready"
    assert desk.do(order, "collect") == "collected"
    move(desk, withdrawing.void, issued)
    assert states(desk) == ["collected"]


def test_what_was_undone_before_stays_cancelled(desk: PickupDesk) -> None:
    attempt = "0d9b1f2e-4f6b-4a43-9c57-0f4a6f6c2a11"
    issued = desk.world.issue("pack", member="7", name="Mia Member")
    desk.world.scan(desk.scanner, attempt_id=attempt, code=issued.code)
    work(desk.installation)
    headers = {"Authorization": f"Bearer {desk.bearer}"}
    body = {"reason": "the wrong card"}
    desk.client.post(f"/api/v1/scans/{attempt}/undo", json=body, headers=headers)
    assert states(desk) == ["cancelled"]
    assert "order_cancelled" not in notices(desk)
    move(desk, withdrawing.void, issued)
    move(desk, withdrawing.restore, issued)
    assert states(desk) == ["cancelled"]


def test_a_refund_stops_as_many_orders_as_were_refunded_and_not_fetched(desk: PickupDesk) -> None:
    _, issued = desk.order()
    for _ in range(2):
        assert desk.world.scan(desk.scanner, code=issued.code)["verdict"] == "redeemed"
    assert states(desk) == ["requested"] * 3
    with desk.installation.reading() as session:
        first = session.scalars(select(FulfilmentOrder.id).order_by(FulfilmentOrder.id)).first()
    assert first is not None
    desk.do(first, "shelf", shelf="B2")
    assert desk.do(first, "collect") == "collected"
    move(desk, replacing.refund, issued, 2)
    # One was handed over and was faulty; the other one is not fetched any more.
    assert states(desk) == ["collected", "requested", "cancelled"]


def test_a_pickup_without_a_partner_is_made_by_the_stations_own_staff(desk: PickupDesk) -> None:
    order, issued = desk.order("lantern")
    assert [one["id"] for one in desk.get(state="awaited")[1]["orders"]] == [order]
    assert desk.messages(order) == []
    assert desk.do(order, "shelf", shelf="B2") == "ready"
    assert notices(desk) == ["order_ready"]
    ready(desk.installation)  # a programme that is applied again withdraws nobody of the house
    assert desk.post("find", code=issued.code)[1]["orders"][0]["state"] == "ready"
    assert desk.do(order, "collect") == "collected"
    desk.order("lantern")
    assert states(desk) == ["collected", "requested"]


def test_the_desk_is_told_that_it_is_ordered_and_has_nothing_to_confirm(desk: PickupDesk) -> None:
    told = [
        desk.world.scan(desk.scanner, code=desk.world.issue(perk).code, can_confirm=True)
        for perk in ("lantern", "sticker")
    ]
    assert [one["message_key"] for one in told] == ["redeemed_pickup", "reserved"]
    assert told[0]["message"] == (
        "Order placed. Hand nothing over: they are told when it is ready here."
    )
