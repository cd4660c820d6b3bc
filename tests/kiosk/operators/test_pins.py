"""PINs: which are refused, and how they are kept."""

import secrets

import pytest

from kiosk.operators import pins
from kiosk.operators.models import Operator
from tests.support.installations import World


@pytest.mark.parametrize(
    "pin",
    [
        "000000",
        "111112",
        "747477",
        "123456",
        "654321",
        "901234",
        "975319",
        "121212",
        "123123",
        "112233",
        "123321",
    ],
)
def test_what_is_tried_first_is_weak(pin: str) -> None:
    assert pins.is_weak(pin)
    with pytest.raises(pins.WeakPin):
        pins.check_strength(pin)


@pytest.mark.parametrize("pin", ["402917", "860135", "135790", "224819"])
def test_others_are_not(pin: str) -> None:
    assert not pins.is_weak(pin)


def test_none_that_is_drawn_is_weak(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter([123456, 7, 77, 402917])
    monkeypatch.setattr(secrets, "randbelow", lambda _below: next(numbers))
    assert pins.drawn() == "402917"


def test_a_pin_is_kept_as_argon2id_and_nobody_has_that_of_nobody(world: World) -> None:
    mia = world.add_operator()
    pin = world.draw_pin(mia)
    with world.installation.reading() as session:
        kept = session.get_one(Operator, mia).pin_hash
    assert kept is not None and kept.startswith("$argon2id$v=19$m=65536,t=2,p=1$")
    assert pin not in kept
    assert pins.matches(pin, kept) and not pins.matches("402917", kept)
    assert not pins.matches("000000", None)
    # So that who is unknown takes as long as who is known.
    assert pins.NOBODYS.split("$")[:4] == kept.split("$")[:4]
