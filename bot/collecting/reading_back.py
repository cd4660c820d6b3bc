"""What was written while the bot was away is read back, channel by channel.

Discord tells nothing again to who was not there; but a channel's history can be asked for after the
last message that came in. What cannot be read is a fact in the record: nobody shall wonder.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import discord

from app import clock
from app.activity.sources import channels_read, gaps, watermarks
from app.actor import INTAKE
from app.communities.members import DISCORD
from app.installation import Installation
from bot.collecting.archived import archived_since
from bot.collecting.collectors import Collector
from bot.place import Place

AT_ONCE = 100
"""Messages of one channel until what was read is written: the bot's memory stays small."""
MEMBERS_WITHIN = 600.0
"""Seconds in which Discord tells all members of a guild."""
Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

log = logging.getLogger(__name__)


async def read_back(
    installation: Installation,
    place: Place,
    collector: Collector,
    guilds: Iterable[discord.Guild],
    *,
    sees_members: bool = False,
) -> int:
    """Reads what is after the last message that came in of each channel; returns how many channels
    had something.

    A channel of which nothing ever came in, such as a thread that was started meanwhile, is read
    from when the bot was last there, threads that were archived since as well: what was before the
    bot is for an import. With `sees_members`, who came meanwhile is noted. As long as it lasts no
    leaderboard that it could touch becomes final.
    """
    served = [guild for guild in guilds if place.serves(guild.id)]
    last = await asyncio.to_thread(_last_read, installation, place)
    newest = max(last.values(), default=None)
    channels = [one for guild in served for one in _channels(guild)]
    if newest is not None:
        since = discord.utils.snowflake_time(newest)
        for guild in served:
            found = await archived_since(guild, since)
            channels += found.threads
            for parent in found.unread:
                await asyncio.to_thread(_note_gap, installation, place, parent, since)
        _begin_new_ones(collector, channels, last, newest)
    begin = {str(one.id): one.last_message_id or one.id for one in channels}
    missed = [
        one for one in channels if last.get(str(one.id), begin[str(one.id)]) < begin[str(one.id)]
    ]
    if missed:
        earliest = min(discord.utils.snowflake_time(last[str(one.id)]) for one in missed)
        where = place.community_id, DISCORD, "read_back"
        with watermarks.running(installation, *where, earliest=earliest) as run:
            for channel in missed:
                await _read(installation, place, collector, channel, last[str(channel.id)], run)
    await asyncio.to_thread(_keep_read, installation, place, begin)
    if newest is not None and sees_members:
        for guild in served:
            await _saw_who_came(collector, guild, discord.utils.snowflake_time(newest))
    return len(missed)


def _begin_new_ones(
    collector: Collector, channels: Iterable[Readable], last: dict[str, int], newest: int
) -> None:
    """A channel of which nothing came in is read from where the others are."""
    for channel in channels:
        if str(channel.id) not in last:
            last[str(channel.id)] = newest
            if isinstance(channel, discord.Thread) and channel.id > newest:
                collector.saw_thread(channel)


def _last_read(installation: Installation, place: Place) -> dict[str, int]:
    with installation.reading() as session:
        return channels_read.last_read(session, place.community_id, DISCORD)


def _keep_read(installation: Installation, place: Place, last: Mapping[str, int]) -> None:
    with installation.unit_of_work() as session:
        channels_read.read_to(session, place.community_id, DISCORD, last)


def _go_on(installation: Installation, run: watermarks.Run) -> None:
    with installation.unit_of_work() as session:
        run.goes_on(session, now=clock.now())


async def _read(
    installation: Installation,
    place: Place,
    collector: Collector,
    channel: Readable,
    after: int,
    run: watermarks.Run,
) -> None:
    since = discord.utils.snowflake_time(after)
    try:
        count = 0
        async for message in channel.history(
            limit=None, after=discord.Object(after), oldest_first=True
        ):
            collector.saw_message(message)
            await _read_reactions(collector, message)
            count += 1
            if count % AT_ONCE == 0:
                await collector.write_rest()
                await asyncio.to_thread(_go_on, installation, run)
        await collector.write_rest()
        await asyncio.to_thread(_go_on, installation, run)
        log.info("%d messages of #%s were read back.", count, channel)
    except discord.HTTPException as error:
        log.warning("#%s could not be read back: %s", channel, error)
        await asyncio.to_thread(_note_gap, installation, place, channel, since)


async def _read_reactions(collector: Collector, message: discord.Message) -> None:
    """Who reacted to a message that is read back; of older messages nothing tells that they have
    new ones.
    """
    for reaction in message.reactions:
        try:
            async for giver in reaction.users():
                collector.read_reaction(reaction, giver)
        except discord.HTTPException as error:
            log.warning("Who reacted to message %s was not told: %s", message.id, error)


def _note_gap(
    installation: Installation,
    place: Place,
    channel: Readable | discord.ForumChannel,
    since: datetime,
) -> None:
    now = clock.now()
    with installation.unit_of_work() as session:
        gaps.note(
            session,
            place.community_id,
            DISCORD,
            channel=str(channel.id),
            from_at=since,
            until_at=now,
            reason="no_history",
            actor=INTAKE,
            now=now,
        )


def _channels(guild: discord.Guild) -> Iterator[Readable]:
    """What people write in, and the bot may read."""
    channels: list[discord.TextChannel | discord.VoiceChannel | discord.StageChannel] = []
    channels += [*guild.text_channels, *guild.voice_channels, *guild.stage_channels]
    for channel in channels:
        if channel.permissions_for(guild.me).read_messages:
            yield channel
    yield from guild.threads


async def _saw_who_came(collector: Collector, guild: discord.Guild, since: datetime) -> None:
    """Notes who came to a guild since then; who has left again is told by nobody."""
    try:
        if not guild.chunked:
            await asyncio.wait_for(guild.chunk(), MEMBERS_WITHIN)
    except (TimeoutError, discord.DiscordException) as error:
        log.warning("Who came to %s meanwhile was not told: %s", guild, error)
    for member in guild.members:
        if member.joined_at is not None and member.joined_at > since:
            collector.saw_join(member)
