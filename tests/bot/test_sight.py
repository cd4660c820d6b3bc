"""What the bot cannot see is said once, and stops nothing."""

import discord
import pytest

from app.activity.presence import sight
from app.console.panels import standing
from bot.client import KeepsakeBot
from bot.intents import intents_for, lacking
from tests.bot.test_bot import with_bot
from tests.support.discord import There
from tests.support.installations import World


def test_what_is_not_seen_is_said_by_name_and_shown_to_organisers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(there: There) -> None:
        bot = there.env.bot
        assert isinstance(bot, KeepsakeBot)
        [guild] = bot.guilds
        sees = discord.PermissionOverwrite(view_channel=True, read_message_history=False)
        for name, how in (
            ("staff", discord.PermissionOverwrite(view_channel=False)),
            ("fleeting", sees),
        ):
            channel = await guild.create_text_channel(name, overwrites={guild.me: how})
            assert channel.name == name
        await bot.sight.look_at(bot.guilds)

    with_bot(world, scenario)
    told = [
        *lacking(discord.Intents.default()),
        "In Test server it may not see #staff: nothing counts there.",
        "In Test server it may not read the history of #fleeting: what is written there while it "
        "is away is lost.",
    ]
    with world.installation.reading() as session:
        assert sight.lines(session, world.community_id) == told
        panels = world.installation.plugins.panels
        assert "sight" in [one.name for one in standing(session, panels, world.community_id)]
    assert f"What the bot does not see: {' '.join(told)}" in caplog.text


@pytest.mark.parametrize(
    ("switches", "members", "content"),
    [
        ({}, False, False),
        ({"gateway_guild_members_limited": True}, True, False),
        ({"gateway_message_content": True}, False, True),
        ({"gateway_guild_members": True, "gateway_message_content_limited": True}, True, True),
    ],
)
def test_the_bot_asks_for_what_the_portal_allows(
    switches: dict[str, bool], members: bool, content: bool
) -> None:
    intents = intents_for(discord.ApplicationFlags(**switches))
    assert (intents.members, intents.message_content) == (members, content)
    assert len(lacking(intents)) == [members, content].count(False)
    assert not intents.presences
