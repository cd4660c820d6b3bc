"""What a member reads once a voucher has ended, and what “Get a new one” does."""

from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from app import clock
from app.worker import do_everything
from bot.delivering import presses
from bot.place import place_of
from tests.bot.test_later_letters import (
    END,
    HOUR,
    NOON,
    ROBIN,
    do,
    entries,
    issue,
    labels,
    look,
    only,
    outcomes,
    redeem,
    stamp,
    take_back,
    with_bot,
    world,
)
from tests.support.discord import There, pictures
from tests.support.installations import World
from voucher.ledger.changes import extending
from voucher.ledger.finding import by_reference

__all__ = ["world"]


@pytest.mark.parametrize(
    ("perk", "said"),
    [("pin", "Write to an organiser and name `{}`"), ("gone", "nothing is handed over for it")],
)
def test_what_ended_says_what_its_perk_offers(world: World, perk: str, said: str) -> None:
    voucher = issue(world, perk)
    look(world, NOON, END)
    only(world, "voucher_expired")
    with clock.standing_at(END):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert f"ended {stamp(END, 'R')}" in letter.content
            assert said.format(voucher.reference) in letter.content
            assert labels(letter) == ["Open my vouchers"]

        with_bot(world, scenario)


def test_the_end_of_what_was_extended_meanwhile_is_not_told(world: World) -> None:
    voucher = issue(world)
    look(world, NOON, END)
    only(world, "voucher_expired")
    with clock.standing_at(END + HOUR):
        do(world, voucher, extending.extend, until=END + 9 * HOUR)

        async def scenario(there: There) -> None:
            await there.let_pass(5)

        with_bot(world, scenario)
    assert outcomes(world, "voucher_expired") == ["overtaken"]


def test_get_a_new_one_answers_with_the_card_and_works_once(world: World) -> None:
    voucher = issue(world, "second")
    look(world, NOON, END)
    only(world, "voucher_expired")
    with clock.standing_at(END):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert "You can still have it" in letter.content
            [answer] = await there.press(letter, "Get a new one")
            assert f"in place of `{voucher.reference}`, which ended" in answer.content
            assert stamp(END + 72 * HOUR, "R") in answer.content
            assert labels(answer) == ["Open my vouchers"]
            [card] = await pictures(answer)
            (world.installation.settings.data_dir / "card.png").write_bytes(card)
            [again] = await there.press(letter, "Get a new one")
            assert f"{voucher.reference} was replaced: it cannot be renewed." in again.content
            do_everything(world.installation)
            with clock.standing_at(END + HOUR):
                # The card is not sent a second time by whoever delivers letters.
                await there.let_pass(5)
            written = there._written_to(there.you.user)
            assert [message.id for message in written] == [letter.id, answer.id, again.id]

        with_bot(world, scenario)
    [found] = zxingcpp.read_barcodes(
        Image.open(world.installation.settings.data_dir / "card.png").convert("RGBA")
    )
    [entry] = entries(world, "voucher.renewed")
    with world.installation.reading() as session:
        new = by_reference(session, world.community_id, entry.data["by"]).voucher
    assert found.text.endswith(new.token)


def test_a_new_one_comes_as_a_letter_where_the_answer_did_not(world: World) -> None:
    voucher = issue(world, "second")
    look(world, NOON, END)
    only(world, "")
    with clock.standing_at(END):
        place = place_of(world.installation)
        assert presses.get_new(world.installation, place, ROBIN, voucher.reference).cards
        do_everything(world.installation)
    with clock.standing_at(END + 2 * presses.IF_UNANSWERED):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert "which ended" in letter.content
            await there.let_pass(5)

        with_bot(world, scenario)
    assert outcomes(world, "voucher_issued")[-1] == "sent"


def test_a_renewed_one_that_ended_again_offers_no_button(world: World) -> None:
    voucher = issue(world, "second")
    look(world, NOON, END)
    with clock.standing_at(END):
        presses.get_new(world.installation, place_of(world.installation), ROBIN, voucher.reference)
    second = END + 72 * HOUR
    look(world, END, second)
    only(world, "voucher_expired")
    with clock.standing_at(second):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert "It was a second chance already" in letter.content
            assert labels(letter) == ["Open my vouchers"]

        with_bot(world, scenario)
    assert outcomes(world, "voucher_expired") == ["too_late", "sent"]


def test_a_new_one_with_a_live_code_comes_with_the_way_to_it(world: World) -> None:
    issue(world, "live")
    look(world, NOON, END)
    only(world, "voucher_expired")
    with clock.standing_at(END):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            [answer] = await there.press(letter, "Get a new one")
            assert "It has a live code" in answer.content
            [link] = await there.press(answer, "Open my vouchers")
            [renewed] = entries(world, "voucher.renewed")
            assert f"voucher={renewed.data['by']}" in str(link.components)

        with_bot(world, scenario)


@pytest.mark.parametrize(
    ("perk", "said", "buttons"),
    [
        ("pin", "they can give you more time", ["Open my vouchers"]),
        ("second", "You can still have it", ["Get a new one", "Open my vouchers"]),
    ],
)
def test_a_hand_over_that_is_taken_back_after_the_end_is_told_with_what_is_offered(
    world: World, perk: str, said: str, buttons: list[str]
) -> None:
    voucher = issue(world, perk)
    with clock.standing_at(END - HOUR):
        redeem(world, voucher)
    late = END + 3 * HOUR
    with clock.standing_at(late):
        do(world, voucher, take_back)
    look(world, late)
    only(world, "redemption_undone")
    with clock.standing_at(late + timedelta(days=6)):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert letter.content.startswith("Staff took the hand-over of **")
            assert f"ended {stamp(END, 'R')}" in letter.content
            assert said in letter.content
            assert "Come by" not in letter.content
            assert labels(letter) == buttons

        with_bot(world, scenario)
