"""A redeemed voucher becomes an order to the perk's partner, once."""

import json
from uuid import UUID

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.clock import now
from app.installation import Installation
from app.jobs import queue
from app.jobs.loop import do_due
from app.jobs.models import DONE, Job
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.webhooks.models import WebhookMessage
from tests.fulfilment.conftest import Redeem
from voucher.ledger.models import Voucher

ORDERING = "orders.order_from_partner"


def orders(installation: Installation) -> list[FulfilmentOrder]:
    with installation.reading() as session:
        return list(session.scalars(select(FulfilmentOrder)))


def do_all(installation: Installation) -> None:
    while do_due(installation, "worker"):
        pass


def follow_again(installation: Installation, kind: str) -> None:
    """Lets a follower do its finished job once more, as after a crash."""
    with installation.unit_of_work() as session:
        done = session.scalars(select(Job).where(Job.kind == kind)).one()
        assert done.state == DONE
        queue.enqueue(session, kind, done.payload, lane=done.lane, now=now())
    do_all(installation)


def test_redeemed_voucher_is_ordered_from_the_perks_partner(
    installation: Installation, redeem: Redeem
) -> None:
    redemption = redeem()
    do_all(installation)
    [order] = orders(installation)
    assert (order.redemption, order.perk_key, order.station) == (redemption, "pin", "popup")
    assert order.id.startswith("ful_") and UUID(order.id[4:]).version == 7
    assert order.state == "requested"
    with installation.reading() as session:
        assert order.voucher == session.scalars(select(Voucher.reference)).one()


def test_an_order_says_how_many_were_redeemed_at_once(
    installation: Installation, redeem: Redeem
) -> None:
    redeem(uses=4)
    do_all(installation)
    assert [order.uses for order in orders(installation)] == [4]
    with installation.reading() as session:
        [message] = session.scalars(select(WebhookMessage))
        assert json.loads(message.body)["data"]["uses"] == 4


def test_a_perk_without_a_partner_makes_no_order(
    installation: Installation, redeem: Redeem
) -> None:
    redeem("sticker")
    do_all(installation)
    assert orders(installation) == []
    with installation.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == ORDERING)).one()
    assert job.state == DONE


def test_the_follower_run_twice_makes_one_order_and_one_message(
    installation: Installation, redeem: Redeem
) -> None:
    redeem()
    do_all(installation)
    follow_again(installation, ORDERING)
    follow_again(installation, "webhooks.tell_partner")
    assert len(orders(installation)) == 1
    with installation.reading() as session:
        assert len(session.scalars(select(WebhookMessage)).all()) == 1
        assert len(session.scalars(select(Job).where(Job.lane == "webhooks")).all()) == 1


def test_each_redemption_has_an_order_of_its_own(
    installation: Installation, redeem: Redeem
) -> None:
    redemptions = {redeem(), redeem()}
    do_all(installation)
    assert {order.redemption for order in orders(installation)} == redemptions


def test_the_record_names_the_order_but_neither_member_nor_code(
    installation: Installation, redeem: Redeem
) -> None:
    redeem()
    do_all(installation)
    [order] = orders(installation)
    with installation.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "order.created")).one()
    assert entry.actor == "system:worker"
    assert entry.data == {
        "order": order.id,
        "redemption": str(order.redemption),
        "voucher": order.voucher,
        "perk": order.perk_number,
        "partner": "pinworks",
        "uses": 1,
        "station": "popup",
    }
