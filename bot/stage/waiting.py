"""What the stage's address shows while the demo's community is still being filled."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

LOOK_EVERY = 0.3

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="1">
<title>One moment</title>
<body style="font: 1.1rem/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 30rem;
  padding: 0 1rem; background: #1e1f22; color: #f2f3f5">
<h1>One moment</h1>
<p>The demo's community is being filled with a quarter of real activity.
The simulated Discord opens here by itself.</p>
"""


async def wait_until_filled(
    is_filled: Callable[[], bool], *, host: str, port: int, stop: asyncio.Event
) -> None:
    """Answers on the stage's port until `is_filled()` (called in a thread) or `stop`."""
    if await asyncio.to_thread(is_filled):
        return
    application = web.Application()
    application.router.add_get("/{path:.*}", _answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    try:
        while not stop.is_set() and not await asyncio.to_thread(is_filled):
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_EVERY)
    finally:
        await runner.cleanup()


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")
