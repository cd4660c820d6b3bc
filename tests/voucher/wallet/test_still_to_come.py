"""What a member reads in the wallet about vouchers that they will get."""

from typing import Any

from app.actor import COMMAND_LINE
from app.stock import moving
from app.stock.levels import Sort
from app.worker import do_everything
from tests.support.installations import NOON, World, thread, world_of
from tests.voucher.wallet.conftest import WITH_MORE, wallet_of

PINS = WITH_MORE.replace('name = "Pin"', 'name = "Pin"\nitem = "pin"')
PINS += '\n[items.pin]\nname = "Pin"\n'
WHY = (
    "<strong>Pin</strong>: none is left just now. It is kept in mind for you, and comes by itself "
    "as soon as there is one."
)


world = world_of(PINS)


def earn(world: World, member: str = "1") -> None:
    world.take(*(thread(f"{member}-{number}", member) for number in range(3)))


def wallet(world: World, member: str = "1") -> str:
    return wallet_of(world, member).get("/wallet/").text


def test_who_has_no_voucher_yet_reads_what_comes_and_why_it_waits(world: World) -> None:
    earn(world)
    page = wallet(world)
    assert "Still to come" in page and WHY in page
    assert "Nothing to show just now" not in page


def test_it_stands_beside_what_there_is(world: World) -> None:
    world.issue("drinks")
    earn(world)
    assert WHY in wallet(world) and "Drink card" in wallet(world)


def test_it_goes_as_the_voucher_comes(world: World) -> None:
    earn(world)
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, Sort(world.community_id, "pin", ""), "popup", 1, **how)
    do_everything(world.installation)
    assert "Still to come" not in wallet(world)
    assert "/wallet/V-" in wallet(world)


def test_nobody_reads_what_is_anothers(world: World) -> None:
    earn(world)
    world.issue("drinks", member="2")
    assert "Still to come" not in wallet(world, "2")
