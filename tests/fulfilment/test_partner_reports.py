"""Partners report by messages that they sign: an order came to its station."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.installation import Installation
from fulfilment.orders.models import FulfilmentOrder, OrderDeed
from fulfilment.partners.models import Partner
from fulfilment.webhooks.signing import new_secret, sign
from tests.fulfilment.pickup_desks import PICKUPS, SITE, PickupDesk
from tests.support.pages import Visitor
from voucher.ledger.finding import by_reference


@pytest.fixture
def programme() -> str:
    return PICKUPS


@pytest.fixture
def desk(installation: Installation) -> PickupDesk:
    return PickupDesk(installation)


def ready_entries(installation: Installation) -> list[AuditEntry]:
    with installation.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.kind == "order.ready")))


def test_a_report_makes_an_order_ready_on_its_shelves_once(
    desk: PickupDesk, installation: Installation
) -> None:
    order, _ = desk.order()
    shelves: dict[str, Any] = {"shelf": "B2", "lines": [{"line": 2, "shelf": "C1"}]}
    answer = (200, {"order_id": order, "number": order[-6:].upper(), "state": "ready"})
    assert desk.report(order, "rep_1", **shelves) == answer
    [found] = desk.get()[1]["orders"]
    assert [line["shelf"] for line in found["lines"]] == ["B2", "C1"]
    # It comes once more, late: what staff found since is not undone by it.
    assert desk.do(order, "not-found") == "not_found"
    assert desk.report(order, "rep_1", **shelves) == answer
    assert desk.numbers(state="not_found") == [order[-6:].upper()]
    assert desk.report(order, "rep_1", shelf="D1")[1]["title"] == "attempt_differs"
    # Another message says that it was brought again.
    assert desk.report(order, "rep_2", shelf="D1")[1]["state"] == "ready"
    assert [one.actor for one in ready_entries(installation)] == ["partner:pinworks"] * 2


def test_a_report_that_tells_nothing_new_is_taken_and_nobody_is_told_again(
    desk: PickupDesk, installation: Installation
) -> None:
    order, _ = desk.ready()
    assert desk.report(order, shelf="B2")[0] == 200
    assert desk.report(order)[0] == 200
    assert len(ready_entries(installation)) == 1
    desk.do(order, "collect")
    assert desk.report(order, shelf="B2")[1]["state"] == "collected"
    assert len(ready_entries(installation)) == 1


def test_a_late_report_puts_nothing_up_again_that_a_desk_knows_better_of(desk: PickupDesk) -> None:
    brought = clock.now()
    order, _ = desk.order()
    desk.do(order, "shelf", shelf="A1")
    assert desk.report(order, shelf="B2", at=brought)[1]["state"] == "ready"
    assert [line["shelf"] for line in desk.get()[1]["orders"][0]["lines"]] == ["A1", "A1"]
    one = [{"line": 2, "quantity": 1}]
    desk.do(order, "collect", lines=one)
    desk.do(order, "return", lines=one, reason="Faulty")
    assert desk.do(order, "not-found") == "not_found"
    assert desk.report(order, shelf="B2", at=brought)[1]["state"] == "not_found"
    # Brought again since: what was missing lies there, what came back broken does not.
    assert desk.report(order, shelf="B3")[1]["state"] == "partly_collected"
    left = [(line["left"], line["returned"]) for line in desk.get()[1]["orders"][0]["lines"]]
    assert left == [(1, 0), (1, 1)]
    desk.do(order, "collect")
    desk.do(order, "return", reason="Faulty")
    for at in (brought, clock.now()):
        assert desk.report(order, shelf="B2", at=at) == (
            200,
            {"order_id": order, "number": order[-6:].upper(), "state": "returned"},
        )
    assert desk.do(order, "collect") == "move_refused"


def test_two_communities_partners_of_one_key_may_draw_the_same_id(
    desk: PickupDesk, installation: Installation
) -> None:
    order, _ = desk.order()
    desk.report(order, "rep_1", shelf="B2")
    with installation.reading() as session:
        partner = session.scalars(select(Partner).where(Partner.key == "pinworks")).one()
        assert session.get(OrderDeed, (f"partner:{partner.id}", "rep_1")) is not None


def test_a_report_of_somebody_else_is_refused(desk: PickupDesk) -> None:
    order, _ = desk.order()
    body = json.dumps({"type": "order.ready", "data": {"order_id": order}}).encode()
    for key, secret, at in (
        ("pinworks", new_secret(), clock.now()),
        ("nobody", desk.secret, clock.now()),
        ("pinworks", desk.secret, clock.now() - timedelta(minutes=6)),
    ):
        headers = sign(secret, "rep_1", body, at=at)
        path = f"{SITE}/api/v1/partners/{key}/events"
        answer = desk.client.post(path, data=body, headers=headers)
        assert (answer.status_code, answer.get_json()["title"]) == (401, "bad_signature")
    assert desk.numbers(state="awaited") == [order[-6:].upper()]


def test_a_report_that_is_none_is_refused_by_the_key_that_is_wrong(desk: PickupDesk) -> None:
    order, _ = desk.order()
    assert desk.report("ful_" + "0" * 32)[1]["title"] == "unknown_order"
    assert desk.report(order, shelf="x" * 21)[1]["key"] == "data.shelf"
    assert desk.report(order, lines=[{"line": 0, "shelf": "A"}])[1]["key"] == "data.lines.0.line"
    assert desk.report(order, lines=[{"line": 3, "shelf": "A"}])[1]["title"] == "move_refused"
    assert desk.report(order, "x" * 201)[1]["title"] == "unreadable_message"


def test_an_order_that_is_no_pickup_is_not_reported_ready(desk: PickupDesk) -> None:
    pin, _ = desk.order("pin")
    assert desk.report(pin, shelf="B2")[1]["title"] == "unknown_order"
    assert desk.numbers(state="awaited") == []


def test_organisers_see_orders_by_state(desk: PickupDesk, installation: Installation) -> None:
    ready, _ = desk.ready()
    desk.order("pin")
    visitor = Visitor(installation).sign_in()
    every = visitor.get("/console/orders").text
    assert "Welcome pack" in every and "Lantern pin" in every and "not for pickup" in every
    only = visitor.get("/console/orders?state=ready").text
    assert ready[-6:].upper() in only and "Pinworks" in only and "shelf B2" in only
    assert "Lantern pin" not in only
    assert "None is like that" in visitor.get("/console/orders?state=returned").text
    assert "Ready to fetch" in visitor.get("/console").text


def test_what_is_known_of_a_members_orders_is_exported(
    desk: PickupDesk, installation: Installation
) -> None:
    order, issued = desk.ready()
    export = installation.plugins.member_parts["orders"]
    with installation.reading() as session:
        member = by_reference(session, desk.world.community_id, issued.reference).member
        [told] = export(session, member)
        assert session.get_one(FulfilmentOrder, order).voucher == told["voucher"]
    assert (told["state"], told["number"]) == ("ready", order[-6:].upper())
