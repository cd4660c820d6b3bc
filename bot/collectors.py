"""Collecting: Discord's events become activity events, written in batches at most 1 s old."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import discord
from sqlalchemy.orm import Session

from app import clock
from app.achievements.taking_in import take_in
from app.activity import fingerprints
from app.activity.events import ActivityEvent
from app.communities.avatars import noting
from app.communities.members import DISCORD
from app.installation import Installation
from app.programme.applying import current
from bot.avatars import seen_avatar
from bot.place import Place
from bot.seeing import event_of_thread, events_of_message
from voucher.ledger.finding import holders

WRITE_EVERY = 0.3
AFTER_AN_ERROR = 2.0
MOST_AT_ONCE = 500
WRITTEN_BY_PEOPLE = (discord.MessageType.default, discord.MessageType.reply)

log = logging.getLogger(__name__)


class Seen(NamedTuple):
    """An event, and with which avatar its member was seen."""

    event: ActivityEvent
    avatar: Mapping[str, str | None]


class Collector:
    """Keeps what was seen until it is in the database; what could not be written is kept on."""

    def __init__(self, installation: Installation, place: Place):
        self._installation, self._place = installation, place
        self._seen: list[Seen] = []
        with installation.unit_of_work() as session:
            self._key = fingerprints.key_of(session, place.community_id)

    def saw_message(self, message: discord.Message) -> None:
        """Notes a message in one of the community's guilds; direct messages do not count."""
        if message.guild is None or not self._place.serves(message.guild.id):
            return
        if message.type in WRITTEN_BY_PEOPLE:
            avatar = seen_avatar(message.author)
            events = events_of_message(message, self._key)
            self._seen += [Seen(event, avatar) for event in events]

    def saw_thread(self, thread: discord.Thread) -> None:
        """Notes a new thread in one of the community's guilds."""
        if self._place.serves(thread.guild.id) and thread.owner_id is not None:
            self._seen.append(Seen(event_of_thread(thread), seen_avatar(thread.owner)))

    async def write_for_ever(self) -> None:
        """Writes what was seen, a few times a second, until it is cancelled."""
        while True:
            await asyncio.sleep(WRITE_EVERY)
            try:
                await self.write_rest()
            except Exception:
                log.exception("%d events wait, since they could not be written", len(self._seen))
                await asyncio.sleep(AFTER_AN_ERROR)

    async def write_rest(self) -> None:
        """Writes all that was seen so far."""
        while batch := self._seen[:MOST_AT_ONCE]:
            await asyncio.to_thread(self._write, batch)
            del self._seen[: len(batch)]

    def _write(self, batch: list[Seen]) -> None:
        events = [seen.event for seen in batch]
        with self._installation.unit_of_work() as session:
            community_id = self._place.community_id
            programme: Any = current(session, community_id)
            take_in(session, community_id, programme, DISCORD, events, now=clock.now())
            if self._installation.settings.notes_avatars and programme["community"].avatars:
                self._note(
                    session, {who: path for seen in batch for who, path in seen.avatar.items()}
                )

    def _note(self, session: Session, avatars: Mapping[str, str | None]) -> None:
        community_id, now = self._place.community_id, clock.now()

        def holding(members: Collection[int]) -> set[int]:
            return holders(session, community_id, members, now)

        noting.note(session, community_id, DISCORD, avatars, holders=holding, now=now)
