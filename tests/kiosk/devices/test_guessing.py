"""Guesses at PINs are few: on a device, at an operator, and however many come at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.clock import as_text
from kiosk.operators import pins
from tests.kiosk.desks import Desk, entries
from tests.support.installations import NOON, World, world_of

WRONG = "402917"
MINUTES = timedelta(minutes=15)


world = world_of(at=NOON)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """PINs in plain text, as what is counted does not depend on how they are hashed."""
    monkeypatch.setattr(pins, "hash_of", lambda pin: pin)
    monkeypatch.setattr(pins, "matches", lambda pin, hashed: pin == hashed)
    monkeypatch.setattr(pins, "drawn", lambda: "860135")


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


def admitted(world: World, *desks: Desk, name: str = "Mia") -> str:
    operator = world.add_operator(name)
    for desk in desks:
        world.admit(operator, desk.scanner)
    world.draw_pin(operator)
    return operator


def test_five_wrong_ones_in_a_row_lock_the_device_and_say_until_when(
    world: World, door: Desk
) -> None:
    mia = admitted(world, door)
    for left in (4, 3, 2, 1):
        assert door.sign_in(mia, WRONG)[1]["left"] == left
    until = as_text(NOON + MINUTES)
    status, told = door.sign_in("op_nobody", WRONG)
    assert (status, told["title"], told["until"]) == (429, "sign_in_locked", until)
    assert door.sign_in(mia, "860135")[1]["until"] == until
    with clock.standing_at(NOON + MINUTES):
        assert door.sign_in(mia, "860135")[0] == 200
    assert entries(world, "device.sign_in_locked") == [{"device": door.id, "until": until}]


def test_a_right_one_ends_the_row_and_the_fifth_may_be_right(world: World, door: Desk) -> None:
    mia = admitted(world, door)
    for _ in range(2):
        for _ in range(4):
            assert door.sign_in(mia, WRONG)[0] == 403
        assert door.sign_in(mia, "860135")[0] == 200
    assert entries(world, "device.sign_in_locked") == []


def test_another_device_is_not_locked(world: World, door: Desk) -> None:
    bar = Desk(world, "Bar")
    mia = admitted(world, door, bar)
    for _ in range(5):
        door.sign_in(mia, WRONG)
    assert bar.sign_in(mia, "860135")[0] == 200
    assert door.sign_in(mia, "860135")[0] == 429


def test_an_organiser_who_resets_the_pin_lifts_the_lock(world: World, door: Desk) -> None:
    mia = admitted(world, door)
    for _ in range(5):
        door.sign_in(mia, WRONG)
    world.draw_pin(mia)
    assert door.sign_in(mia, "860135")[0] == 200


def test_twenty_in_a_row_lock_the_operator_on_however_many_devices(world: World) -> None:
    desks = [Desk(world, f"Door {number}") for number in range(6)]
    mia, ben = admitted(world, *desks), admitted(world, *desks, name="Ben")
    for desk in desks[:5]:
        for _ in range(4):
            assert desk.sign_in(mia, WRONG)[0] == 403
        # Who signs in between ends the row on the device, and not Mia's.
        assert desk.sign_in(ben, "860135")[0] == 200
    status, told = desks[5].sign_in(mia, "860135")
    assert (status, told["until"]) == (429, as_text(NOON + timedelta(hours=1)))
    assert desks[5].sign_in(ben, "860135")[0] == 200
    with clock.standing_at(NOON + timedelta(hours=1)):
        assert desks[5].sign_in(mia, "860135")[0] == 200


def test_guesses_where_they_are_not_admitted_cost_an_operator_nothing(
    world: World, door: Desk
) -> None:
    mia = admitted(world, door)
    for number in range(5):
        bar = Desk(world, f"Bar {number}")
        for _ in range(5):
            bar.sign_in(mia, WRONG)
    assert door.sign_in(mia, "860135")[0] == 200


def test_those_that_come_at_once_are_looked_at_five_times_at_most(
    world: World, door: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = admitted(world, door)
    looked_at: list[str] = []
    others_refused = threading.Semaphore(0)

    def look(pin: str, _hashed: str | None) -> bool:
        # Each waits until one of the other five is refused: none is answered before.
        looked_at.append(pin)
        assert others_refused.acquire(timeout=20)
        return False

    monkeypatch.setattr(pins, "matches", look)
    told: list[Any] = []

    def guess(number: int) -> None:
        told.append(door.sign_in(mia, f"40291{number}")[0])
        others_refused.release()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(looked_at) == 5
    assert sorted(told) == [403] * 4 + [429] * 6
