"""The bot: collects activity, answers commands, and delivers what members are to be told."""

import asyncio
import logging

import discord
from discord import app_commands

from app.installation import Installation
from bot.collecting.collectors import Collector
from bot.collecting.reading_back import read_back
from bot.collecting.scheduled import ScheduledEvents
from bot.collecting.sight import Sight
from bot.commands.leaderboard import leaderboard_command
from bot.commands.link import link_command
from bot.commands.progress import achievements_command, progress_command
from bot.commands.vouchers import vouchers_command
from bot.commands.wallet_door import DoorButton
from bot.commands.why import why_command
from bot.connecting import Coming, find_gateway
from bot.delivering.buttons import LetterButton
from bot.delivering.deliveries import Deliveries
from bot.hearing import EVENTS, ROLES, SIGHT, Hearing
from bot.intents import intents_of_bot
from bot.letters.phrases import SORRY
from bot.place import Place
from bot.roles.roles import Roles

LOOK_EVERY = 5.0
MORE_EVERY = 60
"""Looks until all is looked at again that was not told."""

log = logging.getLogger(__name__)


class KeepsakeBot(Hearing):
    """One bot for one community's guilds. Counting messages needs no privileged intent."""

    def __init__(
        self, installation: Installation, place: Place, intents: discord.Intents | None = None
    ):
        # All members of a large guild take a while to be told: the bot is there before. And the
        # collector remembers of messages what it needs: to search for each that somebody reacts
        # to or deletes among a thousand took an eighth of the time.
        super().__init__(
            intents=intents or intents_of_bot(), max_messages=None, chunk_guilds_at_startup=False
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
        self.sight = Sight(installation, place, self.intents)
        self.deliveries = Deliveries(installation, self)
        self._missed, self._is_cut, self._session = True, False, 0
        self._listens = False
        self._coming = Coming()
        self._catching_up: list[asyncio.Task[None]] = []

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        """Waits until a session may begin."""
        await self._coming.wait(initial=initial)

    async def setup_hook(self) -> None:
        """Registers the commands and starts what runs beside the gateway."""
        self.add_buttons()
        if self.installation.settings.discord_api_address:
            await find_gateway(self)
        await self.tree.sync()
        self.run_beside(self.collector.write_for_ever())
        self.run_beside(self.roles.write_for_ever())
        self.run_beside(self._look_for_ever())
        self.run_beside(self.deliveries.deliver_for_ever())

    def add_buttons(self) -> None:
        """Lets the buttons under letters work, also those that were sent before it started."""
        self.add_dynamic_items(LetterButton)

    async def on_ready(self) -> None:
        """Says what it sees, so that a wrong token or server is noticed."""
        guilds = ", ".join(guild.name for guild in self.guilds) or "no server yet"
        log.info("The bot is %s, in %s.", self.user, guilds)
        self._listens = not self._is_cut
        # What was begun after the gap before would wait for answers that come no more.
        for task in self._catching_up:
            task.cancel()
        self._catching_up = [
            self.run_beside(self.attempt(self.roles.look_at(self.guilds), ROLES)),
            self.run_beside(self._read_back()),
        ]
        self.run_beside(self.attempt(self.scheduled.look_at(self.guilds), EVENTS))
        self.run_beside(self.attempt(self.sight.look_at(self.guilds), SIGHT))

    async def close(self) -> None:
        """Writes what was collected, and leaves."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # As long as the gateway is open there is more to write.
        await super().close()
        await self.collector.write_rest()
        await self.roles.write_rest()

    async def on_connect(self) -> None:
        """A new session is told nothing of what was before it."""
        self.collector.is_behind = self._missed = True
        # Who is in voice is known once its guilds are told.
        self._is_cut = self._listens = False
        self._session += 1

    async def on_disconnect(self) -> None:
        """From now on something may be missed: who was in voice last may be there no longer."""
        self.collector.is_behind = self._is_cut = True
        self._listens = False

    async def on_resumed(self) -> None:
        """What there was meanwhile was told again; what was missed before was not."""
        self.collector.is_behind = self._missed
        self._is_cut, self._listens = False, True

    async def _read_back(self) -> None:
        """After each start and each gap that the gateway could not bridge.

        It may take long: then another gap may be there at its end, which it knows nothing of.
        """
        session = self._session
        try:
            await read_back(
                self.installation,
                self.place,
                self.collector,
                self.guilds,
                sees_members=self.intents.members,
            )
        except Exception:
            log.exception("What was missed could not be read back; the next start tries again.")
            return
        if session == self._session:
            self._missed = False
            self.collector.is_behind = self._is_cut

    async def _look_for_ever(self) -> None:
        turn = 0
        while True:
            if self.is_ready() and self._listens:
                self.collector.look_at_voice(self.guilds)
                turn = (turn + 1) % MORE_EVERY
                # Beside it: Discord may take its time, and a minute of voice must not be missed.
                self._look_at_more(is_turn=turn == 0)
            await asyncio.sleep(LOOK_EVERY)

    def _look_at_more(self, *, is_turn: bool) -> None:
        due = self.roles.look_if_due(self.guilds, again=is_turn)
        self.run_beside(self.attempt(due, ROLES))
        if is_turn:
            self.run_beside(self.attempt(self.scheduled.look_at(self.guilds), EVENTS))
            self.run_beside(self.attempt(self.sight.look_at(self.guilds), SIGHT))


async def _answer_error(
    interaction: discord.Interaction, error: app_commands.AppCommandError
) -> None:
    """A command that failed says so to who asked; the log has the rest."""
    log.error("a command failed", exc_info=error)
    if interaction.response.is_done():
        await interaction.followup.send(SORRY, ephemeral=True)
    else:
        await interaction.response.send_message(SORRY, ephemeral=True)
