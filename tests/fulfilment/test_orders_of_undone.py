"""A redemption that is undone takes its order with it, whichever is worked off first."""

import json
from uuid import UUID

from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.installation import Installation
from app.jobs.loop import do_due
from app.jobs.models import Job
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.webhooks.models import WebhookMessage
from tests.fulfilment.conftest import Redeem
from voucher.scans.follow_ups.undoing import undo
from voucher.scans.models import Scan


def do_all(installation: Installation) -> None:
    while do_due(installation, "worker"):
        pass


def take_back(installation: Installation, redemption: UUID) -> None:
    with installation.unit_of_work() as session:
        scan = session.get_one(Scan, redemption)
        undo(session, scan, reason="the wrong card", actor=COMMAND_LINE, now=clock.now())


def told(installation: Installation) -> list[tuple[str, str]]:
    """Each message's type and the order's state in it, in their order."""
    with installation.reading() as session:
        bodies = session.scalars(select(WebhookMessage.body).order_by(WebhookMessage.id))
        read = [json.loads(body) for body in bodies]
    return [(one["type"], one["data"]["state"]) for one in read]


def test_the_partner_is_told_that_an_order_is_cancelled(
    installation: Installation, redeem: Redeem
) -> None:
    redemption = redeem()
    do_all(installation)
    take_back(installation, redemption)
    do_all(installation)
    assert told(installation) == [("order.created", "requested"), ("order.cancelled", "cancelled")]
    with installation.reading() as session:
        assert session.scalars(select(FulfilmentOrder.state)).all() == ["cancelled"]
        keys = session.scalars(select(Job.order_key).where(Job.lane == "webhooks")).all()
    assert len(keys) == 2
    assert len(set(keys)) == 1  # so that they come in their order


def test_what_was_undone_before_it_was_ordered_is_not_ordered(
    installation: Installation, redeem: Redeem
) -> None:
    take_back(installation, redeem())
    do_all(installation)
    assert told(installation) == []


def test_another_redemption_keeps_its_order(installation: Installation, redeem: Redeem) -> None:
    redemption, _ = redeem(), redeem()
    do_all(installation)
    take_back(installation, redemption)
    do_all(installation)
    with installation.reading() as session:
        states = session.scalars(select(FulfilmentOrder.state)).all()
    assert sorted(states) == ["cancelled", "requested"]
