"""A guild's roles as we keep them, with how money buys one."""

import discord

from app.communities.roles.holding import Role


def roles_of(guild: discord.Guild | None) -> list[Role]:
    """All of a guild's; none of one that is gone."""
    return [Role(str(one.id), one.name, tag_of(one)) for one in guild.roles] if guild else []


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
