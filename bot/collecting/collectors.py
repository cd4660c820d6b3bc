"""Collecting: Discord's events become activity events, written in batches at most 1 s old."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

import discord
from sqlalchemy.orm import Session

from app import clock
from app.achievements.grants.by_role import with_roles
from app.achievements.intake.taking_in import take_back, take_in
from app.activity.event_log import stored
from app.activity.formats import discord_events, fingerprints
from app.activity.formats.discord_events import Who
from app.activity.presence.looking import looked
from app.activity.sources import channels_read
from app.communities.avatars import noting
from app.communities.members import DISCORD
from app.installation import Installation
from app.programme.applying import current
from bot.collecting.avatars import seen_avatar
from bot.collecting.seeing import (
    author_of,
    emoji_of,
    event_of_thread,
    events_of_message,
    events_of_reaction,
    events_of_read_reaction,
    present,
    where_of,
    who,
)
from bot.collecting.told import NO_AVATAR, Cleared, Gone, Looked, Seen, Told
from bot.place import Place
from voucher.ledger.finding import holders

WRITE_EVERY = 0.3
"""Seconds from one writing to the next: more often costs more, as each has work of its own."""
AFTER_AN_ERROR = 2.0
MOST_AT_ONCE = 500
REMEMBERED = 5_000
"""Messages whose authors are known when somebody reacts to them."""
WRITTEN_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)

log = logging.getLogger(__name__)


class Collector:
    """Keeps what was seen until it is in the database; what could not be written is kept on."""

    def __init__(self, installation: Installation, place: Place):
        self._installation, self._place = installation, place
        self._seen: list[Told] = []
        self._authors: dict[int, Who] = {}
        self._minute = 0
        self._writing = asyncio.Lock()
        self.is_behind = True
        """Until what was missed was read back: how far channels have come is not kept meanwhile, or
        what lies between would be forgotten if the bot ended now."""
        with installation.unit_of_work() as session:
            self._key = fingerprints.key_of(session, place.community_id)

    def saw_message(self, message: discord.Message) -> None:
        """Notes a message in one of the community's guilds; direct messages do not count."""
        if message.guild is None or not self._place.serves(message.guild.id):
            return
        author = self._authors[message.id] = who(message.author)
        if len(self._authors) > REMEMBERED:
            del self._authors[next(iter(self._authors))]
        if message.type in WRITTEN_BY_PEOPLE:
            avatar, read = seen_avatar(message.author), (str(message.channel.id), message.id)
            events = events_of_message(message, author, self._key)
            self._seen += [Seen(event, avatar, read) for event in events]

    def saw_thread(self, thread: discord.Thread) -> None:
        """Notes a new thread in one of the community's guilds."""
        if self._place.serves(thread.guild.id) and thread.owner_id is not None:
            self._seen.append(Seen(event_of_thread(thread), seen_avatar(thread.owner)))

    def saw_reaction(self, payload: discord.RawReactionActionEvent, channel: Any) -> None:
        """Notes a reaction that was given in one of the community's guilds."""
        if payload.guild_id is not None and self._place.serves(payload.guild_id):
            known = self._authors.get(payload.message_id)
            author = known or author_of(payload, channel.guild)
            events = events_of_reaction(payload, channel, author, clock.now())
            self._seen += [Seen(event, NO_AVATAR) for event in events]

    def read_reaction(
        self, reaction: discord.Reaction, giver: discord.User | discord.Member
    ) -> None:
        """Notes a reaction that a history of one of the community's guilds tells."""
        events = events_of_read_reaction(reaction, giver)
        self._seen += [Seen(event, NO_AVATAR) for event in events]

    def saw_reaction_gone(self, payload: discord.RawReactionActionEvent) -> None:
        """Notes that a reaction was removed: whose message it was on need not be known for it."""
        if payload.guild_id is not None and self._place.serves(payload.guild_id):
            message_id, giver = str(payload.message_id), str(payload.user_id)
            known_by = discord_events.reaction_id(message_id, emoji_of(payload), giver)
            self._seen.append(Gone((known_by, f"{known_by}{discord_events.GOT}")))

    def saw_reactions_cleared(
        self,
        payload: discord.RawReactionClearEvent | discord.RawReactionClearEmojiEvent,
        emoji: str | None = None,
    ) -> None:
        """Notes that a moderator removed all reactions to a message, or all of an emoji."""
        if payload.guild_id is not None and self._place.serves(payload.guild_id):
            self._seen.append(Cleared(str(payload.message_id), emoji))

    def saw_messages_gone(self, guild_id: int | None, message_ids: Iterable[int]) -> None:
        """Notes messages that were deleted, as far as they are young enough to be taken back."""
        if guild_id is None or not self._place.serves(guild_id):
            return
        since = clock.now() - timedelta(minutes=self._place.deleted_within_minutes)
        young = [one for one in message_ids if discord.utils.snowflake_time(one) > since]
        if young:
            self._seen.append(Gone(tuple(str(one) for one in young)))

    def saw_join(self, member: discord.Member) -> None:
        """Notes that somebody came."""
        if self._place.serves(member.guild.id):
            at = member.joined_at or clock.now()
            event = discord_events.joined(str(member.guild.id), who(member), at)
            self._seen.append(Seen(event, seen_avatar(member)))

    def look_at_voice(self, guilds: Iterable[discord.Guild]) -> None:
        """Notes who is in a voice channel with others, once in each minute of the clock.

        Whom it saw it need not have seen come: after a start Discord tells who is there.
        """
        now = clock.now()
        minute = now.replace(second=0, microsecond=0)
        if int(minute.timestamp()) == self._minute:
            return
        self._minute = int(minute.timestamp())
        for guild in guilds:
            if guild.unavailable or not self._place.serves(guild.id):
                continue
            occupied = []
            for channel in (*guild.voice_channels, *guild.stage_channels):
                if channel == guild.afk_channel:
                    continue
                there = present(channel)
                occupied += [str(channel.id)] if there else []
                for member in there:
                    event = discord_events.voice_minute(
                        str(guild.id), who(member), minute, where_of(channel)
                    )
                    self._seen.append(Seen(event, seen_avatar(member)))
            if guild.voice_channels or guild.stage_channels:
                self._seen.append(Looked(str(guild.id), minute, tuple(occupied)))

    async def write_for_ever(self) -> None:
        """Writes what was seen, a few times a second, until it is cancelled."""
        running = asyncio.get_running_loop()
        while True:
            began = running.time()
            try:
                await self.write_rest()
            except Exception:
                log.exception("%d events wait, since they could not be written", len(self._seen))
                await asyncio.sleep(AFTER_AN_ERROR)
            await asyncio.sleep(max(0.0, began + WRITE_EVERY - running.time()))

    async def write_rest(self) -> None:
        """Writes all that was seen so far; what comes meanwhile waits for the next time."""
        async with self._writing:
            left = len(self._seen)
            while batch := self._seen[: min(left, MOST_AT_ONCE)]:
                await asyncio.to_thread(self._write, batch)
                del self._seen[: len(batch)]
                left -= len(batch)

    def _write(self, batch: list[Told]) -> None:
        seen_ones = [one for one in batch if isinstance(one, Seen)]
        events = [seen.event for seen in seen_ones]
        # After all events: what was removed was there before.
        gone = [one_id for one in batch if isinstance(one, Gone) for one_id in one.ids]
        with self._installation.unit_of_work() as session:
            community_id = self._place.community_id
            told = with_roles(session, community_id, DISCORD, events)
            take_in(session, community_id, DISCORD, told, now=clock.now())
            for one in batch:
                if isinstance(one, Cleared):
                    gone += stored.reactions_to(
                        session, community_id, DISCORD, one.message, one.emoji
                    )
                elif isinstance(one, Looked):
                    looked(session, community_id, DISCORD, *one, now=clock.now())
            if gone:
                take_back(session, community_id, DISCORD, gone, now=clock.now())
            if not self.is_behind:
                reads = sorted(seen.read for seen in seen_ones if seen.read)
                channels_read.read_to(session, community_id, DISCORD, dict(reads))
            programme: Any = current(session, community_id)
            if self._installation.settings.notes_avatars and programme["community"].avatars:
                self._note(
                    session, {id_: path for seen in seen_ones for id_, path in seen.avatar.items()}
                )

    def _note(self, session: Session, avatars: Mapping[str, str | None]) -> None:
        community_id, now = self._place.community_id, clock.now()

        def holding(members: Collection[int]) -> set[int]:
            return holders(session, community_id, members, now)

        noting.note(session, community_id, DISCORD, avatars, holders=holding, now=now)
