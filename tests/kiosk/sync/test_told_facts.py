"""An answer has its sentence's name and facts, for a page that says it in another language."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from tests.kiosk.desks import Desk, allow
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference

PERKS = (
    PROGRAMME
    + '\n[perks.beer]\nname = "Beer"\nminimum_age = 18\n'
    + '\n[perks.cap]\nname = "Cap"\nmissed = "renew"\n'
    + '\n[perks.mug]\nname = "Mug"\nmissed = "lost"\n'
    + '\n[perks.seat]\nname = "Front row"\nkind = "priority_entry"\nuses = 3\n'
)


world = world_of(PERKS, at=NOON)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


def void(world: World, reference: str) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        withdrawing.void(session, voucher, reason="r", actor=COMMAND_LINE, now=NOON)


def told(answer: dict[str, Any]) -> tuple[str, Any]:
    return answer["message_key"], answer["facts"]


def test_an_answer_names_its_sentence_and_what_it_tells(world: World, door: Desk) -> None:
    seat, pin = world.issue("seat"), world.issue()
    attempt, held = door.scan(token=seat.token, mode="hold", uses=3)
    assert told(held) == ("reserved_priority_entry", {})
    until = as_text(NOON + timedelta(minutes=2))
    elsewhere = Desk(world, "Queue").scan(token=seat.token)[1]
    assert told(elsewhere) == ("held", {"held_until": until})
    assert door.ask("POST", f"/scans/{attempt}/confirm", {})[1]["facts"] == {}
    undone = door.ask("POST", f"/scans/{attempt}/undo", {"reason": "x"})[1]
    assert told(undone) == ("undone_priority_entry", {})
    few = door.scan(token=seat.token, uses=4)[1]
    assert told(few) == ("too_few_uses", {"uses_left": 3})
    at_the_popup = told(door.scan(token=world.issue("elsewhere").token)[1])
    assert at_the_popup == ("wrong_station", {"stations": ["Other place"]})
    asked = told(door.scan(token=world.issue("beer").token)[1])
    assert asked == ("identity_required", {"whom": {"age": 18, "name": False}})
    void(world, pin.reference)
    assert told(door.scan(token=pin.token)[1]) == ("void", {"stood_since": as_text(NOON)})
    nothing = door.scan(token="HTTPS://ELSEWHERE.EXAMPLE")[1]
    assert told(nothing) == ("malformed", None)


def test_who_comes_too_late_is_told_what_they_can_do(world: World, door: Desk) -> None:
    shown = {perk: world.issue(perk).token for perk in ("pin", "cap", "mug")}
    used = world.issue("mug").token
    door.scan(token=used)
    with clock.standing_at(NOON + timedelta(days=90)):
        late = {perk: door.scan(token=token)[1] for perk, token in shown.items()}
        over = door.scan(token=used)[1]
    assert [answer["message_key"] for answer in late.values()] == ["expired"] * 3
    missed = {perk: answer["facts"]["missed"] for perk, answer in late.items()}
    assert missed == {"pin": "ask", "cap": "renew", "mug": "lost"}
    assert late["mug"]["message"].endswith(". It cannot be replaced.")
    # Of what was handed over nothing was missed.
    assert (over["message_key"], over["facts"]["missed"]) == ("expired", None)
    assert over["message"] == over["message"].rstrip()


def test_a_problem_says_which_of_its_reasons_it_is(world: World, door: Desk) -> None:
    attempt, _ = door.scan(token=world.issue().token)
    with clock.standing_at(NOON + timedelta(minutes=11)):
        late = door.ask("POST", f"/scans/{attempt}/undo", {"reason": "x"})[1]
    assert (late["title"], late["why"]) == ("undo_not_allowed", "too_late")
    allow(world, door.id, "check")
    told_why = [
        door.scan(token=world.issue().token)[1]["why"],
        door.ask("POST", f"/scans/{attempt}/undo", {"reason": "x"})[1]["why"],
    ]
    assert told_why == ["redeem", "undo"]


def test_what_came_of_an_attempt_is_told_again_to_its_device_and_changes_nothing(
    world: World, door: Desk
) -> None:
    done, _ = door.scan(token=world.issue().token)
    held, _ = door.scan(token=world.issue("seat").token, mode="hold")

    def recalled(attempt: str, desk: Desk = door) -> tuple[Any, ...]:
        told = desk.ask("GET", f"/scans/{attempt}")[1]
        return told.get("verdict") or told.get("title"), told.get("undone")

    assert (recalled(done), recalled(held)) == (("redeemed", False), ("reserved", False))
    door.end(held, "confirm")
    door.end(done, "undo", reason="x")
    assert (recalled(held), recalled(done)) == (("redeemed", False), ("redeemed", True))
    assert recalled(done, Desk(world, "Bar")) == ("unknown_attempt", None)
