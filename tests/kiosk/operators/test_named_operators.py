"""Whom a scan may name: who is signed in on its device, and who was for what was offline."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app import clock
from app.actor import COMMAND_LINE
from kiosk.operators import admitting, roster
from tests.kiosk.desks import Desk, claim, entries
from tests.support.installations import NOON, World, world_of
from tests.support.interleaving import one_after_the_other

NOT_HERE = "operator_not_signed_in"
PIN = "860135"
pytestmark = pytest.mark.usefixtures("quick_pins")


world = world_of(at=NOON)


def admitted(world: World, *desks: Desk, name: str = "Mia", role: str = "steward") -> str:
    operator = world.add_operator(name, role)
    for desk in desks:
        world.admit(operator, desk.scanner)
    world.draw_pin(operator)
    return operator


def dismiss(world: World, operator: str, desk: Desk) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        admitting.dismiss(session, world.community_id, operator, desk.id, **how)


def withdraw(world: World, operator: str) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        roster.withdraw(session, world.community_id, operator, **how)


def test_who_has_a_pin_is_named_where_they_are_signed_in_and_nowhere_else(
    world: World, door: Desk
) -> None:
    bar = Desk(world, "Bar")
    mia = admitted(world, door, bar)
    pin = world.issue()
    refused = door.scan(token=pin.token, operator=mia)[1]
    assert (refused["status"], refused["title"], refused["key"]) == (422, NOT_HERE, "operator")
    assert "Mia is not signed in" in refused["detail"]
    bar.sign_in(mia, PIN)
    assert door.told(token=pin.token, operator=mia) == NOT_HERE
    told = bar.scan(token=pin.token, operator=mia)[1]
    assert (told["verdict"], told["scanned_by"]["operator"]) == ("redeemed", "Mia")
    with clock.standing_at(NOON + timedelta(hours=12)):
        assert bar.told(token=pin.token, operator=mia) == NOT_HERE


def test_who_has_no_pin_yet_is_vouched_for_by_every_device(world: World, door: Desk) -> None:
    mia = world.add_operator()
    assert door.told(token=world.issue().token, operator=mia) == "redeemed"
    attempt, _ = door.scan(token=world.issue().token, mode="hold")
    assert door.end(attempt, "confirm", operator=mia) == "redeemed"


def test_confirming_releasing_and_undoing_ask_for_it_as_well(world: World, door: Desk) -> None:
    mia, ben = admitted(world, door), admitted(world, door, name="Ben")
    door.sign_in(mia, PIN)
    first, _ = door.scan(token=world.issue().token, mode="hold", operator=mia)
    second, _ = door.scan(token=world.issue().token, mode="hold", operator=mia)
    assert door.end(first, "confirm", operator=ben) == NOT_HERE
    assert door.end(second, "release", operator=ben) == NOT_HERE
    door.sign_in(ben, PIN)
    assert door.end(first, "confirm", operator=ben) == "redeemed"
    assert door.end(second, "release", operator=ben) == "released"
    assert door.end(first, "undo", operator=mia, reason="x") == NOT_HERE
    assert door.end(first, "undo", operator=ben, reason="x") == "undone"


def test_who_began_it_may_end_it_though_another_one_holds_the_device(
    world: World, door: Desk
) -> None:
    mia, ben = admitted(world, door), admitted(world, door, name="Ben")
    door.sign_in(mia, PIN)
    attempt, _ = door.scan(token=world.issue().token, mode="hold", operator=mia)
    door.sign_in(ben, PIN)
    assert door.end(attempt, "confirm", operator=mia) == "redeemed"


def test_who_held_the_device_as_they_were_withdrawn_may_still_confirm(
    world: World, door: Desk
) -> None:
    mia = admitted(world, door)
    door.sign_in(mia, PIN)
    attempt, _ = door.scan(token=world.issue().token, mode="hold")
    withdraw(world, mia)
    assert door.end(attempt, "confirm", operator=mia) == "redeemed"
    assert door.told(token=world.issue().token, operator=mia) == "unknown_operator"


def test_what_was_answered_is_answered_again_whoever_holds_the_device_now(
    world: World, door: Desk
) -> None:
    mia, ada = admitted(world, door), admitted(world, door, name="Ada", role="supervisor")
    pin = world.issue()
    door.sign_in(mia, PIN)
    attempt, first = door.scan(token=pin.token, operator=mia)
    door.sign_in(ada, PIN)
    undone = door.end(attempt, "undo", operator=ada, reason="x")
    held, _ = door.scan(token=pin.token, mode="hold", operator=ada)
    door.end(held, "confirm", operator=ada)
    door.sign_out()
    again = door.scan(attempt_id=attempt, token=pin.token, operator=mia)[1]
    assert again == {**first, "replayed": True}
    assert door.end(attempt, "undo", operator=ada, reason="x") == undone == "undone"
    assert door.end(held, "confirm", operator=ada) == "redeemed"
    other = door.told(attempt_id=attempt, token=world.issue().token, operator=mia)
    assert other == "attempt_differs"


def test_a_supervisor_acts_once_and_the_other_one_goes_on(world: World, door: Desk) -> None:
    mia, ada = admitted(world, door), admitted(world, door, name="Ada", role="supervisor")
    door.sign_in(mia, PIN)
    attempt, _ = door.scan(token=world.issue().token, operator=mia)
    other, _ = door.scan(token=world.issue().token, operator=mia)
    status, told = door.sign_in(ada, PIN, once=True)
    assert (status, told["once"], door.holder()) == (200, True, mia)
    assert door.end(attempt, "undo", operator=ada, reason="x") == "undone"
    assert door.end(other, "undo", operator=ada, reason="x") == NOT_HERE
    assert door.told(token=world.issue().token, operator=mia) == "redeemed"
    # The network may have lost the answer.
    assert door.end(attempt, "undo", operator=ada, reason="x") == "undone"


def test_it_is_for_one_request_within_two_minutes(world: World, door: Desk) -> None:
    ada = admitted(world, door, name="Ada", role="supervisor")
    first, second = world.issue(), world.issue()
    door.sign_in(ada, PIN, once=True)
    attempt, told = door.scan(token=first.token, operator=ada)
    assert told["verdict"] == "redeemed"
    assert door.told(token=second.token, operator=ada) == NOT_HERE
    again = door.scan(attempt_id=attempt, token=first.token, operator=ada)[1]
    assert again == {**told, "replayed": True}
    door.sign_in(ada, PIN, once=True)
    with clock.standing_at(NOON + timedelta(minutes=2)):
        assert door.told(token=second.token, operator=ada) == NOT_HERE


def test_one_that_is_refused_was_that_request(world: World, door: Desk) -> None:
    ada = admitted(world, door, name="Ada", role="supervisor")
    refused, _ = door.scan(token=world.issue("elsewhere").token)
    door.sign_in(ada, PIN, once=True)
    assert door.end(refused, "undo", operator=ada, reason="x") == "nothing_to_undo"
    assert door.told(token=world.issue().token, operator=ada) == NOT_HERE


def test_of_two_requests_at_once_one_alone_is_that_one(world: World, door: Desk) -> None:
    ada = admitted(world, door, name="Ada")
    door.sign_in(ada, PIN, once=True)
    once = world.installation.plugins.act_once
    told = one_after_the_other(
        world.installation,
        lambda session: once(session, door.id, ada, NOON),
        lambda session: once(session, door.id, ada, NOON),
    )
    assert told == [True, False]


def test_two_of_a_batch_that_name_them_are_two_requests(world: World, door: Desk) -> None:
    ada = admitted(world, door, name="Ada")
    door.sign_in(ada, PIN, once=True)
    bodies = [
        {
            "attempt_id": f"00000000-0000-7000-8000-00000000000{number}",
            "mode": "check",
            "token": world.issue().token,
            "scanned_at": NOON.isoformat(),
            "operator": ada,
        }
        for number in range(2)
    ]
    answers = door.ask("POST", "/scans/batch", {"scans": bodies})[1]["answers"]
    assert [one.get("verdict") or one["title"] for one in answers] == ["valid", NOT_HERE]


def test_one_that_is_asked_again_while_it_is_judged_is_one_request(
    world: World, door: Desk
) -> None:
    ada = admitted(world, door, name="Ada")
    door.sign_in(ada, PIN, once=True)
    body = {
        "attempt_id": "00000000-0000-7000-8000-000000000000",
        "mode": "redeem",
        "token": world.issue().token,
        "scanned_at": NOON.isoformat(),
        "operator": ada,
    }
    answers = door.ask("POST", "/scans/batch", {"scans": [body, body]})[1]["answers"]
    assert [one["verdict"] for one in answers] == ["redeemed", "redeemed"]
    assert [one["replayed"] for one in answers] == [False, True]


def test_an_upload_names_who_is_or_was_admitted(world: World, door: Desk) -> None:
    mia, ben = admitted(world, door), admitted(world, door, name="Ben")
    dismiss(world, mia, door)
    withdraw(world, ben)
    for operator in (mia, ben):
        told = door.scan(token=world.issue().token, operator=operator, **claim())[1]
        assert told["verdict"] == "redeemed"
    assert [one["operator"] for one in entries(world, "voucher.redeemed")] == [mia, ben]


def test_an_upload_names_nobody_who_was_never_admitted_but_before_their_first_pin(
    world: World, door: Desk
) -> None:
    zoe, first, second = world.add_operator("Zoe"), world.issue(), world.issue()
    with clock.standing_at(NOON + timedelta(minutes=10)):
        world.draw_pin(zoe)
    with clock.standing_at(NOON + timedelta(minutes=20)):
        before, after = claim(15), claim(5)
        assert door.told(token=first.token, operator=zoe, **before) == "redeemed"
        refused = door.scan(token=second.token, operator=zoe, **after)[1]
    assert (refused["title"], refused["status"]) == (NOT_HERE, 422)
    assert "without a name" in refused["detail"]


def test_a_scan_takes_as_many_statements_whoever_is_named(world: World, door: Desk) -> None:
    mia, ben = admitted(world, door), world.add_operator("Ben")
    door.sign_in(mia, PIN)
    counted: list[str] = []
    engine = world.installation.database.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, sql, *_rest: counted.append(sql))
    door.told(token=world.issue().token, operator=ben)
    taken = {}
    for operator in (ben, mia):
        pin = world.issue()
        counted.clear()
        assert door.told(token=pin.token, operator=operator) == "redeemed"
        taken[operator] = len(counted)
    assert taken[mia] == taken[ben]
    assert not [sql for sql in counted if sql.startswith("UPDATE operator")]
