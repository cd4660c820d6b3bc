"""The bot: collects activity, answers commands, and delivers what members are to be told."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from typing import Any

import discord
from discord import app_commands

from app.installation import Installation
from bot.buttons import LetterButton
from bot.collectors import Collector
from bot.commands.leaderboard import leaderboard_command
from bot.commands.link import link_command
from bot.commands.progress import achievements_command, progress_command
from bot.commands.vouchers import vouchers_command
from bot.commands.why import why_command
from bot.deliveries import Deliveries
from bot.phrases import SORRY
from bot.place import Place
from bot.reading_back import read_back
from bot.roles import Roles
from bot.scheduled import ScheduledEvents
from bot.seeing import emoji_of
from bot.wallet_door import DoorButton

LOOK_EVERY = 5.0
EVENTS_EVERY = 60
"""Looks until events are looked at again: what was not told is found then."""
ROLES, EVENTS = "who holds which role", "who was at an event"

log = logging.getLogger(__name__)


class KeepsakeBot(discord.Client):
    """One bot for one community's guilds. Counting messages needs no privileged intent."""

    def __init__(
        self, installation: Installation, place: Place, intents: discord.Intents | None = None
    ):
        # All members of a large guild take a while to be told: the bot is there before.
        super().__init__(
            intents=intents or discord.Intents.default(), chunk_guilds_at_startup=False
        )
        self.installation, self.place = installation, place
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(vouchers_command(installation, place))
        self.tree.add_command(progress_command(installation, place))
        self.tree.add_command(link_command(installation, place))
        self.tree.add_command(leaderboard_command(installation, place))
        self.tree.add_command(achievements_command(installation, place))
        self.tree.add_command(why_command(installation, place))
        self.tree.error(_answer_error)
        self.add_dynamic_items(DoorButton)
        self.collector = Collector(installation, place)
        self.roles = Roles(installation, place, sees_members=self.intents.members)
        self.scheduled = ScheduledEvents(installation, place, self)
        self.deliveries = Deliveries(installation, self)
        self._tasks: list[asyncio.Task[None]] = []
        self._missed = True
        self._listens = False

    async def setup_hook(self) -> None:
        """Registers the commands and starts what runs beside the gateway."""
        self.add_buttons()
        await self.tree.sync()
        self._run(self.collector.write_for_ever())
        self._run(self.roles.write_for_ever())
        self._run(self._look_for_ever())
        self._run(self.deliveries.deliver_for_ever())

    def add_buttons(self) -> None:
        """Lets the buttons under letters work, also those that were sent before it started."""
        self.add_dynamic_items(LetterButton)

    async def on_ready(self) -> None:
        """Says what it sees, so that a wrong token or server is noticed."""
        guilds = ", ".join(guild.name for guild in self.guilds) or "no server yet"
        log.info("The bot is %s, in %s.", self.user, guilds)
        self._listens = True
        self._run(self._try(self.roles.look_at(self.guilds), ROLES))
        self._run(self._read_back())
        self._run(self._try(self.scheduled.look_at(self.guilds), EVENTS))

    async def on_message(self, message: discord.Message) -> None:
        """Collects a message that somebody wrote."""
        self.roles.saw(message.author)
        self.collector.saw_message(message)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Collects a reaction."""
        self.roles.saw(payload.member)
        if channel := await self._channel(payload.channel_id):
            message = discord.utils.get(self.cached_messages, id=payload.message_id)
            self.collector.saw_reaction(payload, channel, message)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Takes a reaction back."""
        self.collector.saw_reaction_gone(payload)

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Takes all reactions to a message back."""
        self.collector.saw_reactions_cleared(payload)

    async def on_raw_reaction_clear_emoji(
        self, payload: discord.RawReactionClearEmojiEvent
    ) -> None:
        """Takes an emoji's reactions to a message back."""
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
            self._run(self._try(self.roles.look_at([guild]), ROLES))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Looks at a guild that the bot has come to."""
        self._run(self._try(self.roles.look_at([guild]), ROLES))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Notes that the bot is told nothing of a guild any more."""
        self.roles.changed(guild, is_gone=True)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Collects a thread that somebody started."""
        self.collector.saw_thread(thread)

    async def on_scheduled_event_create(self, event: discord.ScheduledEvent) -> None:
        """Follows a new event."""
        await self._try(self.scheduled.changed(event), EVENTS)

    async def on_scheduled_event_update(
        self, _before: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """Counts an event that is over, and follows what else became of one."""
        await self._try(self.scheduled.changed(after), EVENTS)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Lets go of an event that was called off."""
        await self._try(self.scheduled.deleted(event), EVENTS)

    async def close(self) -> None:
        """Writes what was collected, and leaves."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.collector.write_rest()
        await self.roles.write_rest()
        await super().close()

    async def on_disconnect(self) -> None:
        """From now on something may be missed: who was in voice last may be there no longer."""
        self.collector.is_behind, self._listens = True, False

    async def on_resumed(self) -> None:
        """What there was meanwhile was told again; what was missed before was not."""
        self.collector.is_behind, self._listens = self._missed, True

    async def _read_back(self) -> None:
        """After each start and each gap that the gateway could not bridge."""
        self._missed = True
        try:
            await read_back(self.installation, self.place, self.collector, self.guilds)
        except Exception:
            log.exception("What was missed could not be read back; the next start tries again.")
        else:
            self._missed = self.collector.is_behind = False

    async def _look_for_ever(self) -> None:
        turn = 0
        while True:
            if self.is_ready() and self._listens:
                self.collector.look_at_voice(self.guilds)
                await self._try(self.roles.look_if_asked(self.guilds), ROLES)
                turn = (turn + 1) % EVENTS_EVERY
                if turn == 0:
                    await self._try(self.scheduled.look_at(self.guilds), EVENTS)
            await asyncio.sleep(LOOK_EVERY)

    async def _try(self, work: Awaitable[None], what: str) -> None:
        """What fails is told and tried again by whoever looks next."""
        try:
            await work
        except Exception:
            log.exception("It could not be noted %s; it is looked at again later.", what)

    async def _channel(self, channel_id: int) -> Any:
        """A channel or thread; one that is not known, as archived threads are not, is asked for."""
        found = self.get_channel(channel_id)
        try:
            return found or await self.fetch_channel(channel_id)
        except discord.HTTPException:
            log.warning("A reaction in channel %s did not count: it cannot be read.", channel_id)
            return None

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(work))


async def _answer_error(
    interaction: discord.Interaction, error: app_commands.AppCommandError
) -> None:
    """A command that failed says so to who asked; the log has the rest."""
    log.error("a command failed", exc_info=error)
    if interaction.response.is_done():
        await interaction.followup.send(SORRY, ephemeral=True)
    else:
        await interaction.response.send_message(SORRY, ephemeral=True)
