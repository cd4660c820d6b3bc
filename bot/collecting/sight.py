"""What the bot is not shown, by what it lacks: said in the log and to organisers."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

import discord

from app import clock
from app.activity.presence import sight
from app.installation import Installation
from bot.intents import lacking
from bot.place import Place

NAMED = 20
"""So many channels are named, the others counted."""

log = logging.getLogger(__name__)


class Sight:
    """Says what is not seen whenever it has become something else."""

    def __init__(self, installation: Installation, place: Place, intents: discord.Intents):
        self._installation, self._place = installation, place
        self._lacking = lacking(intents)
        self._said: dict[str, list[str]] = {}

    async def look_at(self, guilds: Iterable[discord.Guild]) -> None:
        """Notes what is not seen of these guilds."""
        seen = {
            str(guild.id): [*self._lacking, *unseen(guild)]
            for guild in guilds
            if self._place.serves(guild.id)
        }
        lines = {guild: said for guild, said in seen.items() if self._said.get(guild) != said}
        if not lines:
            return
        await asyncio.to_thread(self._note, lines)
        self._said |= lines
        if every := list(dict.fromkeys(line for said in lines.values() for line in said)):
            log.warning("What the bot does not see: %s", " ".join(every))

    def _note(self, lines: Mapping[str, Sequence[str]]) -> None:
        with self._installation.unit_of_work() as session:
            sight.note(session, self._place.community_id, lines, now=clock.now())


def unseen(guild: discord.Guild) -> list[str]:
    """What permissions keep from the bot in a guild, a sentence for each."""
    channels: list[discord.abc.GuildChannel] = [*guild.text_channels, *guild.forums]
    channels += [*guild.voice_channels, *guild.stage_channels]
    may = {one: one.permissions_for(guild.me) for one in channels}
    hidden = [one.name for one in channels if not may[one].read_messages]
    silent = [
        one.name for one in channels if may[one].read_messages and not may[one].read_message_history
    ]
    said = []
    if hidden:
        said.append(f"In {guild.name} it may not see {_named(hidden)}: nothing counts there.")
    if silent:
        said.append(
            f"In {guild.name} it may not read the history of {_named(silent)}: what is written "
            "there while it is away is lost."
        )
    return said


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(f"#{name}" for name in names[:NAMED]) + more
