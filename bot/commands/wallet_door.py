"""The way from Discord to a member's wallet: a button that answers with a fresh link.

The button can lie in a direct message for months and holds no secret: whoever presses it is who
Discord says they are, and gets a link that works once and for minutes, seen by nobody else.
"""

import asyncio
import re
from typing import Any

import discord

from app import clock
from app.communities.members import DISCORD, UnknownMember, find
from app.installation import Installation
from bot.place import Place
from voucher.wallet.entering.links import new_address

LABEL, OPEN = "Open my vouchers", "Open them in my browser"
NOT_FOR_OTHERS = "This link opens your vouchers in one browser, once, within 15 minutes."
NOTHING = "You have no vouchers here yet. `/progress` shows what you are close to."


class DoorButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"keepsake:wallet:(?P<voucher>V-[0-9A-Z]{1,16}|)",
):
    """The button under a direct message; it leads to the voucher that the message is about."""

    def __init__(self, voucher: str = ""):
        style = discord.ButtonStyle.primary
        name = f"keepsake:wallet:{voucher}"
        super().__init__(discord.ui.Button(label=LABEL, style=style, custom_id=name))
        self._voucher = voucher

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str]
    ) -> "DoorButton":
        """The button as it stands under a message from before a restart."""
        return cls(match["voucher"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answers who pressed it, and nobody else, with their link."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        bot = interaction.client
        address = await asyncio.to_thread(
            fresh_address, bot.installation, bot.place, interaction.user.id, self._voucher
        )
        if address is None:
            await interaction.followup.send(NOTHING, ephemeral=True)
            return
        await interaction.followup.send(NOT_FOR_OTHERS, view=link_to(address), ephemeral=True)


def link_to(address: str) -> discord.ui.View:
    """A button that opens an address."""
    return discord.ui.View(timeout=None).add_item(discord.ui.Button(label=OPEN, url=address))


def fresh_address(
    installation: Installation, place: Place, user_id: int, voucher: str = ""
) -> str | None:
    """A one-time link to the wallet of the member with this Discord account, or None."""
    with installation.unit_of_work() as session:
        try:
            member = find(session, place.community_id, DISCORD, str(user_id))
        except UnknownMember:
            return None
        settings, now = installation.settings, clock.now()
        return new_address(session, settings, member.id, now=now, voucher=voucher)
