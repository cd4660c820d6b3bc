"""What live intake is held against: a bot of discord.py that hears all, and does nothing."""

import os
import sys

import discord

from bot.connecting import find_gateway, use_api
from bot.intents import intents_of_bot


class BareBot(discord.Client):
    """Has the handlers that ours has."""

    async def setup_hook(self) -> None:
        await find_gateway(self)

    async def on_ready(self) -> None:
        sys.stderr.write("The bot is there.\n")

    async def on_message(self, message: discord.Message) -> None:
        """Hears it."""

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Hears it."""

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Hears it."""

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Hears it."""


if __name__ == "__main__":
    use_api(os.environ["KEEPSAKE_DISCORD_API_URL"])
    BareBot(intents=intents_of_bot(), max_messages=None).run(
        os.environ["DISCORD_TOKEN"], log_handler=None
    )
