"""From Discord to the wallet: by a link that only who pressed sees, and that soon is none."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.access.models import MemberLink
from app.communities import members
from app.worker import do_everything
from tests.bot.test_voucher_letters import ROBIN, with_bot
from tests.support.discord import There
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.pages import Visitor

ADDRESS = re.compile(r"https://keepsake\.example(/wallet/enter/[^\"' ]+)")


def address_in(message: Any) -> str:
    [row] = message.components
    [button] = row["components"]
    found = ADDRESS.fullmatch(button["url"])
    assert found is not None
    return found[1]


def links(world: World) -> int:
    with world.installation.reading() as session:
        return len(session.scalars(select(MemberLink)).all())


def test_the_button_of_a_message_answers_with_a_fresh_link_each_time(world: World) -> None:
    robins = world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        [letter] = await there.direct_messages(1)
        assert "/wallet/" not in letter.content
        assert links(world) == 0
        addresses = []
        for _ in range(2):
            [answer] = await there.press(letter, "Open my vouchers")
            assert answer.ephemeral
            addresses.append(address_in(answer))
        assert addresses[0] != addresses[1]
        browser = Visitor(world.installation)
        assert browser.post(addresses[1]).location == f"/wallet/{robins.reference}"
        assert robins.code in browser.get("/wallet/").text

    with_bot(world, scenario)


def test_the_command_answers_with_a_link_that_nobody_else_sees(world: World) -> None:
    robins = world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")

    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers")
        assert answer.ephemeral
        browser = Visitor(world.installation)
        assert browser.post(address_in(answer)).location == "/wallet/"
        assert robins.code in browser.get("/wallet/").text

    with_bot(world, scenario)


def test_who_has_nothing_gets_no_link(world: World) -> None:
    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers")
        assert answer.components == []
        assert links(world) == 0

    with_bot(world, scenario)


def test_a_voucher_with_live_codes_comes_without_a_card_that_looks_like_enough(
    engine_url: str, tmp_path: Path
) -> None:
    programme = PROGRAMME.replace("[perks.pin]\n", "[perks.pin]\nlive = true\n")
    world = World(make_installation(tmp_path, engine_url, programme))
    robins = world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        [letter] = await there.direct_messages(1)
        [answer] = await there.command("vouchers")
        for told in (letter, answer):
            assert "live code" in told.content
            assert robins.code not in told.content
            assert not told.attachments

    with_bot(world, scenario)
    world.installation.close()
