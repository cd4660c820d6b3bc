"""What the bot cannot see is said once, and stops nothing."""

import discord
import pytest

from bot.intents import intents_for, lacking


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
