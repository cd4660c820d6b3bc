"""What Discord lets the bot see: two intents are privileged, and the developer portal has switches
for them. The bot asks which are on, and does without the others.
"""

import discord


def intents_of_bot() -> discord.Intents:
    """What Discord is asked to tell: no more than is counted, nor who is typing. None of it needs a
    permission.
    """
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        guild_scheduled_events=True,
        voice_states=True,
    )


async def allowed(token: str) -> discord.Intents:
    """The intents that the application of this token may use; raises discord's `LoginFailure`."""
    async with discord.Client(intents=discord.Intents.none()) as asking:
        await asking.login(token)
        assert asking.application is not None
        return intents_for(asking.application.flags)


def every() -> discord.Intents:
    """All that the bot can use: a simulated Discord grants them."""
    intents = intents_of_bot()
    intents.members = intents.message_content = True
    return intents


def intents_for(flags: discord.ApplicationFlags) -> discord.Intents:
    """All that need no permission, and of the privileged ones those that are switched on.

    An application in less than 100 servers has its switches under other names (`…_limited`).
    """
    intents = intents_of_bot()
    intents.members = flags.gateway_guild_members or flags.gateway_guild_members_limited
    intents.message_content = flags.gateway_message_content or flags.gateway_message_content_limited
    return intents


def lacking(intents: discord.Intents) -> list[str]:
    """What is off without the intents that are missing, a sentence for each."""
    said = []
    if not intents.members:
        said.append(
            "Without the Server Members intent nobody tells who joins, and which roles somebody "
            "has is known only once they write or react, or when the bot starts, if they did so "
            "in the last 30 days."
        )
    if not intents.message_content:
        said.append(
            "Without the Message Content intent no text is seen: its length and its repetition "
            "are judged by no limit."
        )
    return said
