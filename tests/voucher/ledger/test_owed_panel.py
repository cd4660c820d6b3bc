"""What is owed, as organisers see it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import update

from app import clock
from app.actor import COMMAND_LINE
from app.stock import moving
from app.stock.levels import Sort
from app.worker import do_everything
from tests.support.installations import NOON, PROGRAMME, World, thread, world_of
from tests.support.pages import Visitor
from voucher.ledger.issuance import owed_panel, owed_words
from voucher.ledger.issuance.orders import Reason
from voucher.ledger.models import OwedVoucher

PINS = (
    PROGRAMME.replace('name = "Pin"', 'name = "Pin"\nitem = "pin"')
    + '\n[items.pin]\nname = "Pin"\n'
)


world = world_of(PINS, at=NOON)


def earn(world: World, member: str) -> None:
    world.take(*(thread(f"{member}-{number}", member) for number in range(3)))


def shown(world: World) -> str:
    page = Visitor(world.installation).sign_in().get("/console").text
    (section,) = re.findall(r'<section id="panel-owed".*?</section>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", section)).split())


def test_where_everybody_has_theirs_it_says_so(world: World) -> None:
    assert "Nothing is owed" in shown(world)


def test_it_counts_by_perk_and_reason_and_names_who_has_waited_longest(world: World) -> None:
    earn(world, "1")
    for number in range(2, 13):
        with clock.standing_at(NOON + timedelta(minutes=number)):
            earn(world, str(number))
    with world.installation.unit_of_work() as session:
        limited = update(OwedVoucher).where(OwedVoucher.member_id == 12)
        session.execute(limited.values(reason=Reason.LIMIT))
    text = shown(world)
    assert "Pin none in stock 11 owed Pin the member has as many as one gets 1 owed" in text
    assert "Waiting longest, of 12" in text
    assert text.count(" since ") == 10
    assert text.index("since 13:00:00") < text.index("since 13:02:00")


def test_what_came_is_owed_no_longer(world: World) -> None:
    earn(world, "1")
    with world.installation.unit_of_work() as session:
        sort, how = Sort(world.community_id, "pin", ""), {"reason": "r", "actor": COMMAND_LINE}
        receive: Any = moving.receive
        receive(session, sort, "popup", 1, now=NOON, **how)
    do_everything(world.installation)
    assert "Nothing is owed" in shown(world)


def test_another_communitys_are_not_ours(world: World) -> None:
    earn(world, "1")
    with world.installation.unit_of_work() as session:
        session.execute(update(OwedVoucher).values(community_id=99))
    assert "Nothing is owed" in shown(world)


@pytest.mark.parametrize("words", [owed_panel.WORDS, owed_words.WORDS])
def test_every_reason_has_its_words(words: dict[str, str]) -> None:
    assert set(words) == set(Reason)
