"""What a member reads when something is done with a voucher of theirs."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.cli import command_line
from app.communities import members
from app.notices.models import Notice
from app.worker import do_everything
from bot.client import KeepsakeBot
from bot.place import place_of
from bot.stage.scene import Person, Place, Scene
from tests.support.discord import There, discord_with, pictures, play
from tests.support.installations import PROGRAMME, World, make_installation
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.scans.follow_ups.undoing import last_redemption, undo

ROBIN = 1009000000000000001
SCENE = Scene("Test server", Person("robin", "Robin", ROBIN), places=(Place("general"),))


def with_bot(world: World, scenario: Callable[[There], Awaitable[None]]) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE, errors_allowed=False) as there:
            await scenario(there)

    play(played())


@pytest.fixture
def robins(world: World) -> Issued:
    return world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")


def void(world: World, reference: str) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        withdrawing.void(session, voucher, reason="x", actor=COMMAND_LINE, now=clock.now())


def restore(world: World, reference: str) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        withdrawing.restore(session, voucher, reason="x", actor=COMMAND_LINE, now=clock.now())


def outcomes(world: World) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    with world.installation.reading() as session:
        for notice in session.scalars(select(Notice).order_by(Notice.id)):
            found.setdefault(notice.kind, []).append(notice.outcome)
    return found


def test_a_withdrawal_and_its_end_are_told(world: World, robins: Issued) -> None:
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        await there.direct_messages(1)
        void(world, robins.reference)
        do_everything(world.installation)
        [told] = await there.direct_messages(1)
        assert "was withdrawn" in told.content
        assert robins.reference in told.content
        assert robins.code not in told.content
        assert not told.attachments
        [answer] = await there.command("vouchers")
        assert "withdrawn" in answer.content
        restore(world, robins.reference)
        do_everything(world.installation)
        [told] = await there.direct_messages(1)
        assert "is good again" in told.content
        assert robins.code in told.content
        assert len(await pictures(told)) == 1

    with_bot(world, scenario)


def test_a_hand_over_that_was_taken_back_is_told(world: World, robins: Issued) -> None:
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        await there.direct_messages(1)
        world.scan(world.add_device()[0], token=robins.token)
        with world.installation.unit_of_work() as session:
            voucher = by_reference(session, world.community_id, robins.reference).voucher
            scan = last_redemption(session, voucher)
            undo(session, scan, reason="x", actor=COMMAND_LINE, now=clock.now())
        do_everything(world.installation)
        [told] = await there.direct_messages(1)
        assert "Staff took the hand-over of **Pin** back." in told.content
        assert len(await pictures(told)) == 1

    with_bot(world, scenario)


def test_a_voucher_that_was_withdrawn_before_it_was_delivered_is_not(
    world: World, robins: Issued
) -> None:
    void(world, robins.reference)
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        [told] = await there.direct_messages(1)
        assert "was withdrawn" in told.content

    with_bot(world, scenario)
    assert outcomes(world) == {"voucher_issued": ["overtaken"], "voucher_voided": ["sent"]}


def extend(world: World, voucher: Issued, hours: int) -> datetime:
    until = voucher.valid_until + timedelta(hours=hours)
    with world.installation.unit_of_work() as session:
        found = by_reference(session, world.community_id, voucher.reference).voucher
        how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": clock.now()}
        extending.extend(session, found, until=until, **how)
    do_everything(world.installation)
    return until


def test_each_extension_is_told_with_a_new_card(world: World, robins: Issued) -> None:
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        await there.direct_messages(1)
        for hours in (1, 2):
            until = extend(world, robins, hours)
            [letter] = await there.direct_messages(1)
            assert "You have more time for **Pin**" in letter.content
            assert f"<t:{int(until.timestamp())}:F>" in letter.content
            assert len(await pictures(letter)) == 1

    with_bot(world, scenario)


def test_of_two_extensions_that_wait_the_last_is_told(world: World, robins: Issued) -> None:
    for hours in (1, 2):
        extend(world, robins, hours)

    async def scenario(there: There) -> None:
        await there.direct_messages(2)
        await there.let_pass(10)

    with_bot(world, scenario)
    assert outcomes(world)["voucher_extended"] == ["overtaken", "sent"]


def test_what_was_redeemed_meanwhile_is_not_announced(world: World, robins: Issued) -> None:
    extend(world, robins, 1)
    world.scan(world.add_device()[0], token=robins.token)

    async def scenario(there: There) -> None:
        await there.let_pass(10)

    with_bot(world, scenario)
    assert outcomes(world) == {"voucher_issued": ["overtaken"], "voucher_extended": ["overtaken"]}


def test_a_replaced_voucher_comes_with_its_new_code_alone(world: World, robins: Issued) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, robins.reference).voucher
        new = replacing.reissue(
            session, voucher, reason="lost", actor=COMMAND_LINE, now=clock.now()
        )
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        [letter] = await there.direct_messages(1)
        assert f"The old one, `{robins.reference}`, no longer works." in letter.content
        assert new.code in letter.content
        assert robins.code not in letter.content

    with_bot(world, scenario)
    assert outcomes(world)["voucher_issued"] == ["overtaken", "sent"]


def revoke_the_key(world: World) -> None:
    command = command_line(world.installation)
    asked = ["keys", "revoke", "1", "--reason", "a stolen laptop"]
    assert CliRunner().invoke(command, asked, obj=world.installation).exit_code == 0
    do_everything(world.installation)


def test_after_a_key_leaked_a_card_comes_that_scans(world: World, robins: Issued) -> None:
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        await there.direct_messages(1)
        revoke_the_key(world)
        [letter] = await there.direct_messages(1)
        assert "Here is a new card for **Pin** at Pop-up." in letter.content
        assert "Earlier pictures of it no longer scan; its code is the same." in letter.content
        assert robins.code in letter.content
        [picture] = await pictures(letter)
        [read] = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("RGBA").convert("L"))
        answer = world.scan(world.add_device()[0], token=read.text)
        assert answer["verdict"] == "redeemed"
        revoke_the_key(world)
        await there.let_pass(10)

    with_bot(world, scenario)
    assert outcomes(world)["voucher_signed_anew"] == ["sent"]


def test_of_an_old_card_no_letter_says_that_it_stays_good(world: World, robins: Issued) -> None:
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        await there.direct_messages(1)
        extend(world, robins, 1)
        [letter] = await there.direct_messages(1)
        assert "The card you have stays good." in letter.content
        revoke_the_key(world)
        await there.direct_messages(1)
        extend(world, robins, 2)
        [letter] = await there.direct_messages(1)
        assert "stays good" not in letter.content
        assert "Earlier pictures of it no longer scan" in letter.content

    with_bot(world, scenario)


def test_a_voucher_that_is_not_yet_valid_says_from_when(engine_url: str, tmp_path: Path) -> None:
    programme = PROGRAMME.replace(
        '[perks.pin]\nname = "Pin"', '[perks.pin]\nname = "Pin"\nwindow_starts = "opening"'
    ).replace('name = "Pop-up"', 'name = "Pop-up"\nhours = ["2099-01-03 10:00-18:00"]')
    opening = datetime(2099, 1, 3, 9, tzinfo=UTC)
    world = World(make_installation(tmp_path, engine_url, programme))
    with clock.standing_at(opening - timedelta(days=2)):
        world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")
        do_everything(world.installation)

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert f"It is good from <t:{int(opening.timestamp())}:F> on." in letter.content

        with_bot(world, scenario)
    world.installation.close()
