"""`/link`: a code from elsewhere is entered in Discord, or one of Discord is shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import clock
from app.achievements.linking import joining
from app.activity.counters import counting
from app.communities import members
from app.communities.linking import codes
from app.communities.linking.codes import Account
from tests.bot.test_voucher_letters import ROBIN, with_bot
from tests.support.discord import There
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message

FORUM = """
[sources.forum]
name = "The *Forum*"
kinds = ["post"]

[achievements.writer]
name = "Writer"
all = [{ metric = "post", at_least = 1 }]
reward = { channel = "voucher", perk = "pin" }
"""
ANN = Account("forum", "ann", "@everyone")


@pytest.fixture
def there(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, PROGRAMME + FORUM)
    yield World(installation)
    installation.close()


def posts(world: World) -> int:
    with world.installation.reading() as session:
        robin = members.find(session, world.community_id, members.DISCORD, str(ROBIN))
        return counting.counts(session, world.community_id, robin.id).get("post", 0)


def test_a_code_from_elsewhere_is_entered_in_discord(there: World) -> None:
    there.take(message("1", "ann", NOON, kind="post"), source="forum")
    with there.installation.unit_of_work() as session:
        code = codes.for_account(session, there.community_id, ANN, now=clock.now()).in_parts

    async def scenario(discord: There) -> None:
        [wrong] = await discord.command("link", code="00000000")
        assert wrong.content.startswith("This code is not known")
        [linked] = await discord.command("link", code=code.lower())
        assert linked.ephemeral
        assert linked.content == (
            "Linked: your account on The \\*Forum\\* (@\u200beveryone) is yours here too, "
            "and what it did before counts."
        )
        assert posts(there) == 1

    with_bot(there, scenario)


def test_discord_shows_a_code_to_enter_elsewhere(there: World) -> None:
    async def scenario(discord: There) -> None:
        [shown] = await discord.command("link")
        assert shown.ephemeral
        assert "Enter it on The \\*Forum\\*" in shown.content
        [code] = re.findall(r"`([0-9A-Z]{4}-[0-9A-Z]{4})`", shown.content)
        linked = joining.enter_elsewhere(
            there.installation, there.community_id, ANN, code, lambda _session, _now: None
        )
        assert not linked.was_linked
        there.take(message("1", "ann", NOON, kind="post"), source="forum")
        assert posts(there) == 1

    with_bot(there, scenario)


def test_where_no_platform_is_named_the_command_says_so(world: World) -> None:
    async def scenario(discord: There) -> None:
        [answer] = await discord.command("link")
        assert answer.content == "No other platform counts for Test yet."

    with_bot(world, scenario)
