"""What was handed over counts, or becomes a conflict: whoever was withdrawn since, or guesses."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.communities.models import Station
from app.factory import create_app
from kiosk.operators import roster
from tests.support.installations import NOON, World, world_of
from tests.support.waiting import Meanwhile
from voucher.perks.models import Perk
from voucher.scans.conflicts import conflicts
from voucher.scans.follow_ups.confirming import attempt_of, confirm_scan

SCANS = "https://keepsake.example/api/v1/scans"
LATER = NOON + timedelta(hours=2)


world = world_of(at=NOON)


class Device:
    """A device at the pop-up, by HTTP."""

    def __init__(self, world: World):
        self.scanner, self._bearer = world.add_device()
        self._client: FlaskClient = create_app(world.installation).test_client()

    def post(self, path: str = "", **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._bearer}"}
        answer = self._client.post(f"{SCANS}{path}", json=body, headers=headers)
        told: dict[str, Any] = answer.get_json()
        return told

    def scan(self, **asked: Any) -> tuple[str, dict[str, Any]]:
        attempt = asked.setdefault("attempt_id", str(uuid4()))
        body = {"mode": "redeem", "scanned_at": as_text(clock.now())} | asked
        return attempt, self.post(**body)


@pytest.fixture
def door(world: World) -> Device:
    return Device(world)


def claim() -> dict[str, Any]:
    told = {"verdict": "redeemed", "judged_at": as_text(NOON), "synced_at": as_text(NOON)}
    return {"offline": told | {"skew_ms": 0}}


def close_popup(world: World) -> None:
    with world.installation.unit_of_work() as session:
        session.execute(update(Station).where(Station.key == "popup").values(withdrawn_at=NOON))


def withdraw(world: World, operator: str) -> None:
    with world.installation.unit_of_work() as session:
        roster.withdraw(session, world.community_id, operator, actor=COMMAND_LINE, now=NOON)


def unresolved(world: World) -> list[str]:
    with world.installation.reading() as session:
        return [one["reason"] for one in conflicts.unresolved(session, world.community_id)]


def test_an_upload_of_a_station_that_was_withdrawn_since_counts(world: World, door: Device) -> None:
    pin, other = world.issue(), world.issue()
    close_popup(world)
    assert door.scan(token=pin.token, **claim())[1]["verdict"] == "redeemed"
    _, online = door.scan(token=other.token)
    assert online["title"] == "not_allowed"


def test_or_becomes_a_conflict_where_the_record_does_not_accept_it(
    world: World, door: Device
) -> None:
    pin = world.issue()
    close_popup(world)
    with world.installation.unit_of_work() as session:
        session.execute(update(Perk).where(Perk.key == "pin").values(stations=["other"]))
    assert door.scan(token=pin.token, **claim())[1]["verdict"] == "wrong_station"
    assert unresolved(world) == ["wrong_station"]


def test_what_was_held_at_a_station_that_was_withdrawn_since_ends_as_ever(
    world: World, door: Device
) -> None:
    first, _ = door.scan(token=world.issue().token, mode="hold")
    second, _ = door.scan(token=world.issue().token, mode="hold")
    close_popup(world)
    assert door.post(f"/{first}/confirm")["verdict"] == "redeemed"
    assert door.post(f"/{second}/release")["verdict"] == "released"
    assert door.post(f"/{first}/undo", reason="the wrong card")["verdict"] == "undone"


@pytest.mark.parametrize("how", ["confirm", "release"])
def test_who_was_withdrawn_since_may_be_named_as_who_ended_a_hold(
    world: World, door: Device, how: str
) -> None:
    mia = world.add_operator()
    attempt, _ = door.scan(token=world.issue().token, mode="hold")
    withdraw(world, mia)
    told = door.post(f"/{attempt}/{how}", operator=mia)
    assert told["verdict"] in ("redeemed", "released")
    assert told["scanned_by"]["operator"] == "Mia"
    nobody, _ = door.scan(token=world.issue().token, mode="hold")
    assert door.post(f"/{nobody}/{how}", operator="op_nobody")["title"] == "unknown_operator"


def test_who_confirmed_it_may_undo_it_and_not_who_held_it(world: World, door: Device) -> None:
    mia, ben = world.add_operator("Mia"), world.add_operator("Ben")
    attempt, _ = door.scan(token=world.issue().token, mode="hold", operator=mia)
    door.post(f"/{attempt}/confirm", operator=ben)
    refused = door.post(f"/{attempt}/undo", operator=mia, reason="x")
    assert refused["title"] == "undo_not_allowed"
    assert door.post(f"/{attempt}/undo", operator=ben, reason="x")["verdict"] == "undone"


def test_who_held_it_may_undo_what_was_confirmed_without_a_name(world: World, door: Device) -> None:
    mia = world.add_operator("Mia")
    attempt, _ = door.scan(token=world.issue().token, mode="hold", operator=mia)
    door.post(f"/{attempt}/confirm")
    assert door.post(f"/{attempt}/undo", operator=mia, reason="x")["verdict"] == "undone"


def test_a_claim_and_a_confirmation_of_one_hold_never_wait_for_each_other(
    world: World, door: Device
) -> None:
    pin = world.issue()
    attempt, _ = door.scan(token=pin.token, mode="hold")
    asked = {"attempt_id": attempt, "token": pin.token, **claim()}
    with world.installation.unit_of_work() as session:
        scan = attempt_of(session, door.scanner, UUID(attempt))
        claimed = Meanwhile(world, lambda: world.scan(door.scanner, LATER, **asked))
        answer = confirm_scan(session, door.scanner, scan, None, now=NOON)
    assert answer["verdict"] == "redeemed"
    assert claimed.outcome() == {**answer, "replayed": True}


def test_a_claim_of_what_we_signed_is_judged_though_the_device_guesses(
    world: World, door: Device
) -> None:
    pin, typed = world.issue(), world.issue()
    for number in range(30):
        door.scan(code=f"0000-0000-{number:05}")
    assert door.scan(token=pin.token)[1]["title"] == "too_many_guesses"
    # What is typed may be guessed, and a token that is none of ours is no token.
    assert door.scan(code=typed.code, **claim())[1]["title"] == "too_many_guesses"
    assert door.scan(token="NONSENSE", **claim())[1]["title"] == "too_many_guesses"
    assert door.scan(token=pin.token, **claim())[1]["verdict"] == "redeemed"
    with clock.standing_at(NOON + timedelta(seconds=61)):
        assert door.scan(code=typed.code, **claim())[1]["verdict"] == "redeemed"


def test_a_refused_attempt_that_was_handed_over_is_a_conflict_though_the_device_guesses(
    world: World, door: Device
) -> None:
    pin = world.issue()
    door.scan(token=pin.token)
    attempt, refused = door.scan(code=pin.code)
    assert refused["verdict"] == "already_redeemed"
    for number in range(30):
        door.scan(code=f"0000-0000-{number:05}")
    _, told = door.scan(attempt_id=attempt, code=pin.code, **claim())
    assert told["conflict"]
    assert unresolved(world) == ["already_redeemed"]
