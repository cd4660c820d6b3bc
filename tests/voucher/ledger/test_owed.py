"""What cannot be issued now: the grant stands, what is owed has its reason, and comes later."""

import contextlib
import threading
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members
from app.programme.applying import ready
from app.stock import levels, moving
from app.stock.levels import Sort
from app.stock.reserving import OutOfStock
from app.worker import do_everything
from tests.support.installations import NOON, PROGRAMME, World, thread, world_of
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import by_reference, of_member
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.issuance.orders import NotIssued
from voucher.ledger.issuance.owing import owed_to

PINS = (
    PROGRAMME.replace('name = "Pin"', 'name = "Pin"\nitem = "pin"')
    + '\n[items.pin]\nname = "Pin"\n\n[perks.few]\nname = "Few"\nlimit = 2\nwindow_hours = 1\n'
)
HOW: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE}


world = world_of(PINS, at=NOON)


def receive(world: World, quantity: int) -> None:
    with world.installation.unit_of_work() as session:
        sort = Sort(world.community_id, "pin", "")
        moving.receive(session, sort, "popup", quantity, now=clock.now(), **HOW)


def free(world: World) -> int:
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=clock.now())
        [(level, reserved)] = [row for row in rows if row[0].place == "popup"]
        return level.on_hand - reserved


def owed(world: World) -> list[str]:
    with world.installation.reading() as session:
        return [one.owed.reason for one in owed_to(session, world.community_id)]


def references(world: World, member: str = "1") -> list[str]:
    with world.installation.reading() as session:
        known = members.find(session, world.community_id, "sample", member)
        held = of_member(session, world.community_id, known.id)
        return [one.voucher.reference for one in held]


def earn(world: World, member: str = "1") -> None:
    world.take(*(thread(f"{member}-{number}", member) for number in range(3)))


def move(world: World, taken: Any, reference: str, *given: Any, **more: Any) -> Any:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        return taken(session, voucher, *given, **HOW | {"now": clock.now()} | more)


def test_without_stock_the_grant_stands_and_the_voucher_is_owed(world: World) -> None:
    earn(world)
    assert owed(world) == ["stock"]
    assert references(world) == []
    receive(world, 1)
    do_everything(world.installation)
    assert owed(world) == []
    assert len(references(world)) == 1
    assert free(world) == 0


def test_who_waited_longest_is_served_first(world: World) -> None:
    earn(world, "1")
    with clock.standing_at(NOON + timedelta(minutes=1)):
        earn(world, "2")
    with clock.standing_at(NOON + timedelta(minutes=2)):
        receive(world, 1)
        do_everything(world.installation)
    assert (len(references(world, "1")), len(references(world, "2"))) == (1, 0)


def test_what_is_promised_to_expired_vouchers_goes_to_who_waits(world: World) -> None:
    receive(world, 1)
    earn(world, "1")
    earn(world, "2")
    assert owed(world) == ["stock"]
    with clock.standing_at(NOON + timedelta(hours=73)):
        do_everything(world.installation)
    assert owed(world) == []


def test_what_is_owed_of_a_withdrawn_perk_waits_until_it_is_back(world: World) -> None:
    earn(world)
    apply(world, PINS.replace("[perks.pin]", "[perks.brooch]").replace('"pin" }', '"brooch" }'))
    receive(world, 1)
    do_everything(world.installation)
    assert owed(world) == ["withdrawn"]
    apply(world, PINS)
    do_everything(world.installation)
    assert owed(world) == []


def apply(world: World, programme: str) -> None:
    world.installation.settings.programme_file.write_text(programme, "utf-8")
    ready(world.installation)


def test_by_hand_it_is_refused_with_the_reason(world: World) -> None:
    with pytest.raises(NotIssued, match="Pin is out of stock"):
        world.issue()
    assert owed(world) == []


def test_a_member_gets_so_many_and_no_more(world: World) -> None:
    first = world.issue("few")
    world.issue("few")
    with pytest.raises(NotIssued, match="A member gets 2 of Few ever"):
        world.issue("few")
    world.issue("few", member="2")
    move(world, replacing.reissue, first.reference)
    with pytest.raises(NotIssued):
        world.issue("few")


def test_each_season_has_its_own_limit(world: World) -> None:
    seasons = '[seasons.autumn]\nname = "Autumn"\nbegins = 2026-09-01\nends = 2026-11-18\n'
    apply(world, PINS + seasons)
    for _ in range(2):
        world.issue("few")
    with pytest.raises(NotIssued, match="2 of Few this season"):
        # 23:59 in Berlin.
        world.issue("few", now=NOON + timedelta(hours=10, minutes=59))
    world.issue("few", now=NOON + timedelta(hours=11))


def test_what_was_replaced_counts_in_the_season_in_which_it_was_given(world: World) -> None:
    seasons = (
        '[seasons.autumn]\nname = "Autumn"\nbegins = 2026-09-01\nends = 2026-11-18\n'
        '[seasons.winter]\nname = "Winter"\nbegins = 2026-11-19\nends = 2026-12-31\n'
    )
    apply(world, (PINS + seasons).replace("window_hours = 1", "window_hours = 48"))
    first = world.issue("few")
    world.issue("few")
    winter = NOON + timedelta(hours=20)
    with clock.standing_at(winter):
        move(world, replacing.reissue, first.reference, now=winter)
        for _ in range(2):
            world.issue("few")
        with pytest.raises(NotIssued, match="2 of Few this season"):
            world.issue("few")


def test_two_at_once_do_not_get_past_a_limit(world: World) -> None:
    world.issue("few")
    begin, got = threading.Barrier(8), []

    def issue() -> None:
        begin.wait()
        with contextlib.suppress(NotIssued):
            got.append(world.issue("few"))

    threads = [threading.Thread(target=issue) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 1


def test_a_void_voucher_gives_its_stock_back_and_takes_it_again(world: World) -> None:
    receive(world, 1)
    pin = world.issue()
    move(world, withdrawing.void, pin.reference)
    assert free(world) == 1
    move(world, withdrawing.restore, pin.reference)
    assert free(world) == 0
    move(world, withdrawing.void, pin.reference)
    world.issue(member="2")
    with pytest.raises(OutOfStock):
        move(world, withdrawing.restore, pin.reference)


def test_an_extension_keeps_the_promise_or_makes_it_again(world: World) -> None:
    receive(world, 1)
    pin = world.issue()
    until = NOON + timedelta(hours=100)
    move(world, extending.extend, pin.reference, until=until)
    with clock.standing_at(NOON + timedelta(hours=99)):
        assert free(world) == 0
    with clock.standing_at(until):
        assert free(world) == 1
        world.issue(member="2")
        with pytest.raises(OutOfStock):
            move(world, extending.extend, pin.reference, until=until + timedelta(hours=1))


def test_a_replacement_takes_the_promise_over(world: World) -> None:
    receive(world, 1)
    scanner, _ = world.add_device()
    new = move(world, replacing.reissue, world.issue().reference)
    assert free(world) == 0
    assert world.scan(scanner, token=new.token)["verdict"] == "redeemed"


def test_a_refund_without_stock_is_owed(world: World) -> None:
    receive(world, 1)
    scanner, _ = world.add_device()
    pin = world.issue()
    world.scan(scanner, token=pin.token)
    outcome = move(world, replacing.refund, pin.reference, 1).new
    assert isinstance(outcome, NotIssued)
    assert owed(world) == ["stock"]
    receive(world, 1)
    do_everything(world.installation)
    assert len(references(world)) == 2


def test_a_refund_of_what_can_be_handed_out_again_serves_itself(world: World) -> None:
    receive(world, 1)
    scanner, _ = world.add_device()
    pin = world.issue()
    world.scan(scanner, token=pin.token)
    new = move(world, replacing.refund, pin.reference, 1, usable=True).new
    assert isinstance(new, Issued)
    assert world.scan(scanner, token=new.token)["verdict"] == "redeemed"
