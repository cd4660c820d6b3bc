"""A supervisor redeems where or when a voucher is not given: within bounds, and on the record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock, journal
from app.actor import COMMAND_LINE
from app.stock import moving
from app.stock.levels import Sort
from tests.kiosk.desks import Desk, allow, claim, entries
from tests.kiosk.supervisors import PIN, admitted, move
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.keys.keyring import signing
from voucher.ledger.changes import replacing, withdrawing
from voucher.scans.models import Scan
from voucher.token import Flag, Payload, mint, parse_code

SHUT = (
    PROGRAMME.replace('name = "Pop-up"', 'name = "Pop-up"\nhours = ["Mon-Sun 14:00-18:00"]')
    + '\n[perks.bag]\nname = "Bag"\nidentity = true\n'
    + '\n[perks.seat]\nname = "Seat"\nlive = true\n'
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\nstock_taken = "redemption"\n'
    + '\n[perks.drinks]\nname = "Drinks"\nuses = 3\n'
    + '\n[items.mug]\nname = "Mug"\n'
)
"""At noon, which is 13:00 in Berlin, the pop-up is closed: it opens at 13:00 by this clock."""
OPEN = NOON + timedelta(hours=1)
WHY = {"reason": "their train leaves"}
pytestmark = pytest.mark.usefixtures("quick_pins")


world = world_of(SHUT, at=NOON)


def kept(world: World, attempt: str) -> Scan:
    with world.installation.reading() as session:
        return session.scalars(select(Scan).where(Scan.attempt_id == UUID(attempt))).one()


def test_what_is_closed_is_redeemed_all_the_same_and_the_record_says_by_whom_and_why(
    world: World, door: Desk, ada: str
) -> None:
    pin = world.issue()
    refused = door.scan(token=pin.token)[1]
    assert (refused["verdict"], refused["may_override"]) == ("closed_now", ["closed_now"])
    attempt, told = door.scan(token=pin.token, operator=ada, override=WHY)
    assert (told["verdict"], told["message"]) == ("redeemed", "Hand it over.")
    assert (told["overridden"], told["may_override"]) == (["closed_now"], [])
    again = door.scan(token=pin.token, operator=ada, override=WHY, attempt_id=attempt)[1]
    assert again == {**told, "replayed": True}
    scan, (fact,) = kept(world, attempt), entries(world, "scan.overridden")
    assert (scan.overridden, scan.operator, scan.by_reference) == ("closed_now", ada, False)
    assert (fact["scan"], fact["voucher"]) == (str(scan.id), pin.reference)
    assert (fact["rules"], fact["operator"], fact["station"]) == ("closed_now", ada, "popup")
    assert "train" not in str(fact)
    with world.installation.reading() as session:
        assert journal.remark_text(session, fact["reason"]) == WHY["reason"]
    (redeemed,) = entries(world, "voucher.redeemed")
    assert redeemed["redemption"] == str(scan.id)
    used = door.scan(token=pin.token, operator=ada, override=WHY)[1]
    assert (used["verdict"], used["overridden"]) == ("already_redeemed", [])
    assert len(entries(world, "scan.overridden")) == 1


@pytest.mark.parametrize(
    ("perk", "off", "rules"),
    [
        ("elsewhere", timedelta(hours=1), ["wrong_station"]),
        ("elsewhere", timedelta(), ["wrong_station", "closed_now"]),
        ("pin", timedelta(days=7, minutes=-1), ["expired"]),
        ("pin", timedelta(days=7), []),
        ("pin", timedelta(days=-1), ["not_yet_valid"]),
        ("pin", timedelta(days=-1, minutes=-1), []),
    ],
)
def test_where_and_when_can_be_set_aside_within_bounds(
    world: World, door: Desk, ada: str, perk: str, off: timedelta, rules: list[str]
) -> None:
    voucher = world.issue(perk)
    # Before it begins, or after it ended, by so much; else at that time of the day.
    since = NOON if perk == "elsewhere" else voucher.valid_until
    since = voucher.valid_from if off < timedelta() else since
    with clock.standing_at(since + off):
        door.sign_in(ada, PIN)
        refused = door.scan(token=voucher.token)[1]
        needed = [rule for rule in refused["may_override"] if rule != "closed_now" or perk != "pin"]
        assert needed == rules
        told = door.scan(code=voucher.code, operator=ada, override=WHY)[1]
    assert (told["verdict"] == "redeemed") is bool(rules)
    assert set(rules) <= set(told["overridden"])


def test_only_what_was_told_is_set_aside(world: World, door: Desk, ada: str) -> None:
    voucher = world.issue("elsewhere")
    one = {**WHY, "rules": ["wrong_station"]}
    refused = door.scan(token=voucher.token, operator=ada, override=one)[1]
    assert (refused["verdict"], refused["overridden"]) == ("closed_now", [])
    assert refused["may_override"] == ["wrong_station", "closed_now"]
    assert door.told(token=voucher.token, operator=ada, override=WHY) == "redeemed"


def test_what_a_voucher_is_worth_is_never_set_aside(world: World, door: Desk, ada: str) -> None:
    used, void, replaced = world.issue(), world.issue(member="2"), world.issue(member="3")
    how: dict[str, Any] = {"operator": ada, "override": WHY}
    door.scan(token=used.token, **how)
    move(world, void, withdrawing.void)
    move(world, replaced, replacing.reissue)
    for voucher, verdict in (
        (used, "already_redeemed"),
        (void, "void"),
        (replaced, "superseded"),
    ):
        told = door.scan(token=voucher.token, **how)[1]
        assert (told["verdict"], told["may_override"]) == (verdict, [])
    altered = world.issue(member="4").token[:-3] + "AAA"
    assert door.told(token=altered, **how) in ("bad_signature", "malformed")
    assert door.told(code="0000-0000-00000", **how) in ("unknown_voucher", "malformed")
    refused = door.scan(token=world.issue("drinks", member="5").token, uses=4)[1]
    assert (refused["verdict"], refused["may_override"]) == ("closed_now", [])
    assert len(entries(world, "scan.overridden")) == 1


def test_stock_and_identity_hold_as_ever(world: World, door: Desk, ada: str) -> None:
    mug, bag = world.issue("mug"), world.issue("bag", name="Bea")
    how: dict[str, Any] = {"operator": ada, "override": WHY}
    none = door.scan(token=mug.token, **how)[1]
    assert (none["verdict"], none["overridden"]) == ("out_of_stock", [])
    sort = Sort(world.community_id, "mug", "")
    with world.installation.unit_of_work() as session:
        moving.receive(session, sort, "popup", 1, reason="r", actor=COMMAND_LINE, now=NOON)
    assert door.told(token=mug.token, **how) == "redeemed"
    assert door.told(token=bag.token, **how) == "identity_required"
    assert door.told(token=bag.token, **how, identity_confirmed=True) == "redeemed"
    held, told = door.scan(token=world.issue(member="2").token, mode="hold", **how)
    assert (told["verdict"], told["overridden"]) == ("reserved", ["closed_now"])
    assert door.end(held, "confirm") == "redeemed"
    assert door.told(token=world.issue("mug", member="3").token, **how) == "out_of_stock"


def live(world: World, code: str) -> str:
    with world.installation.reading() as session:
        key = signing(session)
    flags, begins = Flag.OFFLINE_OK | Flag.LIVE_REQUIRED | Flag.LIVE, int(NOON.timestamp())
    return mint(Payload(1, key.number, flags, 5, parse_code(code), begins, begins + 60), key)


@pytest.mark.parametrize(
    ("later", "follows", "verdict"),
    [(9, True, "redeemed"), (9, False, "expired"), (11, True, "expired")],
)
def test_a_live_code_lasts_until_the_supervisor_is_there(
    world: World, door: Desk, ada: str, later: int, follows: bool, verdict: str
) -> None:
    token = live(world, world.issue("seat").code)
    refused, told = door.scan(token=token)
    assert told["may_override"] == ["closed_now"]
    more: dict[str, Any] = {"follows": refused} if follows else {}
    with clock.standing_at(NOON + timedelta(minutes=later)):
        told = door.scan(token=token, operator=ada, override=WHY, **more)[1]
    # An old picture of a live code is none that a supervisor sets aside.
    assert (told["verdict"], told["may_override"]) == (verdict, [])


def test_only_a_supervisor_with_a_pin_may_and_each_pin_is_for_one_request(
    world: World, door: Desk
) -> None:
    mia = admitted(world, door, name="Mia", role="steward")
    ada, bo = admitted(world, door), world.add_operator("Bo", "supervisor")
    door.sign_in(mia, PIN)
    pin, other = world.issue(), world.issue(member="2")
    refused = door.scan(token=pin.token, operator=mia, override=WHY)[1]
    assert (refused["status"], refused["title"]) == (403, "supervisor_needed")
    assert refused["detail"] == "Only a supervisor may do this: call one."
    # Every device would vouch for who has no PIN: that is not enough here.
    assert "has no PIN yet" in door.scan(token=pin.token, operator=bo, override=WHY)[1]["detail"]
    assert door.told(token=pin.token, operator=ada, override=WHY) == "operator_not_signed_in"
    door.sign_in(ada, PIN, once=True)
    attempt, told = door.scan(token=pin.token, operator=ada, override=WHY)
    assert told["verdict"] == "redeemed"
    again = door.scan(token=pin.token, operator=ada, override=WHY, attempt_id=attempt)[1]
    assert again["replayed"]
    assert door.told(token=other.token, operator=ada, override=WHY) == "operator_not_signed_in"
    assert door.holder() == mia
    door.sign_in(ada, PIN)
    allow(world, door.id, "check")
    assert door.told(token=other.token, operator=ada, override=WHY) == "not_allowed"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"operator": None}, "name the supervisor who decides this."),
        ({"mode": "check"}, "a check overrides nothing."),
        ({"override": {}}, "override.reason: Field required."),
        ({"override": {**WHY, "rules": ["void"]}}, "override.rules.0: a supervisor can set aside"),
        ({"offline": True}, "a reference and an override need a network."),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(
    world: World, door: Desk, ada: str, wrong: dict[str, Any], sentence: str
) -> None:
    asked: dict[str, Any] = {"token": "X", "operator": ada, "override": WHY} | wrong
    told = door.scan(**asked | (claim() if wrong.get("offline") else {}))[1]
    assert (told["status"], told["title"]) == (422, "unprocessable_scan")
    assert told["detail"].startswith(sentence)


def test_an_attempt_that_was_refused_cannot_become_an_override(
    world: World, door: Desk, ada: str
) -> None:
    pin = world.issue()
    attempt, _ = door.scan(token=pin.token)
    told = door.told(token=pin.token, operator=ada, override=WHY, attempt_id=attempt)
    assert told == "attempt_differs"
