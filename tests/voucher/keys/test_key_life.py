"""A key's way: published, signing, verifying what it signed, gone from the public set."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.actor import COMMAND_LINE
from tests.support.installations import World
from voucher.keys import keyring, life, making
from voucher.keys.models import SigningKey
from voucher.ledger.changes import extending
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued

DAY, LATE = timedelta(days=1), life.LATE_UPLOADS


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], Any]:
    # What is remembered is told apart elsewhere: here each look is a fresh one.
    monkeypatch.setattr(keyring, "REMEMBERED_SECONDS", 0)
    return clock.standing_at


def states(world: World) -> list[str]:
    with world.installation.reading() as session:
        keys, now = keyring.every(session), clock.now()
        published = keyring.key_set(session)
        states = [life.state_of(key, keys, now) for key in keys]
        public = [key.number for key, state in zip(keys, states, strict=True) if state in PUBLIC]
    assert sorted(published.public) == public
    return [str(state) for state in states]


PUBLIC = life.PUBLIC


def rotate(world: World) -> None:
    with world.installation.unit_of_work() as session:
        making.rotate(session, now=clock.now(), at_once=True)


def extend(world: World, voucher: Issued, until: datetime) -> None:
    with world.installation.unit_of_work() as session:
        found = by_reference(session, world.community_id, voucher.reference).voucher
        how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": clock.now()}
        extending.extend(session, found, until=until, **how)


def next_midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def test_it_verifies_until_what_it_signed_has_ended_and_was_handed_in(
    world: World, at: Callable[[datetime], Any]
) -> None:
    voucher = world.issue()
    with at(clock.now() + timedelta(hours=1)):
        rotate(world)
        assert states(world) == ["verifying", "signing"]
    ends = next_midnight(voucher.valid_until) + LATE
    with at(ends - timedelta(seconds=1)):
        assert states(world) == ["verifying", "signing"]
    with at(ends):
        assert states(world) == ["removed", "signing"]
        scanner, _ = world.add_device()
        assert world.scan(scanner, token=voucher.token)["verdict"] == "unknown_key"


def test_it_stays_for_what_was_extended_and_comes_back_for_it(
    world: World, at: Callable[[datetime], Any]
) -> None:
    voucher = world.issue()
    with at(clock.now() + timedelta(hours=1)):
        rotate(world)
    later = voucher.valid_until + timedelta(days=30)
    with at(voucher.valid_until - timedelta(hours=1)):
        extend(world, voucher, later)
    with at(later + LATE):
        assert states(world) == ["verifying", "signing"]
    over = next_midnight(later) + LATE
    with at(over):
        assert states(world) == ["removed", "signing"]
        extend(world, voucher, over + timedelta(hours=2))
        assert states(world) == ["verifying", "signing"]
        scanner, _ = world.add_device()
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def test_one_that_signed_nothing_leaves_eight_days_after_it_was_replaced(
    world: World, at: Callable[[datetime], Any]
) -> None:
    replaced = clock.now() + timedelta(hours=1)
    with at(replaced):
        rotate(world)
    with at(replaced + LATE - timedelta(seconds=1)):
        assert states(world) == ["verifying", "signing"]
    with at(replaced + LATE):
        assert states(world) == ["removed", "signing"]


def test_the_key_that_signs_stays_however_long_ago_that_was(
    world: World, at: Callable[[datetime], Any]
) -> None:
    world.issue()
    with at(clock.now() + timedelta(days=800)):
        assert states(world) == ["signing"]


def test_its_end_is_written_once_a_day_and_not_with_each_voucher(world: World) -> None:
    first = world.issue()
    with world.installation.reading() as session:
        kept = session.get_one(SigningKey, 1).last_until
    assert kept == next_midnight(first.valid_until)
    with clock.standing_at(first.valid_from + timedelta(seconds=1)):
        world.issue()
    with world.installation.reading() as session:
        assert session.get_one(SigningKey, 1).last_until in (kept, kept + DAY)


def test_a_key_that_signs_at_once_does_so_where_the_clock_is_behind(world: World) -> None:
    rotate(world)
    with world.installation.reading() as session:
        behind = clock.now() - timedelta(minutes=5)
        assert keyring.current_number(session, now=behind) == 2
