"""With which avatar somebody was seen, as Discord's own path of it."""

import discord


def seen_avatar(person: discord.User | discord.Member | None) -> dict[str, str | None]:
    """Their id, and the path of the avatar that they have in this server or else everywhere.

    None stands for one of Discord's defaults. Empty for bots, and where Discord does not
    tell who it is.
    """
    if person is None or person.bot:
        return {}
    return {str(person.id): path_of(person)}


def path_of(person: discord.User | discord.Member) -> str | None:
    """As `app.communities.avatars.noting` takes it."""
    if isinstance(person, discord.Member) and person.guild_avatar is not None:
        return f"guilds/{person.guild.id}/users/{person.id}/avatars/{person.guild_avatar.key}"
    return f"avatars/{person.id}/{person.avatar.key}" if person.avatar is not None else None
