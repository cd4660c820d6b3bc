"""The bot: collects activity, answers commands, and delivers what members are to be told."""

import asyncio
import logging
from collections.abc import Coroutine
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
from bot.connecting import Coming, find_gateway
from bot.deliveries import Deliveries
from bot.phrases import SORRY
from bot.place import Place
from bot.reading_back import read_back
from bot.roles import note_roles
from bot.wallet_door import DoorButton

LOOK_EVERY = 5.0

log = logging.getLogger(__name__)


def intents_of_bot() -> discord.Intents:
    """What Discord is asked to tell: no more than is counted, nor who is typing."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        guild_scheduled_events=True,
        voice_states=True,
    )


class KeepsakeBot(discord.Client):
    """One bot for one community's guilds. Counting messages needs no privileged intent."""

    def __init__(self, installation: Installation, place: Place):
        # The collector remembers of messages what it needs: to search for each that somebody
        # reacts to or deletes among a thousand took an eighth of the time.
        super().__init__(intents=intents_of_bot(), max_messages=None)
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
        self.deliveries = Deliveries(installation, self)
        self._tasks: list[asyncio.Task[None]] = []
        self._missed, self._is_cut, self._session = True, False, 0
        self._coming = Coming()

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        """Waits until a session may begin."""
        await self._coming.wait(initial=initial)

    async def setup_hook(self) -> None:
        """Registers the commands and starts what runs beside the gateway."""
        self.add_buttons()
        if self.installation.settings.discord_api_address:
            await find_gateway(self)
        await self.tree.sync()
        self._run(self.collector.write_for_ever())
        self._run(self._look_for_ever())
        self._run(self.deliveries.deliver_for_ever())

    def add_buttons(self) -> None:
        """Lets the buttons under letters work, also those that were sent before it started."""
        self.add_dynamic_items(LetterButton)

    async def on_ready(self) -> None:
        """Says what it sees, so that a wrong token or server is noticed."""
        guilds = ", ".join(guild.name for guild in self.guilds) or "no server yet"
        log.info("The bot is %s, in %s.", self.user, guilds)
        await asyncio.to_thread(note_roles, self.installation, self.place, list(self.guilds))
        self._run(self._read_back())

    async def on_message(self, message: discord.Message) -> None:
        """Collects a message that somebody wrote."""
        self.collector.saw_message(message)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Collects a reaction."""
        if channel := await self._channel(payload.channel_id):
            self.collector.saw_reaction(payload, channel)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Takes a reaction back."""
        self.collector.saw_reaction_gone(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Takes a message back."""
        self.collector.saw_messages_gone(payload.guild_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Takes messages back that a moderator deleted."""
        self.collector.saw_messages_gone(payload.guild_id, payload.message_ids)

    async def on_member_join(self, member: discord.Member) -> None:
        """Collects who came, where the bot may see members."""
        self.collector.saw_join(member)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Collects a thread that somebody started."""
        self.collector.saw_thread(thread)

    async def close(self) -> None:
        """Writes what was collected, and leaves."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # As long as the gateway is open there is more to write.
        await super().close()
        await self.collector.write_rest()

    async def on_connect(self) -> None:
        """A new session is told nothing of what was before it."""
        self.collector.is_behind = self._missed = True
        self._is_cut = False
        self._session += 1

    async def on_disconnect(self) -> None:
        """From now on something may be missed."""
        self.collector.is_behind = self._is_cut = True

    async def on_resumed(self) -> None:
        """What there was meanwhile was told again; what was missed before was not."""
        self.collector.is_behind = self._missed
        self._is_cut = False

    async def _read_back(self) -> None:
        """After each start and each gap that the gateway could not bridge.

        It may take long: then another gap may be there at its end, which it knows nothing of.
        """
        session = self._session
        try:
            await read_back(self.installation, self.place, self.collector, self.guilds)
        except Exception:
            log.exception("What was missed could not be read back; the next start tries again.")
            return
        if session == self._session:
            self._missed = False
            self.collector.is_behind = self._is_cut

    async def _look_for_ever(self) -> None:
        while True:
            if self.is_ready():
                self.collector.look_at_voice(self.guilds)
            await asyncio.sleep(LOOK_EVERY)

    async def _channel(self, channel_id: int) -> Any:
        """A channel or thread; one that is not known, as archived threads are not, is asked for."""
        found = self.get_channel(channel_id)
        try:
            return found or await self.fetch_channel(channel_id)
        except discord.HTTPException:
            log.warning("A reaction in channel %s did not count: it cannot be read.", channel_id)
            return None

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
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
