"""Refunds of some uses: with enough for all of it, for the rest, or for none; and limits."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner

from app import clock
from app.actor import COMMAND_LINE
from app.cli import command_line
from app.communities.models import Station
from app.stock import levels, moving
from app.stock.levels import Sort
from app.worker import do_everything
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import Held, by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.issuance.orders import NotIssued
from voucher.ledger.issuance.owing import owed_to
from voucher.perks.settings import perk
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.requests import UndoRequest
from voucher.wallet.pages import history

MUGS = (
    PROGRAMME
    + '\n[perks.mugs]\nname = "Mugs"\nitem = "mug"\nuses = 3\nlimit = 2\n'
    + '\n[items.mug]\nname = "Mug"\n'
)
HOUR = timedelta(hours=1)


world = world_of(MUGS, at=NOON)


def stock(world: World, how: Any, quantity: int, place: str = "popup") -> None:
    with world.installation.unit_of_work() as session:
        sort = Sort(world.community_id, "mug", "")
        more: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": clock.now()}
        how(session, sort, place, quantity, **more)


def mugs(world: World, place: str = "popup") -> tuple[int, int]:
    """What lies there, and what of it is free."""
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=clock.now())
        return next(
            (one.on_hand, one.on_hand - promised) for one, promised in rows if one.place == place
        )


def move(world: World, taken: Any, reference: str, *given: Any, **more: Any) -> Any:
    how = {"reason": "r", "actor": COMMAND_LINE, "now": clock.now()} | more
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        return taken(session, voucher, *given, **how)


def held(world: World, reference: str) -> Held:
    with world.installation.reading() as session:
        return by_reference(session, world.community_id, reference)


def owed(world: World) -> list[tuple[str, int | None]]:
    with world.installation.reading() as session:
        found = owed_to(session, world.community_id)
        return [(one.owed.reason, one.owed.uses) for one in found]


def with_one_faulty(world: World) -> Issued:
    """Three mugs were there, and one of them is handed out and broken."""
    stock(world, moving.receive, 3)
    pin = world.issue("mugs")
    scanner, _ = world.add_device()
    assert world.scan(scanner, token=pin.token)["verdict"] == "redeemed"
    return pin


def test_where_there_are_enough_all_is_in_one(world: World) -> None:
    old = with_one_faulty(world)
    stock(world, moving.receive, 1)
    with clock.standing_at(NOON + HOUR):
        outcome: replacing.Refund = move(world, replacing.refund, old.reference, 1)
    assert isinstance(outcome.new, Issued)
    assert outcome.rest is None
    new = held(world, outcome.new.reference).voucher
    assert (new.uses, new.valid_until) == (3, old.valid_until + HOUR)
    assert mugs(world) == (3, 0)


def test_else_what_was_left_is_kept_and_only_what_was_faulty_is_owed(world: World) -> None:
    old = with_one_faulty(world)
    with clock.standing_at(NOON + HOUR):
        outcome: replacing.Refund = move(world, replacing.refund, old.reference, 1)
    assert isinstance(outcome.new, NotIssued)
    assert outcome.rest is not None
    rest = held(world, outcome.rest.reference).voucher
    assert (rest.uses, rest.valid_from, rest.valid_until) == (2, old.valid_from, old.valid_until)
    assert owed(world) == [("stock", 1)]
    assert mugs(world) == (2, 0)
    scanner, _ = world.add_device()
    assert world.scan(scanner, token=outcome.rest.token, uses=2)["verdict"] == "redeemed"
    stock(world, moving.receive, 1)
    do_everything(world.installation)
    assert owed(world) == []
    assert mugs(world) == (1, 0)


def test_what_was_left_keeps_its_promise_though_fewer_lie_there(world: World) -> None:
    old = with_one_faulty(world)
    stock(world, moving.count, 1)
    outcome: replacing.Refund = move(world, replacing.refund, old.reference, 1)
    assert outcome.rest is not None
    assert mugs(world) == (1, -1)
    scanner, _ = world.add_device()
    assert world.scan(scanner, token=outcome.rest.token)["verdict"] == "redeemed"


def test_of_one_that_has_ended_only_what_was_faulty_is_given(world: World) -> None:
    old = with_one_faulty(world)
    with clock.standing_at(old.valid_until):
        outcome: replacing.Refund = move(world, replacing.refund, old.reference, 1)
        assert isinstance(outcome.new, Issued)
        assert outcome.rest is None
        assert held(world, outcome.new.reference).voucher.uses == 1
        assert mugs(world) == (2, 1)


def test_both_are_told_to_who_refunds_and_to_the_member(world: World) -> None:
    old = with_one_faulty(world)
    command = ["vouchers", "refund", old.reference, "--reason", "it broke"]
    said = (
        CliRunner()
        .invoke(command_line(world.installation), command, obj=world.installation)
        .output.splitlines()
    )
    assert said[0].startswith(f"{old.reference}  refunded")
    assert said[1] == "A new one is owed: Mugs is out of stock."
    rest = said[2].split()[0]
    with world.installation.reading() as session:
        steps = history.steps_of(session, held(world, old.reference).voucher)
    assert f"Refunded: you get a new one as soon as there is one; {rest} has what was left" in [
        step.words for step in steps
    ]


def test_a_refund_that_is_owed_counts_towards_the_members_limit(world: World) -> None:
    stock(world, moving.receive, 3)
    pin = world.issue("mugs")
    scanner, _ = world.add_device()
    world.scan(scanner, token=pin.token, uses=3)
    move(world, replacing.refund, pin.reference, 3)
    assert owed(world) == [("stock", 3)]
    stock(world, moving.receive, 9, "other")
    world.issue("mugs")
    with pytest.raises(NotIssued, match="A member gets 2 of Mugs"):
        world.issue("mugs")
    do_everything(world.installation)
    assert owed(world) == []
    with pytest.raises(NotIssued, match="A member gets 2 of Mugs"):
        world.issue("mugs")


def test_what_was_refunded_in_two_counts_once(world: World) -> None:
    old = with_one_faulty(world)
    outcome: replacing.Refund = move(world, replacing.refund, old.reference, 1)
    assert outcome.rest is not None
    move(world, replacing.reissue, outcome.rest.reference)
    stock(world, moving.receive, 9, "other")
    do_everything(world.installation)
    assert owed(world) == []
    world.issue("mugs")
    with pytest.raises(NotIssued, match="A member gets 2 of Mugs"):
        world.issue("mugs")


def test_what_is_restored_or_extended_is_promised_wherever_there_is_one(world: World) -> None:
    stock(world, moving.receive, 3)
    restored = world.issue("mugs")
    move(world, withdrawing.void, restored.reference)
    world.issue("mugs", member="2")
    stock(world, moving.receive, 6, "other")
    move(world, withdrawing.restore, restored.reference)
    assert (mugs(world), mugs(world, "other")) == ((3, 0), (6, 3))
    with clock.standing_at(restored.valid_until):
        world.issue("mugs", member="3")
        world.issue("mugs", member="4")
        assert (mugs(world), mugs(world, "other")) == ((3, 0), (6, 3))
        move(world, extending.extend, restored.reference, until=clock.now() + HOUR)
        assert (mugs(world), mugs(world, "other")) == ((3, 0), (6, 0))


def test_nothing_is_promised_again_at_a_station_that_was_withdrawn(world: World) -> None:
    stock(world, moving.receive, 3)
    pin = world.issue("mugs")
    move(world, withdrawing.void, pin.reference)
    with world.installation.unit_of_work() as session:
        session.query(Station).filter_by(key="popup").update({"withdrawn_at": NOON})
    stock(world, moving.receive, 3, "other")
    move(world, withdrawing.restore, pin.reference)
    assert (mugs(world), mugs(world, "other")) == ((3, 3), (3, 0))


def test_what_is_used_up_is_restored_though_fewer_lie_there_than_are_promised(
    world: World,
) -> None:
    stock(world, moving.receive, 6)
    used, _ = world.issue("mugs"), world.issue("mugs", member="2")
    scanner, _ = world.add_device()
    world.scan(scanner, token=used.token, uses=3)
    move(world, withdrawing.void, used.reference)
    stock(world, moving.count, 1)
    move(world, withdrawing.restore, used.reference)
    assert mugs(world) == (1, -2)
    assert held(world, used.reference).state(NOON) == "redeemed"


def redeem(world: World, issued: Issued, place: str = "popup") -> Any:
    attempt = uuid4()
    scanner, _ = world.add_device(place)
    answer = world.scan(scanner, token=issued.token, attempt_id=str(attempt))
    assert answer["verdict"] == "redeemed"
    return scanner, attempt


def undo(world: World, scanner: Any, attempt: Any) -> None:
    with world.installation.unit_of_work() as session:
        asked = UndoRequest(reason="r")
        undo_by_device(session, scanner, attempt, asked, now=clock.now())


def test_what_comes_back_lies_where_it_was_handed_out_and_not_undone(world: World) -> None:
    stock(world, moving.receive, 3)
    issued = world.issue("mugs")
    stock(world, moving.receive, 1, "other")
    redeem(world, issued)
    undo(world, *redeem(world, issued, "other"))
    move(world, replacing.refund, issued.reference, 1, usable=True)
    assert (mugs(world)[0], mugs(world, "other")[0]) == (3, 1)


def test_no_more_comes_back_than_was_handed_out(world: World) -> None:
    stock(world, moving.receive, 3)
    issued = world.issue("mugs")
    undo(world, *redeem(world, issued))
    with world.installation.unit_of_work() as session:
        perk(session, world.community_id, "mugs").item = None
    redeem(world, issued)
    move(world, replacing.refund, issued.reference, 1, usable=True)
    assert mugs(world)[0] == 3


def test_several_come_back_each_from_where_it_was_handed_out(world: World) -> None:
    stock(world, moving.receive, 3)
    issued = world.issue("mugs")
    stock(world, moving.receive, 1, "other")
    redeem(world, issued)
    redeem(world, issued, "other")
    assert (mugs(world)[0], mugs(world, "other")[0]) == (2, 0)
    move(world, replacing.refund, issued.reference, 2, usable=True)
    assert (mugs(world)[0], mugs(world, "other")[0]) == (3, 1)


def test_what_was_promised_goes_on_with_a_reissue_whatever_the_perk_says_now(world: World) -> None:
    stock(world, moving.receive, 3)
    issued = world.issue("mugs")
    with world.installation.unit_of_work() as session:
        perk(session, world.community_id, "mugs").stock_taken = "redemption"
    new = move(world, replacing.reissue, issued.reference)
    redeem(world, new)
    assert mugs(world)[0] == 2
