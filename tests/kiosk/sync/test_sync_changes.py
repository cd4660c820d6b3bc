"""What happens to vouchers reaches the devices, whatever else happens at that moment."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app import clock
from app.actor import COMMAND_LINE
from app.journal import Fact
from kiosk.sync import vouchers
from tests.kiosk.tills import (
    CARDS,
    Till,
    extend,
    extend_station,
    hold,
    redeem,
    refund,
    reissue,
    renew,
    restore,
    row_of,
    seal,
    stands,
    till_at,
    undo,
    void,
)
from tests.support.installations import NOON, World, world_of
from voucher.ledger import facts
from voucher.ledger.changes import withdrawing
from voucher.ledger.issuance import freshness
from voucher.ledger.issuance.issuing import Issued

Move = Callable[[World, Till, Issued], list[Any]]
"""Does something with a voucher and returns the row that devices should have of it then."""


world = world_of(CARDS, at=NOON)


def redeemed(world: World, till: Till, card: Issued) -> list[Any]:
    redeem(world, till.scanner, card, 3)
    return stands(card, "open", 0)


def partly_redeemed(world: World, till: Till, card: Issued) -> list[Any]:
    redeem(world, till.scanner, card, 1)
    return stands(card, "open", 2)


def undone(world: World, till: Till, card: Issued) -> list[Any]:
    redeem(world, till.scanner, card, 2)
    undo(world, card)
    return stands(card, "open", 3)


def extended(world: World, till: Till, card: Issued) -> list[Any]:
    return stands(card, "open", 3, extend(world, card))


def extended_with_its_station(world: World, till: Till, card: Issued) -> list[Any]:
    extend_station(world, "popup", 2)
    return stands(card, "open", 3, card.valid_until + timedelta(hours=2))


def voided(world: World, till: Till, card: Issued) -> list[Any]:
    void(world, card)
    return stands(card, "void", 3)


def restored(world: World, till: Till, card: Issued) -> list[Any]:
    void(world, card)
    seal(world)
    till.sync()
    restore(world, card)
    return stands(card, "open", 3)


def superseded(world: World, till: Till, card: Issued) -> list[Any]:
    reissue(world, card)
    return stands(card, "superseded", 3)


def refunded(world: World, till: Till, card: Issued) -> list[Any]:
    redeem(world, till.scanner, card, 1)
    refund(world, card)
    return stands(card, "refunded", 2)


def renewed(world: World, till: Till, card: Issued) -> list[Any]:
    with clock.standing_at(card.valid_until):
        renew(world, card)
    return stands(card, "superseded", 3)


MOVES = [
    redeemed,
    partly_redeemed,
    undone,
    extended,
    extended_with_its_station,
    voided,
    restored,
    superseded,
    refunded,
    renewed,
]
BACK_AS_ISSUED = (undone, restored)


@pytest.mark.parametrize("happens", MOVES)
def test_what_happens_is_told_once_it_is_sealed(world: World, happens: Move) -> None:
    till, card = till_at(world), world.issue("card")
    seal(world)
    till.sync()
    expected = happens(world, till, card)
    before = dict(till.rows)
    till.sync()
    assert till.rows == before
    seal(world)
    [answer] = till.sync()
    assert not answer["snapshot"]
    assert till.row(card) == expected


@pytest.mark.parametrize("happens", MOVES)
def test_a_snapshot_has_what_is_not_as_it_was_issued(world: World, happens: Move) -> None:
    card = world.issue("card")
    expected = happens(world, till_at(world), card)
    till = till_at(world)
    [answer] = till.sync()
    assert answer["snapshot"]
    assert till.row(card) == (None if happens in BACK_AS_ISSUED else expected)


def test_nothing_is_told_of_fresh_ones_and_of_what_changes_nothing(world: World) -> None:
    till, pin, card = till_at(world), world.issue(), world.issue("card")
    hold(world, till.scanner, card)
    assert world.scan(till.scanner, code=pin.code, uses=2)["verdict"] == "too_few_uses"
    seal(world)
    till.sync()
    world.issue()
    seal(world)
    till.sync()
    assert till.rows == {}


def test_one_that_has_other_uses_than_its_perk_is_told_when_it_is_issued(world: World) -> None:
    till, card = till_at(world), world.issue("card")
    redeem(world, till.scanner, card, 2)
    seal(world)
    till.sync()
    new = reissue(world, card)
    assert till_at(world).ask()["vouchers"]
    seal(world)
    till.sync()
    other = till_at(world)
    other.sync()
    assert till.row(new) == other.row(new) == stands(new, "open", 1)


def test_every_fact_about_a_voucher_is_told_or_known_to_change_nothing() -> None:
    changing_nothing = {
        "voucher.issued",
        "voucher.signed_anew",
        "voucher.signed_anew_quietly",
        "voucher.held",
        "hold.released",
        "conflict.found",
        "scan.refused",
        # Beside the redemption's own fact.
        "scan.overridden",
        "scan.by_reference",
    }
    about_vouchers = {
        fact.kind
        for fact in vars(facts).values()
        if isinstance(fact, type) and issubclass(fact, Fact) and "voucher" in fact.__annotations__
    }
    inherited = {facts.VoucherSignedAnewQuietly.kind}
    assert about_vouchers | inherited == freshness.CHANGES | changing_nothing


def test_a_slow_transaction_that_commits_late_is_not_passed_over(world: World) -> None:
    till, slow, quick = till_at(world), world.issue("card"), world.issue()

    def others() -> None:
        void(world, quick)
        seal(world)

    thread = threading.Thread(target=others)
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        withdrawing.void(session, row_of(session, slow), **how)
        thread.start()
        if not world.installation.database.is_sqlite:  # whose writers wait for each other
            thread.join()
            till.sync()
            assert (till.row(quick), till.row(slow)) == (stands(quick, "void", 1), None)
    thread.join()
    seal(world)
    till.sync()
    assert (till.row(quick), till.row(slow)) == (stands(quick, "void", 1), stands(slow, "void", 3))


@pytest.mark.parametrize("first", [True, False])
def test_what_is_sealed_while_an_answer_is_read_is_told_by_the_next(
    world: World, first: bool
) -> None:
    till, pin, card = till_at(world), world.issue(), world.issue("card")
    if not first:
        seal(world)
        till.sync()
        redeem(world, till.scanner, pin)
        seal(world)

    def meanwhile() -> None:
        void(world, card)
        seal(world)

    [before] = between(world, "FROM voucher", meanwhile, till.sync)
    [after] = till.sync()
    assert after["number"] > before["number"]
    assert till.row(card) == stands(card, "void", 3)


def between(world: World, text: str, do: Callable[[], None], during: Callable[[], Any]) -> Any:
    """Does something right before the first statement with this text."""
    engine = world.installation.database.engine
    done: list[bool] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if text in statement and not done:
            done.append(True)
            do()

    event.listen(engine, "before_cursor_execute", listen)
    try:
        result = during()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert done
    return result


def test_pages_come_to_the_same_as_one_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    till, cards = till_at(world), [world.issue("card") for _ in range(9)]
    early = till_at(world)
    early.sync()
    for card in cards[:7]:  # they all end at the same moment
        redeem(world, till.scanner, card)
    extend(world, cards[7])
    seal(world)
    whole = till_at(world)
    whole.sync()
    monkeypatch.setattr(vouchers, "MOST", 3)
    assert len(till.sync()) == 3
    assert [one["snapshot"] for one in till.answers] == [True, False, False]
    early.sync()
    assert till.rows.keys() == whole.rows.keys()
    for card in cards:
        assert till.row(card) == early.row(card) == whole.row(card)


def test_what_changes_between_two_pages_is_told_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vouchers, "MOST", 3)
    till, cards = till_at(world), [world.issue("card") for _ in range(9)]
    for card in cards[:8]:
        redeem(world, till.scanner, card)
    seal(world)
    first = till.ask()
    undo(world, cards[0])
    extend(world, cards[5])
    void(world, cards[8])
    seal(world)
    till.cursor = first["cursor"]
    till.sync()
    assert till.row(cards[0]) == stands(cards[0], "open", 3)
    assert till.row(cards[8]) == stands(cards[8], "void", 3)
    assert till.row(cards[5]) == stands(
        cards[5], "open", 2, cards[5].valid_until + timedelta(hours=5)
    )
    assert till.ask(till.cursor)["vouchers"] == []
