"""A perk that counts once staff confirm it: held for who can ask them, redeemed for who cannot."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.clock import as_text
from tests.support.installations import NOON, World, minutes, world_of
from voucher.scans.follow_ups.confirming import confirm, release
from voucher.scans.judgement.desk import scan_all
from voucher.scans.requests import AttemptDiffers, EndRequest, ScanRequest

PERKS = """
[community]
key = "test"
name = "Test"

[stations.popup]
name = "Pop-up"

[stations.machine]
name = "Machine"
redeemed_when = "confirmed"

[perks.plain]
name = "Plain"

[perks.glass]
name = "Glass"
redeemed_when = "confirmed"
uses = 2

[perks.card]
name = "Card"
redeemed_when = "scanned"
"""


world = world_of(PERKS, at=NOON)


def verdict(world: World, perk: str, station: str, **how: Any) -> str:
    scanner = world.add_device(station, uuid4().hex)[0]
    asked: dict[str, Any] = {"can_confirm": True} | how
    return str(world.scan(scanner, code=world.issue(perk).code, **asked)["verdict"])


def test_the_perk_says_when_it_counts_or_else_its_station(world: World) -> None:
    assert verdict(world, "plain", "popup") == "redeemed"
    assert verdict(world, "plain", "machine") == "reserved"
    assert verdict(world, "glass", "popup") == "reserved"
    assert verdict(world, "card", "machine") == "redeemed"


def test_who_cannot_ask_staff_redeems_at_once_and_a_check_stays_one(world: World) -> None:
    assert verdict(world, "glass", "machine", can_confirm=False) == "redeemed"
    assert verdict(world, "glass", "machine", mode="check") == "valid"


def test_it_is_held_under_its_attempt_until_staff_say_what_became_of_it(world: World) -> None:
    scanner, code, attempt = world.add_device()[0], world.issue("glass").code, str(uuid4())
    asked: dict[str, Any] = {"code": code, "attempt_id": attempt, "can_confirm": True, "uses": 2}
    held = world.scan(scanner, **asked)
    assert held["uses"] == 2
    assert held["hold"]["until"] == as_text(NOON + minutes(2))
    assert world.scan(scanner, **asked) == {**held, "replayed": True}
    with pytest.raises(AttemptDiffers):
        world.scan(scanner, **{**asked, "can_confirm": False})
    with world.installation.unit_of_work() as session:
        freed = release(session, scanner, UUID(attempt), EndRequest(), now=NOON)
    assert (freed["verdict"], freed["voucher"]["uses_left"]) == ("released", 2)
    with world.installation.unit_of_work() as session:
        late = confirm(session, scanner, UUID(attempt), EndRequest(), now=NOON)
    assert (late["verdict"], late["voucher"]["uses_left"], late["uses"]) == ("redeemed", 0, 2)


def test_a_claim_of_the_same_attempt_confirms_it_and_a_refusal_does_not(world: World) -> None:
    scanner = world.add_device()[0]
    claimed, refused = world.issue("glass"), world.issue("glass")
    answers = []
    for issued, told in ((claimed, "redeemed"), (refused, "wrong_station")):
        body: dict[str, Any] = {
            "code": issued.code,
            "attempt_id": str(uuid4()),
            "can_confirm": True,
        }
        assert world.scan(scanner, **body)["verdict"] == "reserved"
        moment = as_text(NOON)
        offline = {"verdict": told, "judged_at": moment, "synced_at": moment, "skew_ms": 0}
        body |= {"mode": "redeem", "scanned_at": moment, "offline": offline}
        answers += scan_all(world.installation, scanner, [ScanRequest.read(body)], now=NOON)
    assert [answer["verdict"] for answer in answers if isinstance(answer, dict)] == [
        "redeemed",
        "reserved",
    ]


def test_what_a_device_handed_over_by_itself_was_never_held(world: World) -> None:
    scanner, moment = world.add_device()[0], as_text(NOON)
    offline = {"verdict": "redeemed", "judged_at": moment, "synced_at": moment, "skew_ms": 0}
    body: dict[str, Any] = {
        "code": world.issue("glass").code,
        "can_confirm": True,
        "offline": offline,
    }
    assert world.scan(scanner, **body)["verdict"] == "redeemed"
