"""What the bot hears of the gateway, and to whom it is handed."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any

import discord

from bot.collecting.collectors import Collector
from bot.collecting.scheduled import ScheduledEvents
from bot.collecting.seeing import emoji_of
from bot.roles.roles import Roles

ROLES, EVENTS, SIGHT = "who holds which role", "who was at an event", "what is not seen"

log = logging.getLogger(__name__)


class Hearing(discord.Client):
    """A client that hands what happens to those who keep it."""

    collector: Collector
    roles: Roles
    scheduled: ScheduledEvents

    def __init__(self, **options: Any):
        super().__init__(**options)
        self._tasks: list[asyncio.Task[None]] = []
        self._asked: dict[int, asyncio.Task[Any]] = {}

    def run_beside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs something beside the gateway until it is done, or the bot leaves."""
        task = asyncio.create_task(work)
        self._tasks = [*(one for one in self._tasks if not one.done()), task]
        return task

    async def attempt(self, work: Awaitable[None], what: str) -> None:
        """What fails is told and tried again by whoever looks next."""
        try:
            await work
        except Exception:
            log.exception("It could not be noted %s; it is looked at again later.", what)

    async def on_message(self, message: discord.Message) -> None:
        """Collects a message that somebody wrote."""
        self.roles.saw(message.author)
        self.collector.saw_message(message)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Collects a reaction."""
        self.roles.saw(payload.member)
        if channel := await self._channel(payload.channel_id):
            self.collector.saw_reaction(payload, channel)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Takes a reaction back."""
        await self._asked_for(payload.channel_id)
        self.collector.saw_reaction_gone(payload)

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Takes all reactions to a message back."""
        await self._asked_for(payload.channel_id)
        self.collector.saw_reactions_cleared(payload)

    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Takes an emoji's reactions to a message back."""
        await self._asked_for(payload.channel_id)
        self.collector.saw_reactions_cleared(payload, emoji_of(payload))

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Takes a message back."""
        self.collector.saw_messages_gone(payload.guild_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Takes messages back that a moderator deleted."""
        self.collector.saw_messages_gone(payload.guild_id, payload.message_ids)

    async def on_member_join(self, member: discord.Member) -> None:
        """Collects who came, where the bot may see members."""
        self.roles.saw(member)
        self.collector.saw_join(member)

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Notes which roles a member has now, where the bot may see members."""
        self.roles.saw(after)

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Notes who left, where the bot may see members."""
        self.roles.left(payload.guild_id, payload.user.id)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        """Notes a new role."""
        self.roles.changed(role.guild)

    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """Notes what a role has become: money may buy it now."""
        self.roles.changed(after.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Notes that there is a role no longer."""
        self.roles.changed(role.guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Looks at a guild again that Discord could not tell of for a while."""
        if self.is_ready():
            self.run_beside(self.attempt(self.roles.look_at([guild]), ROLES))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Looks at a guild that the bot has come to."""
        self.run_beside(self.attempt(self.roles.look_at([guild]), ROLES))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Notes that the bot is told nothing of a guild any more."""
        self.roles.changed(guild, is_gone=True)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Collects a thread that somebody started."""
        self.collector.saw_thread(thread)

    async def on_scheduled_event_create(self, event: discord.ScheduledEvent) -> None:
        """Follows a new event."""
        await self.attempt(self.scheduled.changed(event), EVENTS)

    async def on_scheduled_event_update(
        self, _before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """Counts an event that is over, and follows what else became of one."""
        await self.attempt(self.scheduled.changed(after), EVENTS)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Lets go of an event that was called off."""
        await self.attempt(self.scheduled.deleted(event), EVENTS)

    async def _channel(self, channel_id: int) -> Any:
        """A channel or thread; one that is not known, as archived threads are not, is asked for."""
        if found := self.get_channel(channel_id):
            return found
        if channel_id not in self._asked:
            self._asked[channel_id] = asyncio.create_task(self._fetched(channel_id))
        return await self._asked_for(channel_id)

    async def _asked_for(self, channel_id: int) -> Any:
        """Waits for a channel that is being asked for. What was given there before is noted first:
        who waits is answered in turn.
        """
        asking = self._asked.get(channel_id)
        return None if asking is None else await asyncio.shield(asking)

    async def _fetched(self, channel_id: int) -> Any:
        try:
            return await self.fetch_channel(channel_id)
        except discord.HTTPException:
            log.warning("A reaction in channel %s did not count: it cannot be read.", channel_id)
            return None
        finally:
            self._asked.pop(channel_id, None)
