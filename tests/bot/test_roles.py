"""The bot tells which roles money buys."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from sqlalchemy import select

from app.communities.roles.models import GuildRole
from bot.roles import tag_of
from tests.bot.test_bot import with_bot
from tests.support.discord import There
from tests.support.installations import World


def test_the_roles_of_the_guild_are_known_once_the_bot_is_there(world: World) -> None:
    async def scenario(there: There) -> None:
        await there.let_pass(1)

    with_bot(world, scenario)
    with world.installation.reading() as session:
        names = session.scalars(select(GuildRole.name)).all()
    assert "@everyone" in names


@pytest.mark.parametrize(
    ("data", "tag"),
    [
        (None, None),
        ({"bot_id": "1"}, None),
        ({"premium_subscriber": None}, "booster"),
        ({"subscription_listing_id": "1"}, "subscription"),
        ({"subscription_listing_id": "1", "available_for_purchase": None}, "purchasable"),
    ],
)
def test_discords_tags_say_what_money_buys(data: Any, tag: str | None) -> None:
    tags = None if data is None else discord.RoleTags(data)
    assert tag_of(cast(discord.Role, SimpleNamespace(tags=tags))) == tag
