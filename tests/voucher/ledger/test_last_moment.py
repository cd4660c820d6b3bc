"""At a promise's very end: it is either prolonged or given to others, whoever's clock says what."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.actor import COMMAND_LINE
from app.stock import levels, moving
from app.stock.levels import Sort
from app.stock.reserving import OutOfStock, Want, reserve
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.waiting import Meanwhile
from voucher.keys import keyring
from voucher.ledger import redeeming
from voucher.ledger.changes import extending
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.issuance.orders import NotIssued

PINS = (
    PROGRAMME.replace('name = "Pin"', 'name = "Pin"\nitem = "pin"')
    + '\n[items.pin]\nname = "Pin"\n'
)
END = NOON + timedelta(hours=72)
JUST_BEFORE, HOUR = END - timedelta(seconds=1), timedelta(hours=1)


world = world_of(PINS, at=NOON)


@pytest.fixture
def sort(world: World) -> Sort:
    return Sort(world.community_id, "pin", "")


@pytest.fixture
def pin(world: World, sort: Sort) -> Issued:
    """The only one that there is, until `END`."""
    with world.installation.unit_of_work() as session:
        moving.receive(session, sort, "popup", 1, reason="r", actor=COMMAND_LINE, now=NOON)
    return world.issue()


def how(now: datetime) -> dict[str, Any]:
    return {"reason": "rain", "actor": COMMAND_LINE, "now": now}


def extend(
    session: Session, world: World, reference: str, now: datetime, by: timedelta = HOUR
) -> None:
    voucher = by_reference(session, world.community_id, reference).voucher
    extending.extend(session, voucher, until=END + by, **how(now))


def extend_station(session: Session, world: World, now: datetime) -> list[str]:
    done = extending.extend_station(session, world.community_id, "popup", by=HOUR, **how(now))
    return [one.reference for one in done]


def test_what_is_just_being_prolonged_is_not_given_to_others(world: World, pin: Issued) -> None:
    with world.installation.unit_of_work() as session:
        extend(session, world, pin.reference, JUST_BEFORE)
        other = Meanwhile(world, lambda: world.issue(member="2", now=END))
    assert isinstance(other.outcome(), NotIssued)


def test_nor_while_a_whole_station_is_extended(world: World, pin: Issued) -> None:
    with world.installation.unit_of_work() as session:
        assert extend_station(session, world, JUST_BEFORE) == [pin.reference]
        other = Meanwhile(world, lambda: world.issue(member="2", now=END))
    assert isinstance(other.outcome(), NotIssued)


def issue_at_the_end(session: Session, world: World, sort: Sort) -> None:
    """As somebody does whose clock says that the promise has ended."""
    want = Want(sort, None, 1, "V-OTHER", END + HOUR)
    assert reserve(session, [want], actor=COMMAND_LINE, now=END) == {"V-OTHER"}


def test_what_was_given_to_others_just_now_is_not_prolonged(
    world: World, sort: Sort, pin: Issued
) -> None:
    def extend_it() -> None:
        with world.installation.unit_of_work() as session:
            extend(session, world, pin.reference, JUST_BEFORE)

    with world.installation.unit_of_work() as session:
        issue_at_the_end(session, world, sort)
        meanwhile = Meanwhile(world, extend_it)
    assert isinstance(meanwhile.outcome(), OutOfStock)


def test_a_station_is_extended_but_for_what_was_given_to_others_just_now(
    world: World, sort: Sort, pin: Issued
) -> None:
    def extend_all() -> list[str]:
        with world.installation.unit_of_work() as session:
            return extend_station(session, world, JUST_BEFORE)

    with world.installation.unit_of_work() as session:
        issue_at_the_end(session, world, sort)
        meanwhile = Meanwhile(world, extend_all)
    assert meanwhile.outcome() == []
    with world.installation.reading() as session:
        assert by_reference(session, world.community_id, pin.reference).voucher.valid_until == END


def test_what_was_given_to_others_just_now_is_not_handed_out_any_more(
    world: World, sort: Sort, pin: Issued
) -> None:
    scanner, _ = world.add_device()
    with world.installation.unit_of_work() as session:
        issue_at_the_end(session, world, sort)
        scans = Meanwhile(world, lambda: world.scan(scanner, JUST_BEFORE, token=pin.token))
    assert scans.outcome()["verdict"] == "out_of_stock"


def test_who_extends_what_has_ended_and_who_issues_never_wait_for_each_other(
    world: World, sort: Sort, pin: Issued
) -> None:
    def extend_it() -> None:
        with world.installation.unit_of_work() as session:
            # By days: the key's row has its end rounded up to a whole one.
            extend(session, world, pin.reference, END, by=timedelta(days=10))

    with world.installation.unit_of_work() as session:
        # As issuing does it: the shelves first, and at the end the key.
        levels.locked(session, {sort}, now=END)
        meanwhile = Meanwhile(world, extend_it)
        number = keyring.signing_to_keep(session).number
        keyring.keep_end(session, number, END + timedelta(days=30))
    assert meanwhile.outcome() is None


def test_a_scan_waits_while_a_station_is_extended(world: World, pin: Issued) -> None:
    scanner, _ = world.add_device()
    with world.installation.unit_of_work() as session:
        extend_station(session, world, JUST_BEFORE)
        scans = Meanwhile(world, lambda: world.scan(scanner, JUST_BEFORE, token=pin.token))
    assert scans.outcome()["verdict"] == "redeemed"


def test_what_is_used_up_just_now_is_not_extended_with_a_station(
    world: World, sort: Sort, pin: Issued
) -> None:
    with world.installation.unit_of_work() as session:
        moving.receive(session, sort, "popup", 1, reason="r", actor=COMMAND_LINE, now=NOON)
    other = world.issue(member="2")

    def extend_all() -> list[str]:
        with world.installation.unit_of_work() as session:
            return extend_station(session, world, JUST_BEFORE)

    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, pin.reference).voucher
        assert redeeming.take_uses(session, {voucher.id}, 1, now=JUST_BEFORE)
        meanwhile = Meanwhile(world, extend_all)
    assert meanwhile.outcome() == [other.reference]
