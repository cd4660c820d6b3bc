"""Scheduled events: who was there, asked as soon as one is over.

Discord tells of subscribers only while it knows bot and user, so they are read when it is time. An
event that is over, or that came again, while the bot was away is found by what was noted before.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import discord

from app import clock
from app.achievements.intake.taking_in import take_in
from app.activity.formats import discord_events
from app.activity.formats.discord_events import Where, Who
from app.activity.presence import scheduled
from app.activity.presence.scheduled import Held
from app.activity.sources import gaps
from app.actor import INTAKE
from app.communities.members import DISCORD
from app.installation import Installation
from app.programme.applying import current
from bot.place import Place

AT_ONCE = 100
"""Discord tells of so many subscribers at a time."""
GONE = (discord.NotFound, discord.Forbidden)
ON, SOON = discord.EventStatus.active, discord.EventStatus.scheduled

log = logging.getLogger(__name__)


class ScheduledEvents:
    """Follows events from when they are announced until it is known who was there."""

    def __init__(self, installation: Installation, place: Place, client: discord.Client):
        self._installation, self._place, self._client = installation, place, client
        self._one_at_a_time = asyncio.Lock()

    async def changed(self, event: discord.ScheduledEvent) -> None:
        """An event was announced, began, ended, or was called off."""
        if self._place.serves(event.guild_id):
            async with self._one_at_a_time:
                known = await asyncio.to_thread(self._known, [event.guild_id])
                await self._bring_up(known.get(str(event.id)), event)

    async def deleted(self, event: discord.ScheduledEvent) -> None:
        """An event was called off, and counts for nobody."""
        if self._place.serves(event.guild_id):
            async with self._one_at_a_time:
                await asyncio.to_thread(self._forget, str(event.id))

    async def look_at(self, guilds: Iterable[discord.Guild]) -> None:
        """Brings all up to what Discord tells now, also of what was over before it was seen."""
        served = {guild.id: guild for guild in guilds if self._place.serves(guild.id)}
        async with self._one_at_a_time:
            known = await asyncio.to_thread(self._known, served)
            there = {
                str(one.id): one for guild in served.values() for one in guild.scheduled_events
            }
            for key in sorted(known.keys() | there.keys()):
                try:
                    if event := there.get(key):
                        await self._bring_up(known.get(key), event)
                    else:
                        await self._ask_for(known[key], served[int(known[key].guild)])
                except discord.HTTPException as error:
                    log.warning("Event %s is asked for again later: %s", key, error)

    async def _bring_up(self, known: Held | None, event: discord.ScheduledEvent) -> None:
        """What is known of an event, up to what Discord tells of it."""
        now = clock.now()
        if known is not None and known.begun_at and _is_over(known, event):
            await self._finish(known, now)
        elif known is not None and event.status == SOON and known.begins_at < event.start_time:
            if known.begins_at <= now and await self._comes_again(event):
                await self._finish(known, now)
        elif known is not None and event.status == discord.EventStatus.completed:
            await self._finish(known, now)
        if event.status in (ON, SOON):
            await asyncio.to_thread(self._note, _held(event, now))
        elif known is not None:
            await asyncio.to_thread(self._forget, known.event)

    async def _ask_for(self, known: Held, guild: discord.Guild) -> None:
        """An event that the gateway does not tell of: Discord may have it still."""
        try:
            event = await guild.fetch_scheduled_event(int(known.event), with_counts=False)
        except GONE:
            # Over or called off before it began: nobody can tell.
            if known.begun_at is not None and known.channel is not None:
                await self._finish(known, clock.now())
            elif known.begins_at <= clock.now():
                await asyncio.to_thread(self._miss, known)
            else:
                await asyncio.to_thread(self._forget, known.event)
        else:
            await self._bring_up(known, event)

    async def _comes_again(self, event: discord.ScheduledEvent) -> bool:
        """Whether it is another time of the same event, and not the same one put off."""
        told: Any = await self._client.http.get_scheduled_event(event.guild_id, event.id, False)
        return told.get("recurrence_rule") is not None

    async def _finish(self, held: Held, until: datetime) -> None:
        """Counts an event for those who were there."""
        if held.channel is not None:
            await asyncio.to_thread(self._take_in, held, until, None)
            return
        try:
            subscribed = await self._subscribed(held)
        except GONE:
            await asyncio.to_thread(self._miss, held)
        else:
            await asyncio.to_thread(self._take_in, held, until, subscribed)

    async def _subscribed(self, held: Held) -> dict[int, Who]:
        """Who said that they come. Discord tells them by their ids, ascending."""
        found: dict[int, Who] = {}
        while True:
            told: Any = await self._client.http.get_scheduled_event_users(
                int(held.guild),
                int(held.event),
                limit=AT_ONCE,
                with_member=True,
                after=max(found, default=0),
            )
            new = {int(one["user"]["id"]): _who(one) for one in told}
            if not new.keys() - found.keys():
                return found
            found |= new

    def _take_in(self, held: Held, until: datetime, subscribed: dict[int, Who] | None) -> None:
        community_id, now = self._place.community_id, clock.now()
        with self._installation.unit_of_work() as session:
            rules = current(session, community_id)["community"]
            if subscribed is not None:
                there = list(subscribed.values()) if rules.external_events else []
            else:
                how = {"until": until, "minutes": rules.event_minutes}
                names = scheduled.were_there(session, community_id, DISCORD, held, **how)
                there = [Who(name) for name in names]
            at, where = min(held.since, now), Where(held.channel or "")
            events = [
                discord_events.attended(held.event, one, held.begins_at, at, where) for one in there
            ]
            take_in(session, community_id, DISCORD, events, now=now)
            scheduled.forget(session, community_id, held.event)
        log.info("Event %s counts for %d who attended.", held.event, len(events))

    def _miss(self, held: Held) -> None:
        community_id, now = self._place.community_id, clock.now()
        with self._installation.unit_of_work() as session:
            rules = current(session, community_id)["community"]
            if held.channel is not None or rules.external_events:
                gaps.note(
                    session,
                    community_id,
                    DISCORD,
                    channel=held.channel,
                    from_at=min(held.since, now),
                    until_at=now,
                    reason="event",
                    actor=INTAKE,
                    now=now,
                )
            scheduled.forget(session, community_id, held.event)

    def _known(self, guilds: Iterable[int]) -> dict[str, Held]:
        with self._installation.reading() as session:
            named = [str(one) for one in guilds]
            every = scheduled.every(session, self._place.community_id, named)
        return {one.event: one for one in every}

    def _note(self, held: Held) -> None:
        with self._installation.unit_of_work() as session:
            scheduled.note(session, self._place.community_id, held)

    def _forget(self, event: str) -> None:
        with self._installation.unit_of_work() as session:
            scheduled.forget(session, self._place.community_id, event)


def _held(event: discord.ScheduledEvent, now: datetime) -> Held:
    channel = None if event.channel_id is None else str(event.channel_id)
    begun = now if event.status == ON else None
    return Held(str(event.id), str(event.guild_id), channel, event.start_time, begun)


def _is_over(known: Held, event: discord.ScheduledEvent) -> bool:
    """Whether what was on is on no longer: one that comes again is announced anew, not ended."""
    if event.status == discord.EventStatus.cancelled:
        return False
    return event.status != ON or event.start_time > known.begins_at


def _who(told: Any) -> Who:
    """A subscriber, as Discord tells them over REST."""
    user, member = told["user"], told.get("member") or {}
    name = member.get("nick") or user.get("global_name") or user["username"]
    return Who(user["id"], name, user.get("bot", False), tuple(member.get("roles", ())))
