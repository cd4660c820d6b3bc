"""`/why`: what did not count of a member's own recent events, and what is missing for what."""

import asyncio
from collections.abc import Callable
from typing import cast

import discord
from discord import app_commands

from app import clock
from app.achievements.criteria.wording import Words
from app.achievements.published.progress import Progress, TierShown, progress_of
from app.activity.intake import explaining
from app.activity.intake.explaining import Explained
from app.activity.metrics.definitions import metrics_of
from app.communities.members import DISCORD, UnknownMember, find
from app.installation import Installation
from app.plugins import Plugins
from app.programme.applying import current
from bot.commands.progress import Command, messages
from bot.letters.phrases import moment
from bot.place import Place

SHOWN = 10
GONE = "a channel that is gone"
"""Also one that the bot may not see: Discord shows its number."""
UNKNOWN = "Nothing of yours was seen here yet. Write something, and look again."


def why_command(installation: Installation, place: Place) -> Command:
    """The command, for one community."""

    @app_commands.command(
        name="why", description="See what did not count, and what you still need."
    )
    async def why(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        who, client = interaction.user.id, interaction.client

        def is_there(channel: int) -> bool:
            return client.get_channel(channel) is not None

        for text in await asyncio.to_thread(_show, installation, place, who, is_there):
            await interaction.followup.send(text, ephemeral=True)

    return why


def _show(
    installation: Installation, place: Place, user_id: int, is_there: Callable[[int], bool]
) -> list[str]:
    with installation.reading() as session:
        try:
            member_id = find(session, place.community_id, DISCORD, str(user_id)).id
        except UnknownMember:
            return [UNKNOWN]
        programme = current(session, place.community_id)
        words = Words(programme)
        metrics = metrics_of(programme, cast(Plugins, session.info["plugins"]))
        sums = explaining.refused(session, place.community_id, member_id, metrics)
        events = explaining.recent(session, place.community_id, member_id, metrics, most=SHOWN)
        every = progress_of(session, place.community_id, member_id, now=clock.now())
    told = [
        f"{one.total:,} did not count as {words.metric(one.metric)}: {one.words}." for one in sums
    ] or ["Everything of yours counted."]
    last = [_event(one, words, is_there) for one in events]
    missing = [line for one in every for line in _missing(one)]
    blocks = ["\n".join(["**What did not count**", *told])]
    if last:
        blocks.append("\n".join(["**Your last events**", *last]))
    if missing:
        blocks.append("\n".join(["**What is missing**", *missing]))
    return messages(blocks)


def _event(one: Explained, words: Words, is_there: Callable[[int], bool]) -> str:
    place = ""
    if one.channel and one.channel.isdecimal():
        place = f" in <#{one.channel}>" if is_there(int(one.channel)) else f" in {GONE}"
    head = f"{moment(one.at, 'R')} {words.metric(one.kind, 1)}{place}"
    refused = [
        f"not as {words.metric(verdict.metric)}: {verdict.reason}"
        for verdict in one.verdicts
        if verdict.reason is not None
    ]
    return f"✗ {head}: {'; '.join(refused)}" if refused else f"✓ {head}: counted"


def _is_had(tier: TierShown) -> bool:
    return tier.times > 0


def _missing(one: Progress) -> list[str]:
    if one.closed:
        return [] if all(tier.times for tier in one.tiers) else [f"{one.name}: {one.closed}"]
    # What they do not have at all comes before what they may have again.
    left = (tier for tier in one.tiers if not tier.times or tier.again)
    following = min(left, key=_is_had, default=None)
    if following is None or not following.missing:
        return []
    title = f"{one.name}: {following.name}" if following.name else one.name
    title += " once more" if following.times else ""
    return [f"{title}: {(' and ' if following.needs_all else ' or ').join(following.missing)}"]
