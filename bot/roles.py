"""Which roles a guild has, and which of them money buys: achievements refuse to ask for those."""

from collections.abc import Iterable

import discord

from app import clock
from app.communities.roles import holding
from app.communities.roles.holding import Role
from app.installation import Installation
from bot.place import Place


def note_roles(installation: Installation, place: Place, guilds: Iterable[discord.Guild]) -> None:
    """Writes down the roles of the community's guilds, as Discord tells of them now."""
    with installation.unit_of_work() as session:
        for guild in guilds:
            if place.serves(guild.id):
                roles = [Role(str(one.id), one.name, tag_of(one)) for one in guild.roles]
                holding.note_guild(
                    session, place.community_id, str(guild.id), roles, now=clock.now()
                )


def tag_of(role: discord.Role) -> str | None:
    """By what money buys a role; None where it does not."""
    tags = role.tags
    if tags is None:
        return None
    if tags.is_premium_subscriber():
        return "booster"
    if tags.is_available_for_purchase():
        return "purchasable"
    return "subscription" if tags.subscription_listing_id else None
