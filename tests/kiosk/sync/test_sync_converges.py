"""Whatever a device is told, in whatever order and however often: it comes to the same."""

import random
from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.refusals import Refused
from kiosk.sync import vouchers
from tests.kiosk.tills import (
    CARDS,
    Numbered,
    Till,
    extend,
    lay_down,
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
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.names import name_of

STEPS = 80
MOVES = (void, restore, extend, reissue, renew, refund, undo)


world = world_of(CARDS, at=NOON)


@pytest.mark.parametrize("seed", range(3))
def test_answers_in_any_order_and_twice_come_to_what_a_snapshot_says(
    world: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(vouchers, "MOST", 7)
    tills, cards = [till_at(world) for _ in range(3)], [world.issue("card") for _ in range(6)]
    answers = live_through(world, chance, tills, cards)
    last = till_at(world)
    last.sync()
    for till in tills:
        till.sync()
        assert knows(world, till.rows, cards) == knows(world, last.rows, cards)
    told = [answer for till in tills for answer in till.answers] + answers
    told += chance.sample(told, len(told) // 2)
    chance.shuffle(told)
    rows: dict[str, Numbered] = {}
    for answer in told:
        lay_down(rows, answer)
    assert knows(world, rows, cards) == knows(world, last.rows, cards)


def live_through(
    world: World, chance: random.Random, tills: list[Till], cards: list[Issued]
) -> list[dict[str, Any]]:
    """Moves, seals and syncs as they come; the answers to cursors of before, asked again late."""
    late: list[dict[str, Any]] = []
    for step in range(STEPS):
        with clock.standing_at(NOON + timedelta(minutes=step)):
            card, till = chance.choice(cards), chance.choice(tills)
            what = chance.random()
            if what < 0.35:
                try_to_redeem(world, till, card, chance.randint(1, 2))
            elif what < 0.7:
                cards += try_to_move(world, chance.choice(MOVES), card)
            elif what < 0.8:
                seal(world)
            elif what < 0.95 or not till.answers:
                till.sync()
            else:
                late.append(till.ask(chance.choice(till.answers)["cursor"]))
    seal(world)
    return late


def try_to_redeem(world: World, till: Till, card: Issued, uses: int) -> None:
    if world.scan(till.scanner, code=card.code, mode="check", uses=uses)["verdict"] == "valid":
        redeem(world, till.scanner, card, uses)


def try_to_move(world: World, how: Any, card: Issued) -> list[Issued]:
    try:
        new = how(world, card)
    except Refused:
        return []
    return [new] if isinstance(new, Issued) else []


def knows(world: World, rows: dict[str, Numbered], cards: list[Issued]) -> list[Any]:
    """What a device takes each voucher for: one that it has no row of is fresh."""
    known = []
    with world.installation.reading() as session:
        for card in cards:
            row = rows.get(name_of(card.voucher))
            known.append(row[1][1:] if row else stands(card, "open", 3))
            record = row_of(session, card)
            left = record.uses - record.uses_taken
            assert known[-1] == stands(card, record.standing, left, record.valid_until)
    return known
