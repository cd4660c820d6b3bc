"""What a member reads about an order that is fetched at a station."""

from typing import Any

from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members
from app.jobs.loop import do_due
from app.notices.models import Notice
from bot.letters.overtaken import is_overtaken
from bot.letters.vouchers import write_letter
from fulfilment.orders import moving
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.orders.moving import By
from tests.support.installations import PROGRAMME, World, world_of
from voucher.ledger.finding import by_reference
from voucher.ledger.followers import RECEIPT

POSTERS = PROGRAMME + (
    '\n[perks.poster]\nname = "Poster"\nkind = "pickup"\npartner = "press"\n'
    'contents = [{ item = "Poster", variant = "A2" }, { item = "Tube" }]\n'
    '\n[partners.press]\nname = "Press"\nwebhook_url = "https://press.example/hooks"\n'
)


world = world_of(POSTERS)


def do(world: World, move: Any, *given: Any, **more: Any) -> None:
    with world.installation.unit_of_work() as session:
        made = session.scalars(select(FulfilmentOrder.id)).one()
        order = moving.find(session, world.community_id, made)
        move(session, order, *given, by=By(COMMAND_LINE), now=clock.now(), **more)
    work(world)


def work(world: World) -> None:
    while do_due(world.installation, "worker"):
        pass


def letters(world: World) -> list[tuple[str, bool]]:
    """What is said about the order, and whether that is out of date."""
    with world.installation.reading() as session:
        told = []
        for notice in session.scalars(select(Notice).order_by(Notice.id)):
            if notice.kind.startswith("order_"):
                held = by_reference(session, notice.community_id, notice.subject)
                settings = world.installation.settings
                letter = write_letter(session, settings, held, notice.kind, notice.occasion)
                assert letter.cards == []
                told.append((letter.text, is_overtaken(session, notice)))
        return told


def receipt(world: World) -> str:
    with world.installation.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == RECEIPT)).one()
        held = by_reference(session, notice.community_id, notice.subject)
        settings = world.installation.settings
        return write_letter(session, settings, held, notice.kind, notice.occasion).text


def test_a_member_reads_what_waits_and_what_became_of_it(world: World) -> None:
    scanner, _ = world.add_device()
    issued = world.issue("poster", member="1009", source=members.DISCORD, name="Robin")
    assert world.scan(scanner, code=issued.code)["verdict"] == "redeemed"
    work(world)
    do(world, moving.arrive, {1: "B2"})
    assert "**Poster** was ordered at Pop-up" in receipt(world)
    [(ready, is_late)] = letters(world)
    assert "**Poster** is ready for you at Pop-up: 1 × Poster (A2), 1 × Tube." in ready
    assert not is_late and "B2" not in ready
    do(world, moving.collect, {1: 1})
    do(world, moving.not_found, None)
    do(world, moving.take_back, None, reason="torn")
    [_, collected, missing, returned] = letters(world)
    assert "You fetched **Poster** at Pop-up: 1 × Poster (A2). The rest still" in collected[0]
    assert "did not find this of **Poster**: 1 × Tube" in missing[0]
    assert "You brought this of **Poster** back at Pop-up: 1 × Poster (A2)." in returned[0]
    assert [late for _, late in letters(world)] == [True, False, False, False]
    assert all("torn" not in text for text, _ in letters(world))
