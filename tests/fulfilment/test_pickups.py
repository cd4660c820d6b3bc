"""What a pickup desk asks: what lies here, by name or code, and handing it over."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.clock import as_text
from app.installation import Installation
from app.notices.models import Notice
from fulfilment.orders import moving
from fulfilment.orders.models import OrderDeed
from tests.fulfilment.pickup_desks import PICKUPS, PickupDesk, work
from tests.support.installations import World
from voucher.ledger.changes import replacing
from voucher.ledger.finding import by_reference


@pytest.fixture
def programme() -> str:
    return PICKUPS


@pytest.fixture
def desk(installation: Installation) -> PickupDesk:
    return PickupDesk(installation)


def number(order: str) -> str:
    return order[-6:].upper()


def test_what_lies_ready_is_listed_with_its_shelf_and_no_more_than_is_needed(
    desk: PickupDesk,
) -> None:
    order, _ = desk.ready()
    awaited, _ = desk.order(name="Ada")
    status, answer = desk.get()
    assert status == 200 and answer["total"] == 1
    [found] = answer["orders"]
    assert set(found) == {"id", "number", "state", "since", "perk", "member", "lines"}
    assert found["number"] == number(order) and found["member"] == {"display_name": "Mia Member"}
    assert [(one["item"], one["variant"], one["left"], one["shelf"]) for one in found["lines"]] == [
        ("Poster", "A2", 1, "B2"),
        ("Sticker", "", 2, "B2"),
    ]
    assert desk.numbers(state="awaited") == [number(awaited)]
    assert desk.get(state="eaten")[1]["title"] == "unknown_state"


def test_orders_are_found_by_the_start_of_a_name_or_number(desk: PickupDesk) -> None:
    by_name = {
        name: number(desk.ready(name=name, member=name)[0])
        for name in ("Änne-Marie Öz", "ada", "Zoë 50% _")
    }
    assert desk.numbers() == [by_name["ada"], by_name["Zoë 50% _"], by_name["Änne-Marie Öz"]]
    for text in ("än", "ÖZ", "marie"):
        assert desk.numbers(name=text) == [by_name["Änne-Marie Öz"]]
    for text in ("50%", "_"):
        assert desk.numbers(name=text) == [by_name["Zoë 50% _"]]
    for text in (by_name["ada"][:6].lower(), "#" + by_name["ada"]):
        assert by_name["ada"] in desk.numbers(name=text)
    assert desk.numbers(name="nne") == [] and desk.numbers(name="%") == []


def test_an_order_is_found_by_what_its_member_shows(desk: PickupDesk) -> None:
    order, issued = desk.ready()
    for shown in ({"token": issued.token}, {"code": issued.code}):
        status, answer = desk.post("find", **shown)
        assert status == 200 and [one["id"] for one in answer["orders"]] == [order]
    later = clock.now() + timedelta(days=30)
    with clock.standing_at(later):
        assert desk.post("find", token=issued.token)[0] == 200


def test_what_is_no_order_here_is_said_in_one_sentence(desk: PickupDesk) -> None:
    order, issued = desk.ready()
    elsewhere = PickupDesk(desk.installation, "other")
    assert elsewhere.post("find", token=issued.token)[1]["title"] == "wrong_station"
    assert elsewhere.do(order, "collect") == "wrong_station"
    _, answer = elsewhere.post(f"{order}/collect", attempt_id=str(uuid4()))
    assert answer["detail"] == (
        f"Order {number(order)} is fetched at another station: send them to Pop-up."
    )
    assert elsewhere.get(station="popup")[1]["title"] == "wrong_station"
    unused = desk.world.issue("pack", member="9")
    assert desk.post("find", token=unused.token)[1]["title"] == "nothing_to_fetch"
    status, answer = desk.post("find", code="0000-0000-00000")
    assert (status, answer["title"]) == (422, "no_voucher")
    assert answer["detail"].startswith("No such voucher here.")
    for wrong in ("ful_" + "0" * 32, "x", "ful_%00"):
        assert desk.do(wrong, "collect") == "unknown_order"
    for body in ({}, {"token": "x", "code": "y"}, {"token": 1}):
        assert desk.post("find", **body)[1]["title"] == "unprocessable_scan"


def test_who_guesses_codes_at_a_pickup_desk_is_slowed_down(desk: PickupDesk) -> None:
    told = [desk.post("find", code="0000-0000-00000")[1]["title"] for _ in range(31)]
    assert told[29:] == ["no_voucher", "too_many_guesses"]


def test_a_card_that_was_replaced_finds_nothing_and_the_new_one_does(desk: PickupDesk) -> None:
    order, issued = desk.ready()
    how: dict[str, Any] = {"reason": "lost", "actor": COMMAND_LINE}
    with desk.installation.unit_of_work() as session:
        held = by_reference(session, desk.world.community_id, issued.reference)
        new = replacing.reissue(session, held.voucher, now=clock.now(), **how)
        token = new.token
    with clock.standing_at(clock.now() + timedelta(days=30)):
        assert desk.post("find", token=issued.token)[1]["title"] == "no_voucher"
    assert desk.post("find", token=token)[1]["orders"][0]["id"] == order


def test_an_order_is_handed_over_in_parts_and_partner_and_member_learn_it(
    desk: PickupDesk,
) -> None:
    mia = desk.world.add_operator()
    order, issued = desk.ready(uses=2)
    part = {"operator": mia, "lines": [{"line": 2, "quantity": 3}]}
    status, answer = desk.post(f"{order}/collect", attempt_id=str(uuid4()), **part)
    assert status == 200
    assert answer["order"]["state"] == "partly_collected" and answer["quantity"] == 3
    assert answer["done_by"]["operator"] == "Mia"
    assert desk.do(order, "collect", lines=[{"line": 2, "quantity": 2}]) == "move_refused"
    assert desk.do(order, "not-found", lines=[{"line": 2, "quantity": 1}]) == "partly_collected"
    assert desk.do(order, "collect") == "not_found"
    assert desk.do(order, "collect") == "collected"
    assert desk.do(order, "collect") == "move_refused"
    messages = desk.messages(order)
    told = [(one["type"], one["data"]["state"]) for one in messages]
    assert told == [
        ("order.created", "requested"),
        ("order.ready", "ready"),
        ("order.collected", "partly_collected"),
        ("order.not_found", "partly_collected"),
        ("order.collected", "not_found"),
        ("order.collected", "collected"),
    ]
    assert [one["data"].get("moved") for one in messages][2:4] == [
        [{"line": 2, "quantity": 3}],
        [{"line": 2, "quantity": 1}],
    ]
    assert "Mia Member" not in str(messages) and issued.token not in str(messages)
    with desk.installation.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "order.collected").order_by(AuditEntry.at)
        ).first()
        assert entry is not None
        assert entry.actor == f"operator:{mia}"
        assert entry.data["device"] == desk.scanner.device_id and entry.data["operator"] == mia


def test_a_discord_member_gets_a_notice_of_each_step(desk: PickupDesk) -> None:
    issued = desk.world.issue("pack", member="42", name="Mia", source="discord")
    assert desk.world.scan(desk.scanner, code=issued.code)["verdict"] == "redeemed"
    work(desk.installation)
    order = desk.get(state="awaited")[1]["orders"][0]["id"]
    desk.report(order, shelf="B2")
    assert desk.do(order, "shelf", shelf="C1") == "ready"
    desk.do(order, "not-found")
    desk.do(order, "collect")
    desk.do(order, "return", reason="Wrong size")
    work(desk.installation)
    with desk.installation.reading() as session:
        kinds = session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert [kind for kind in kinds if kind.startswith("order_")] == [
        "order_ready",
        "order_not_found",
        "order_collected",
        "order_returned",
    ]


@pytest.mark.parametrize("deed", ["collect", "not-found", "shelf"])
def test_what_is_asked_again_is_answered_again_and_done_once(desk: PickupDesk, deed: str) -> None:
    order, _ = desk.ready(perk="pack")
    more = {"shelf": "C1"} if deed == "shelf" else {"lines": [{"line": 2, "quantity": 1}]}
    body = {"attempt_id": str(uuid4()), **more}
    _, first = desk.post(f"{order}/{deed}", **body)
    # Whoever asks again: the device may do nothing any more, and the order went on.
    desk.do(order, "collect")
    desk.allow("check")
    _, again = desk.post(f"{order}/{deed}", **body)
    assert again == {**first, "replayed": True} and first["replayed"] is False
    body |= {"shelf": "D4"} if deed == "shelf" else {"lines": [{"line": 2, "quantity": 2}]}
    assert desk.post(f"{order}/{deed}", **body)[1]["title"] == "attempt_differs"
    with desk.installation.reading() as session:
        kept = session.scalars(select(OrderDeed.answer)).all()
    assert "Mia Member" not in str(kept)


def test_what_comes_back_follows_the_rules_of_undoing(desk: PickupDesk) -> None:
    world = desk.world
    mia, noor = world.add_operator(), world.add_operator("Noor", "supervisor")
    order, _ = desk.ready(perk="pack")
    assert desk.do(order, "return", reason="Wrong size") == "move_refused"
    now = clock.now()
    with clock.standing_at(now):
        assert desk.do(order, "collect", operator=mia) == "collected"
    assert desk.do(order, "return") == "unprocessable_scan"
    assert desk.do(order, "return", reason="Wrong size") == "undo_not_allowed"
    part = {"reason": "Wrong size", "lines": [{"line": 2, "quantity": 1}]}
    assert desk.do(order, "return", operator=mia, **part) == "collected"
    with clock.standing_at(now + timedelta(minutes=10)):
        assert desk.do(order, "return", operator=mia, reason="Late") == "undo_not_allowed"
        assert desk.do(order, "return", operator=noor, reason="Late") == "returned"
        desk.allow("pickup")
        assert desk.do(order, "return", operator=noor, reason="No") == "not_allowed"
    # Handed over by mistake: it goes back onto its shelf, and can be handed over again.
    assert desk.do(order, "shelf", shelf="B2") == "ready"
    assert desk.do(order, "collect") == "collected"
    with desk.installation.reading() as session:
        told = [str(one.data) for one in session.scalars(select(AuditEntry))]
    assert not any("Wrong size" in one for one in told)


def test_staff_who_put_an_awaited_order_onto_a_shelf_make_it_ready(desk: PickupDesk) -> None:
    order, _ = desk.order()
    assert desk.do(order, "collect") == "move_refused"
    assert desk.do(order, "shelf", shelf=" B2 ", shelves={"2": "Fridge"}) == "ready"
    [found] = desk.get()[1]["orders"]
    assert [one["shelf"] for one in found["lines"]] == ["B2", "Fridge"]
    assert [one["type"] for one in desk.messages(order)] == ["order.created", "order.ready"]
    mistakes: list[dict[str, Any]] = [
        {},
        {"shelf": ""},
        {"shelf": "x" * 21},
        {"shelf": "a\0b"},
        {"shelves": {}},
    ]
    for wrong in mistakes:
        assert desk.do(order, "shelf", **wrong) == "unprocessable_scan"
    assert desk.do(order, "shelf", shelves={"9": "B1"}) == "move_refused"


def test_who_it_is_has_to_be_looked_at_where_the_perk_asks_for_it(desk: PickupDesk) -> None:
    order, _ = desk.ready(perk="trophy")
    _, answer = desk.post(f"{order}/collect", attempt_id=str(uuid4()))
    assert answer["title"] == "identity_required"
    assert answer["detail"] == "First check that this is Mia Member. Then confirm it."
    assert desk.do(order, "collect", identity_confirmed=True) == "collected"


def test_a_device_that_is_no_pickup_desk_hands_out_and_sees_nothing(desk: PickupDesk) -> None:
    order, issued = desk.ready()
    desk.allow("redeem", "undo")
    assert desk.get()[0] == 403
    assert desk.post("find", token=issued.token)[0] == 403
    for deed, more in (("collect", {}), ("not-found", {}), ("shelf", {"shelf": "B1"})):
        assert desk.do(order, deed, **more) == "not_allowed"


def test_an_operator_who_is_not_signed_in_is_not_named(desk: PickupDesk) -> None:
    order, _ = desk.ready()
    noor = desk.world.add_operator("Noor")
    desk.world.admit(noor, desk.scanner)
    desk.world.draw_pin(noor)
    assert desk.do(order, "collect", operator=noor) == "operator_not_signed_in"
    assert desk.do(order, "collect", operator="op_none") == "unknown_operator"


def test_a_deed_that_waited_is_taken_from_who_held_the_device_then(desk: PickupDesk) -> None:
    order, _ = desk.ready()
    ada, noor = desk.world.add_operator("Ada"), desk.world.add_operator("Noor")
    desk.world.admit(ada, desk.scanner)
    for operator in (ada, noor):
        desk.world.draw_pin(operator)
    then = {"done_at": as_text(clock.now()), "attempt_id": str(uuid4())}
    # Never admitted here: not even then.
    assert desk.do(order, "collect", operator=noor, **then) == "operator_not_signed_in"
    assert desk.do(order, "collect", operator="op_none", **then) == "unknown_operator"
    one = {"lines": [{"line": 2, "quantity": 1}]}
    assert desk.do(order, "collect", operator=ada, **then, **one) == "partly_collected"
    # The same deed again, in whoever's name.
    assert desk.do(order, "collect", **then, **one) == "partly_collected"
    with desk.installation.reading() as session:
        here = select(OrderDeed.operator).where(OrderDeed.by == desk.scanner.device_id)
        assert session.scalars(here).all() == [ada]
    # What a supervisor may do more than others is theirs only while they are signed in.
    then["attempt_id"] = str(uuid4())
    back = desk.do(order, "return", operator=ada, reason="Faulty", **then)
    assert back == "operator_not_signed_in"


def test_orders_of_another_community_do_not_exist_here(
    desk: PickupDesk, installation: Installation
) -> None:
    order, _ = desk.ready()
    world = World(installation)
    with installation.unit_of_work() as session, pytest.raises(moving.UnknownOrder):
        moving.find(session, world.community_id + 1, order)
