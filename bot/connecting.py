"""Where the bot finds Discord, at home or at a proxy's address, and when it may come again."""

import asyncio

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def use_api(address: str) -> None:
    """Lets every request of this process go to an API at this address, its version included."""
    Route.BASE = address.rstrip("/")


async def find_gateway(client: discord.Client) -> None:
    """Asks the API for the gateway, as discord.py does only for several shards.

    Raises `discord.HTTPException` where it does not tell.
    """
    told = await client.http.request(Route("GET", "/gateway"))
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(told["url"])


class Coming:
    """Paces the beginnings of sessions as Discord asks: 5 s from one to the next, and 1 s at least
    after one that was lost.

    discord.py always waits 5 s. Messages of that time are read back, but reactions are lost.
    """

    LEAST, APART = 1.0, 5.0

    def __init__(self) -> None:
        self._last: float | None = None

    async def wait(self, *, initial: bool) -> None:
        """Returns when the next session may begin."""
        running = asyncio.get_running_loop()
        if not initial and self._last is not None:
            await asyncio.sleep(max(self.LEAST, self._last + self.APART - running.time()))
        self._last = running.time()
