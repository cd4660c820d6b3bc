"""What was promised to an old voucher is forgotten: moved again, it gets what a new one would."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.stock import pruning
from app.stock.reserving import OutOfStock
from tests.support.installations import NOON, World
from tests.voucher.ledger.test_owed import free, move, receive, world
from voucher.ledger.changes import extending, withdrawing
from voucher.ledger.issuance.issuing import Issued

__all__ = ["world"]
MUCH_LATER = NOON + timedelta(days=60)
HOUR = timedelta(hours=1)


def forgotten(world: World) -> Issued:
    receive(world, 1)
    issued = world.issue()
    with clock.standing_at(MUCH_LATER):
        assert pruning.prune(world.installation) == 1
    return issued


def test_extended_it_is_promised_one_again(world: World) -> None:
    issued = forgotten(world)
    with clock.standing_at(MUCH_LATER):
        assert free(world) == 1
        move(world, extending.extend, issued.reference, until=MUCH_LATER + HOUR)
        assert free(world) == 0


def test_where_none_is_left_it_is_refused(world: World) -> None:
    issued = forgotten(world)
    with clock.standing_at(MUCH_LATER):
        world.issue(member="2")
        with pytest.raises(OutOfStock):
            move(world, extending.extend, issued.reference, until=MUCH_LATER + HOUR)


def test_restored_after_a_month_it_is_promised_one_again(world: World) -> None:
    receive(world, 1)
    issued = world.issue()
    how: dict[str, Any] = {"until": NOON + timedelta(days=90)}
    move(world, extending.extend, issued.reference, **how)
    move(world, withdrawing.void, issued.reference)
    with clock.standing_at(MUCH_LATER):
        assert pruning.prune(world.installation) == 1
        assert free(world) == 1
        move(world, withdrawing.restore, issued.reference)
        assert free(world) == 0
