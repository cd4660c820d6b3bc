"""Where the bot finds Discord: at home unless a setting names another address, such as a proxy's."""

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
