"""Plugs the bot in: its command, and in the demo where the simulated Discord is."""

import click

from app.installation import Installation
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the command; discord.py is imported only by who runs it."""
    plugins.commands.append(_bot)
    plugins.addresses.insert(0, _address)


@click.command("bot")
@click.pass_context
def _bot(context: click.Context) -> None:
    """The bot alone: on Discord with DISCORD_TOKEN, else in a simulated Discord."""
    from bot.running import bot

    context.invoke(bot)


def _address(installation: Installation) -> list[tuple[str, str]]:
    if not installation.settings.is_demo:
        return []
    from bot.demo import address

    return address(installation)
