"""`keepsake bot`: the bot on Discord, or without a token in a simulated one."""

import asyncio
import logging
import signal
from contextlib import suppress

import click
import discord

from app.achievements.intake import sample
from app.installation import Installation
from app.processes import start_up
from app.refusals import Refused
from bot.client import KeepsakeBot
from bot.connecting import use_api
from bot.intents import allowed, every
from bot.place import Place, place_of

log = logging.getLogger(__name__)


class BotRefused(Refused):
    """The bot cannot run; the text says why."""

    code = "bot_refused"


@click.command()
@click.pass_obj
def bot(installation: Installation) -> None:
    """The bot alone: on Discord with DISCORD_TOKEN, else in a simulated Discord."""
    start_up(installation)
    place, token = place_of(installation), installation.settings.discord_token
    if token is None:
        asyncio.run(_play(installation, KeepsakeBot(installation, place, every())))
        return
    if address := installation.settings.discord_api_address:
        use_api(address)
    try:
        asyncio.run(_serve(installation, place, token.get_secret_value()))
    except discord.LoginFailure as error:
        raise BotRefused("Discord does not accept DISCORD_TOKEN.") from error


async def _serve(installation: Installation, place: Place, token: str) -> None:
    """Runs on Discord until it is told to stop; what was collected by then is written."""
    client = KeepsakeBot(installation, place, await allowed(token))
    async with client:
        serving, running = asyncio.create_task(client.start(token)), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            running.add_signal_handler(number, serving.cancel)
        with suppress(asyncio.CancelledError):
            await serving


async def _play(installation: Installation, client: KeepsakeBot) -> None:
    """Runs the simulated Discord until it is told to stop."""
    try:
        from bot.stage import StageError, run_stage
        from bot.stage.waiting import wait_until_filled
    except ImportError as error:
        raise BotRefused(
            "Without DISCORD_TOKEN the bot needs the simulated Discord: install keepsake[demo]."
        ) from error
    from bot.demo import scene_for

    stop, settings = asyncio.Event(), installation.settings
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(number, stop.set)
    try:
        await wait_until_filled(
            lambda: sample.is_filled(installation),
            host=settings.host,
            port=settings.stage_port,
            stop=stop,
        )
        if not stop.is_set():
            await run_stage(
                client,
                scene_for(installation),
                host=settings.host,
                port=settings.stage_port,
                stop=stop,
            )
    except StageError as error:
        raise BotRefused(str(error)) from error
