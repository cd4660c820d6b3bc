"""Operators sign in on the devices that they are admitted to, and one at a time holds each."""

from datetime import timedelta
from typing import Any

import pytest
from nacl import pwhash
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from kiosk.devices.models import Admission
from kiosk.operators import admitting, guessing, pins, roster, signing_in
from kiosk.operators.signing_in import SignInRequest
from tests.kiosk.desks import Desk, entries, revoke
from tests.support.installations import NOON, World, world_of
from tests.support.interleaving import Write, one_after_the_other

NO_PIN = {"has_pin": False, "pin_number": 0, "pin_chosen": False}
DRAWN = {"has_pin": True, "pin_number": 1, "pin_chosen": False}


world = world_of(at=NOON)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


def with_pin(world: World, *desks: Desk, name: str = "Mia", role: str = "steward") -> Any:
    """An operator who is admitted to these, and the PIN."""
    operator = world.add_operator(name, role)
    for desk in desks:
        world.admit(operator, desk.scanner)
    return operator, world.draw_pin(operator)


def dismiss(world: World, operator: str, desk: Desk) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        admitting.dismiss(session, world.community_id, operator, desk.id, **how)


def test_who_signs_in_is_named_until_when(world: World, door: Desk) -> None:
    mia, pin = with_pin(world, door)
    status, told = door.sign_in(mia, pin)
    assert status == 200
    assert told["operator"] == {"id": mia, "name": "Mia", "role": "steward"} | DRAWN
    assert told["until"] == as_text(NOON + timedelta(hours=12))
    assert door.holder() == mia
    assert entries(world, "operator.signed_in") == [
        {"operator": mia, "device": door.id, "until": told["until"], "once": False}
    ]
    with clock.standing_at(NOON + timedelta(hours=12)):
        assert door.holder() is None


def test_a_device_lists_who_is_admitted_to_it(world: World, door: Desk) -> None:
    mia, _ = with_pin(world, door)
    ben, zoe = world.add_operator("Ben"), world.add_operator("Zoe")
    world.admit(ben, door.scanner)
    world.admit(zoe, Desk(world, "Bar").scanner)
    told = door.ask("GET", "/operators")[1]
    assert told["operators"] == [
        {"id": ben, "name": "Ben", "role": "steward"} | NO_PIN,
        {"id": mia, "name": "Mia", "role": "steward"} | DRAWN,
    ]
    dismiss(world, ben, door)
    assert [one["id"] for one in door.ask("GET", "/operators")[1]["operators"]] == [mia]


def test_the_kiosk_is_told_who_holds_it_and_what_it_may(world: World, door: Desk) -> None:
    mia, pin = with_pin(world, door)
    door.sign_in(mia, pin)
    told = door.ask("GET", "/kiosk/status")[1]
    assert told["device"]["may"] == ["redeem", "undo"]
    assert (told["operator"]["id"], told["operator"]["name"]) == (mia, "Mia")


def test_another_sign_in_ends_the_one_before(world: World, door: Desk) -> None:
    (mia, pin), (ben, other) = with_pin(world, door), with_pin(world, door, name="Ben")
    door.sign_in(mia, pin)
    door.sign_in(ben, other)
    assert door.holder() == ben
    assert door.told(token=world.issue().token, operator=mia) == "operator_not_signed_in"
    assert door.sign_in(ben, other)[0] == 200
    assert door.holder() == ben
    assert door.sign_out() == 200
    assert door.holder() is None
    assert door.sign_out() == 200
    assert entries(world, "operator.signed_out") == [{"operator": ben, "device": door.id}]


def test_a_pin_is_worth_something_only_where_they_are_admitted(world: World, door: Desk) -> None:
    bar = Desk(world, "Bar")
    mia, pin = with_pin(world, door)
    refused = bar.sign_in(mia, pin)
    unknown = bar.sign_in("op_nobody", pin)
    assert unknown == (403, refused[1] | {"left": 3})
    assert (refused[0], refused[1]["title"]) == (403, "wrong_pin")
    dismiss(world, mia, door)
    assert door.sign_in(mia, pin)[1]["title"] == "wrong_pin"
    world.admit(mia, door.scanner)
    assert door.sign_in(mia, pin)[0] == 200


def test_an_unknown_operator_and_a_wrong_pin_are_told_and_looked_at_alike(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, bar = Desk(world), Desk(world, "Bar")
    mia, _ = with_pin(world, door, bar)
    looked_at: list[int] = []
    verify = pwhash.verify

    def counted(hashed: bytes, pin: bytes) -> bool:
        looked_at.append(len(hashed))
        return bool(verify(hashed, pin))

    monkeypatch.setattr(pwhash, "verify", counted)
    assert door.sign_in(mia, "402917") == bar.sign_in("op_nobody", "402917")
    assert len(looked_at) == 2 and looked_at[0] == looked_at[1]


def test_who_was_dismissed_or_withdrawn_or_got_a_new_pin_holds_nothing(
    world: World, door: Desk
) -> None:
    (mia, pin), (ben, other) = with_pin(world, door), with_pin(world, door, name="Ben")
    door.sign_in(mia, pin)
    dismiss(world, mia, door)
    assert door.told(token=world.issue().token, operator=mia) == "operator_not_signed_in"
    door.sign_in(ben, other)
    newest = world.draw_pin(ben)
    assert door.holder() is None
    assert door.sign_in(ben, other)[1]["title"] == "wrong_pin"
    assert door.sign_in(ben, newest)[0] == 200
    with world.installation.unit_of_work() as session:
        roster.withdraw(session, world.community_id, ben, actor=COMMAND_LINE, now=NOON)
    assert door.holder() is None
    assert door.told(token=world.issue().token, operator=ben) == "unknown_operator"
    assert door.sign_in(ben, newest)[1]["title"] == "wrong_pin"


def test_an_operator_chooses_another_pin_and_no_weak_one(world: World, door: Desk) -> None:
    mia, pin = with_pin(world, door)
    weak = door.sign_in(mia, pin, new_pin="123456")
    assert (weak[0], weak[1]["title"], weak[1]["key"]) == (422, "weak_pin", "new_pin")
    assert door.sign_in(mia, pin, new_pin="402917")[0] == 200
    assert door.sign_in(mia, pin)[0] == 403
    assert door.sign_in(mia, "402917")[0] == 200
    assert entries(world, "operator.pin_chosen") == [{"operator": mia}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"operator": "op_x"},
        {"operator": "op_x", "pin": "12345"},
        {"operator": "op_x", "pin": "4029175"},
        {"operator": "op_x", "pin": "40291\n"},
        {"operator": "op_x", "pin": "٤٠٢٩١٧"},
        {"operator": "op_x", "pin": 402917},
        {"operator": "op\0x", "pin": "402917"},
        {"operator": "op_x", "pin": "402917", "twice": True},
    ],
)
def test_what_is_no_sign_in_names_the_key_and_is_no_guess(
    world: World, door: Desk, body: dict[str, Any]
) -> None:
    for _ in range(6):
        status, told = door.ask("POST", "/operators/sign-in", body)
        assert (status, told["title"]) == (422, "unprocessable_sign_in")
        assert "402" not in told["detail"]
    assert door.sign_in("op_nobody", "402917")[1]["left"] == 4


def test_a_pin_that_was_reset_while_it_was_looked_at_signs_nobody_in(
    world: World, door: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, pin = with_pin(world, door)
    matches = pins.matches

    def reset_meanwhile(given: str, hashed: str | None) -> bool:
        right = matches(given, hashed)
        world.draw_pin(mia)
        return right

    monkeypatch.setattr(pins, "matches", reset_meanwhile)
    assert door.sign_in(mia, pin)[1]["title"] == "wrong_pin"
    assert door.holder() is None


def test_a_device_that_was_revoked_while_a_pin_was_looked_at_is_held_by_nobody(
    world: World, door: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, pin = with_pin(world, door)

    def revoke_meanwhile(_given: str, _hashed: str | None) -> bool:
        revoke(world, door.id)
        return True

    monkeypatch.setattr(pins, "matches", revoke_meanwhile)
    assert door.sign_in(mia, pin)[0] == 401


def test_of_two_who_sign_in_at_once_one_holds_the_device(world: World, door: Desk) -> None:
    people = [with_pin(world, door), with_pin(world, door, name="Ben")]

    def ready(operator: str, pin: str) -> Write:
        """The PIN was right: what is left is to take the device's place."""
        asked = SignInRequest(operator=operator, pin=pin)
        with world.installation.unit_of_work() as session:
            guess = guessing.count_guess(session, door.scanner, operator, now=NOON)
        return lambda session: signing_in.take_hold(session, door.scanner, asked, guess, None, NOON)

    mia, ben = (ready(*one) for one in people)
    told = one_after_the_other(world.installation, mia, ben)
    assert [one.operator.id for one in told] == [operator for operator, _ in people]
    with world.installation.reading() as session:
        held = select(Admission.operator_id).where(Admission.signed_in_until > NOON)
        assert session.scalars(held).all() == [people[1][0]]


def test_hashing_keeps_nobody_from_writing(
    world: World, door: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, pin = with_pin(world, door)
    seen: list[str] = []
    real: dict[str, Any] = {"matches": pins.matches, "hash_of": pins.hash_of}

    def writes(name: str) -> Any:
        def look(*given: Any) -> Any:
            # It waits for ever, or is refused, where the caller has a transaction open.
            world.add_operator(name)
            seen.append(name)
            return real[name](*given)

        return look

    for name in real:
        monkeypatch.setattr(pins, name, writes(name))
    asked = SignInRequest(operator=mia, pin=pin, new_pin="402917")
    signing_in.sign_in(world.installation, door.scanner, asked, now=NOON)
    world.draw_pin(mia)
    assert seen == ["matches", "hash_of", "hash_of"]


def test_the_record_has_no_name_and_no_pin(world: World, door: Desk) -> None:
    mia, pin = with_pin(world, door)
    door.sign_in(mia, pin, new_pin="402917")
    for kind in ("added", "admitted", "pin_drawn", "pin_chosen", "signed_in"):
        (entry,) = entries(world, f"operator.{kind}")
        assert not {"Mia", pin, "402917"} & set(map(str, entry.values()))
