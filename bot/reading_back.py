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
from app.activity import reading, sources
from app.activity.boards import gaps
from app.actor import INTAKE
from app.communities.members import DISCORD
from app.installation import Installation
from bot.collectors import Collector
from bot.place import Place

AT_ONCE = 100
"""Messages of one channel until what was read is written: the bot's memory stays small."""
Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

log = logging.getLogger(__name__)


async def read_back(
    installation: Installation, place: Place, collector: Collector, guilds: Iterable[discord.Guild]
) -> int:
    """Reads what is after the last message that came in of each channel; returns how many channels
    had something.

    A channel of which nothing ever came in, such as a thread that was started meanwhile, is read
    from when the bot was last there: what was before the bot is for an import. As long as it lasts
    no leaderboard that it could touch becomes final.
    """
    last = await asyncio.to_thread(_last_read, installation, place)
    newest = max(last.values(), default=None)
    channels = [one for guild in guilds if place.serves(guild.id) for one in _channels(guild)]
    begin = {str(one.id): one.last_message_id or one.id for one in channels}
    for channel in channels:
        if newest is not None and str(channel.id) not in last:
            last[str(channel.id)] = newest
            if isinstance(channel, discord.Thread) and channel.id > newest:
                collector.saw_thread(channel)
    missed = [
        one for one in channels if last.get(str(one.id), begin[str(one.id)]) < begin[str(one.id)]
    ]
    if missed:
        earliest = min(discord.utils.snowflake_time(last[str(one.id)]) for one in missed)
        where = place.community_id, DISCORD, "read_back"
        with sources.running(installation, *where, earliest=earliest) as run:
            for channel in missed:
                await _read(installation, place, collector, channel, last[str(channel.id)], run)
    await asyncio.to_thread(_keep_read, installation, place, begin)
    return len(missed)


def _last_read(installation: Installation, place: Place) -> dict[str, int]:
    with installation.reading() as session:
        return reading.last_read(session, place.community_id, DISCORD)


def _keep_read(installation: Installation, place: Place, last: Mapping[str, int]) -> None:
    with installation.unit_of_work() as session:
        reading.read_to(session, place.community_id, DISCORD, last)


def _go_on(installation: Installation, run: sources.Run) -> None:
    with installation.unit_of_work() as session:
        run.goes_on(session, now=clock.now())


async def _read(
    installation: Installation,
    place: Place,
    collector: Collector,
    channel: Readable,
    after: int,
    run: sources.Run,
) -> None:
    since = discord.utils.snowflake_time(after)
    try:
        count = 0
        async for message in channel.history(
            limit=None, after=discord.Object(after), oldest_first=True
        ):
            collector.saw_message(message)
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


def _note_gap(installation: Installation, place: Place, channel: Readable, since: datetime) -> None:
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
    """What people write in, and the bot may read: threads that are archived hold nothing new."""
    channels: list[discord.TextChannel | discord.VoiceChannel | discord.StageChannel] = []
    channels += [*guild.text_channels, *guild.voice_channels, *guild.stage_channels]
    for channel in channels:
        if channel.permissions_for(guild.me).read_messages:
            yield channel
    yield from guild.threads
