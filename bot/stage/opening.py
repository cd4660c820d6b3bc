"""Opens the stage: the unmodified bot in a simulated server, and a page to try it on."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import aiohttp
import discord
import simcord
from aiohttp import web
from simcord.preview import _require_preview_runtime

from bot.stage.errors import StageError
from bot.stage.live import LiveEnv, wind_forward
from bot.stage.pages import application
from bot.stage.relay import Relay
from bot.stage.scene import Scene
from bot.stage.stage import Stage
from bot.stage.windows import open_windows
from bot.stage.world import World, build, say_before

TICK = 0.25
"""Seconds between two moves of the simulated clock."""
_BETWEEN_LINES = 60.0


async def run_stage(
    bot: discord.Client,
    scene: Scene,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    stop: asyncio.Event,
    on_ready: Callable[[Stage], object] | None = None,
) -> None:
    """Runs `bot` unmodified in the scene and serves it at http://host:port/ until `stop` is set.

    With port 0 a free one is taken: `on_ready` is called with the stage, which knows its address,
    once the bot has started. Raises StageError where the stage cannot be opened; what the bot
    itself raises at its start comes through as it is.
    """
    _check_pages()
    with _listen(host, port) as listening:
        async with _inhabited(bot, scene) as (env, world):
            names = {"bot_name": scene.bot_name, "timezone": scene.timezone}
            async with open_windows(env, world, **names) as windows:
                stage = Stage(scene, env, world, _address(listening), windows)
                async with _served(stage, listening):
                    if on_ready is not None:
                        on_ready(stage)
                    await _play(stage, stop)


def _check_pages() -> None:
    """Looks for what simcord's pages need beyond simcord itself."""
    try:
        _require_preview_runtime()
    except simcord.SetupError as problem:
        sentence = "The simulated Discord lacks what its pages need: install keepsake[demo]."
        raise StageError("pages_missing", sentence) from problem


def _listen(host: str, port: int) -> socket.socket:
    """Takes the port first, so that a bot is not started in vain."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            sentence = f"Port {port} on {host} is in use; choose another or stop what uses it."
            raise StageError("port_in_use", sentence) from problem
        sentence = f"Cannot listen at {host}, port {port}: {problem.strerror or problem}."
        raise StageError("cannot_listen", sentence) from problem


def _address(listening: socket.socket) -> str:
    """Where a browser on this machine finds it."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@asynccontextmanager
async def _inhabited(bot: discord.Client, scene: Scene) -> AsyncIterator[tuple[LiveEnv, World]]:
    """The built world with the bot started in it."""
    env = LiveEnv(bot)
    world = build(env, scene)
    wind_forward(env, until=_BETWEEN_LINES * (len(scene.lines) + 1))
    say_before(env, world, scene, apart=_BETWEEN_LINES)
    wind_forward(env)
    await env.start()
    try:
        yield env, world
    finally:
        with suppress(TimeoutError):
            # A thread of the bot's that does not end must not keep the demo from ending.
            await env.shutdown()
        await bot.close()


@asynccontextmanager
async def _served(stage: Stage, listening: socket.socket) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as client:
        relay = Relay(client, stage.windows, stage.take_turn)
        runner = web.AppRunner(application(stage, relay), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        try:
            yield
        finally:
            await runner.cleanup()


async def _play(stage: Stage, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await stage.tick()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TICK)
