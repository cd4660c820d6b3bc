"""A redemption whose order was fetched is not undone: else the voucher is good for a second one."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.installation import Installation
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.orders.undoing import OrderFetched
from fulfilment.pickups import handing
from fulfilment.pickups.requests import CollectRequest
from tests.fulfilment.pickup_desks import PICKUPS, SITE, PickupDesk, work
from tests.support.interleaving import one_after_the_other
from voucher.scans.follow_ups.undoing import undo
from voucher.scans.models import Scan


@pytest.fixture
def programme() -> str:
    return PICKUPS


@pytest.fixture
def desk(installation: Installation) -> PickupDesk:
    return PickupDesk(installation)


def redemption_of(desk: PickupDesk, order: str) -> Scan:
    with desk.installation.reading() as session:
        redemption = session.get_one(FulfilmentOrder, order).redemption
        return session.scalars(select(Scan).where(Scan.id == redemption)).one()


def undo_at_the_desk(desk: PickupDesk, attempt: UUID) -> str:
    headers = {"Authorization": f"Bearer {desk.bearer}"}
    path = f"{SITE}/api/v1/scans/{attempt}/undo"
    answer = desk.client.post(path, json={"reason": "the wrong card"}, headers=headers)
    told = answer.get_json()
    return str(told["verdict"] if answer.status_code == 200 else told["title"])


def undo_by_an_organiser(desk: PickupDesk, redemption: UUID) -> None:
    with desk.installation.unit_of_work() as session:
        scan = session.get_one(Scan, redemption)
        undo(session, scan, reason="the wrong card", actor=COMMAND_LINE, now=clock.now())


def test_what_was_fetched_comes_back_before_its_redemption_is_undone(desk: PickupDesk) -> None:
    order, issued = desk.ready()
    scan = redemption_of(desk, order)
    one = [{"line": 2, "quantity": 1}]
    assert desk.do(order, "collect", lines=one) == "partly_collected"
    assert undo_at_the_desk(desk, scan.attempt_id) == "order_fetched"
    with pytest.raises(OrderFetched, match="take it back at the pickup desk first"):
        undo_by_an_organiser(desk, scan.id)
    assert desk.do(order, "collect") == "collected"
    assert desk.do(order, "return", lines=one, reason="Faulty") == "collected"
    assert undo_at_the_desk(desk, scan.attempt_id) == "order_fetched"
    assert desk.do(order, "return", reason="Faulty") == "returned"
    assert undo_at_the_desk(desk, scan.attempt_id) == "undone"
    work(desk.installation)
    with desk.installation.reading() as session:
        assert session.get_one(FulfilmentOrder, order).state == "cancelled"
    assert desk.world.scan(desk.scanner, code=issued.code, uses=6)["verdict"] == "redeemed"


def test_nothing_is_handed_over_between_the_undoing_and_the_cancelling(desk: PickupDesk) -> None:
    order, _ = desk.ready()
    undo_by_an_organiser(desk, redemption_of(desk, order).id)
    _, answer = desk.post(f"{order}/collect", attempt_id=str(uuid4()))
    assert (answer["title"], answer["state"]) == ("move_refused", "cancelled")
    work(desk.installation)
    assert [one["state"] for one in desk.get(state="done")[1]["orders"]] == ["cancelled"]


@pytest.mark.parametrize("is_undone_first", [True, False])
def test_of_undoing_and_handing_over_at_once_one_is_done(
    desk: PickupDesk, is_undone_first: bool
) -> None:
    order, _ = desk.ready()
    redemption = redemption_of(desk, order).id

    def take_back(session: Session) -> Any:
        scan = session.scalars(select(Scan).where(Scan.id == redemption).with_for_update()).one()
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        return undo(session, scan, reason="the wrong card", **how)["verdict"]

    def hand_over(session: Session) -> Any:
        asked = CollectRequest(attempt_id=uuid4())
        told = handing.collect(session, desk.scanner, order, asked, now=clock.now())
        return told["order"]["state"]

    both = (take_back, hand_over) if is_undone_first else (hand_over, take_back)
    first, second = one_after_the_other(desk.installation, *both)
    told = ("undone", "move_refused") if is_undone_first else ("collected", "order_fetched")
    assert (first, getattr(second, "code", second)) == told
