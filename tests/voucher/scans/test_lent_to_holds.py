"""What a hold keeps is lent to it out of its voucher's promise: nobody else is served from it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app import clock
from app.actor import COMMAND_LINE
from app.stock import moving
from app.stock.levels import Sort
from tests.support.installations import NOON, World, make_installation
from tests.voucher.scans.test_held_elsewhere import MUGS, UNTIL, end, hold, mugs, receive
from voucher.ledger.changes import extending, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.issuance.orders import NotIssued
from voucher.scans.follow_ups.confirming import confirm, release
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.requests import UndoRequest
from voucher.scans.scanners import Scanner

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    programme = MUGS + '\n[stations.third]\nname = "Third"\n'
    installation = make_installation(tmp_path, engine_url, programme)
    with clock.standing_at(NOON):
        yield World(installation)
    installation.close()


@pytest.fixture
def here(world: World) -> Scanner:
    return world.add_device("popup")[0]


@pytest.fixture
def there(world: World) -> Scanner:
    return world.add_device("other")[0]


def another(world: World, place: str = "popup") -> Scanner:
    return world.add_device(place, name=f"Another {place}")[0]


def in_two_places(world: World, there: Scanner) -> Issued:
    """A voucher of two uses: one is promised to it here, and one there. One here is free."""
    receive(world, "popup", 2)
    both = world.issue("mugs")
    receive(world, "other", 1)
    attempt = uuid4()
    world.scan(there, attempt_id=str(attempt), token=both.token)
    with world.installation.unit_of_work() as session:
        undo_by_device(session, there, attempt, UndoRequest(reason="the wrong one"), now=NOON)
    assert (mugs(world, "popup"), mugs(world, "other")) == ((2, 1), (1, 0))
    return both


def move(world: World, how: Any, reference: str, **given: Any) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        how(session, voucher, reason="r", actor=COMMAND_LINE, now=clock.now(), **given)


def count(world: World, place: str, found: int) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.count(session, Sort(world.community_id, "mug", ""), place, found, **how)


def test_two_holds_are_not_kept_the_same_thing(world: World, here: Scanner, there: Scanner) -> None:
    both = in_two_places(world, there)
    world.issue("mug", member="2")
    first, verdict = hold(world, here, both.token)
    assert verdict == "reserved"
    assert hold(world, another(world), both.token)[1] == "out_of_stock"
    assert end(world, confirm, here, first) == "redeemed"
    assert (mugs(world, "popup"), mugs(world, "other")) == ((1, 0), (1, 0))


def test_a_second_hold_is_kept_what_is_free_beside_the_first(
    world: World, here: Scanner, there: Scanner
) -> None:
    both = in_two_places(world, there)
    second = another(world)
    held = [(scanner, hold(world, scanner, both.token)[0]) for scanner in (here, second)]
    assert (mugs(world, "popup"), mugs(world, "other")) == ((2, 0), (1, 0))
    assert [end(world, confirm, *one) for one in held] == ["redeemed", "redeemed"]
    assert (mugs(world, "popup"), mugs(world, "other")) == ((0, 0), (1, 1))


def test_what_is_lent_to_a_hold_is_there_though_another_use_is_redeemed_elsewhere(
    world: World, here: Scanner, there: Scanner
) -> None:
    both = in_two_places(world, there)
    world.issue("mug", member="2")
    held, _ = hold(world, here, both.token)
    receive(world, "third", 1)
    third = another(world, "third")
    assert world.scan(third, token=both.token)["verdict"] == "redeemed"
    # What was promised there has ended for it, and not what is in somebody's hands here.
    assert (mugs(world, "popup"), mugs(world, "other")) == ((2, 0), (1, 1))
    assert end(world, confirm, here, held) == "redeemed"
    assert (mugs(world, "popup"), mugs(world, "other")) == ((1, 0), (1, 1))


@pytest.mark.parametrize("how", [release, None])
def test_what_was_lent_is_the_vouchers_again(world: World, here: Scanner, how: Any) -> None:
    receive(world, "popup", 1)
    mug = world.issue("mug")
    held, _ = hold(world, here, mug.token)
    assert mugs(world, "popup") == (1, 0)
    if how is not None:
        end(world, how, here, held)
    with clock.standing_at(NOON if how else UNTIL):
        assert mugs(world, "popup") == (1, 0)
        now = clock.now()
        assert world.scan(another(world), token=mug.token, now=now)["verdict"] == "redeemed"
        assert mugs(world, "popup") == (0, 0)


def test_what_was_lent_and_handed_over_is_promised_again_once_it_is_undone(
    world: World, here: Scanner
) -> None:
    receive(world, "popup", 2)
    both = world.issue("mugs")
    held, _ = hold(world, here, both.token)
    end(world, confirm, here, held)
    assert mugs(world, "popup") == (1, 0)
    with world.installation.unit_of_work() as session:
        undo_by_device(session, here, held, UndoRequest(reason="the wrong one"), now=NOON)
    assert mugs(world, "popup") == (2, 0)
    assert world.scan(here, token=both.token, uses=2)["verdict"] == "redeemed"


def test_a_hold_of_the_last_minute_keeps_what_it_was_lent_to_its_own_end(
    world: World, here: Scanner
) -> None:
    receive(world, "popup", 1)
    mug = world.issue("mug")
    last = mug.valid_until - SECOND
    with clock.standing_at(last):
        held, verdict = hold(world, here, mug.token, now=last)
    assert verdict == "reserved"
    with clock.standing_at(last + 2 * SECOND):
        with pytest.raises(NotIssued):
            world.issue("mug", member="2")
        assert end(world, confirm, here, held) == "redeemed"


def test_who_extends_by_less_takes_nothing_from_a_hold(world: World, here: Scanner) -> None:
    receive(world, "popup", 1)
    mug = world.issue("mug")
    last = mug.valid_until - SECOND
    with clock.standing_at(last):
        held, _ = hold(world, here, mug.token, now=last)
        move(world, extending.extend, mug.reference, until=mug.valid_until + SECOND)
    with clock.standing_at(last + 3 * SECOND):
        assert mugs(world, "popup") == (1, 0)
        assert end(world, confirm, here, held) == "redeemed"


def test_withdrawn_it_has_nothing_lent_any_more_and_restored_it_has_it_again(
    world: World, here: Scanner
) -> None:
    receive(world, "popup", 1)
    mug = world.issue("mug")
    held, _ = hold(world, here, mug.token)
    move(world, withdrawing.void, mug.reference)
    assert mugs(world, "popup") == (1, 1)
    move(world, withdrawing.restore, mug.reference)
    assert mugs(world, "popup") == (1, 0)
    assert end(world, confirm, here, held) == "redeemed"
    assert mugs(world, "popup") == (0, 0)


def test_where_fewer_lie_than_are_promised_what_a_hold_has_is_not_handed_to_others(
    world: World, here: Scanner
) -> None:
    receive(world, "popup", 2)
    one, other = world.issue("mug"), world.issue("mug", member="2")
    count(world, "popup", 1)
    held, verdict = hold(world, here, one.token)
    assert verdict == "reserved"
    second = another(world)
    assert hold(world, second, other.token)[1] == "out_of_stock"
    assert world.scan(second, token=other.token)["verdict"] == "out_of_stock"
    assert end(world, confirm, here, held) == "redeemed"


def test_a_hold_that_gave_way_and_is_confirmed_late_has_what_the_later_one_was_lent(
    world: World, here: Scanner
) -> None:
    receive(world, "popup", 2)
    mug = world.issue("mug")
    first, _ = hold(world, here, mug.token)
    second, _ = hold(world, here, mug.token)
    assert end(world, confirm, here, first) == "redeemed"
    # Nothing is kept any more for a voucher of which nothing is left.
    assert mugs(world, "popup") == (1, 1)
    assert end(world, confirm, here, second) == "already_redeemed"
