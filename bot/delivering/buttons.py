"""Buttons under letters. Each carries what it is about, so that it works after a restart, too."""

import asyncio
import logging
import re
from io import BytesIO
from typing import Any, Self, cast

import discord

from bot.commands.wallet_door import DoorButton
from bot.delivering import presses
from bot.letters.afterwards import GET_NEW, NOT_ME, Button
from bot.letters.phrases import SORRY
from bot.place import Serving

LABELS = {NOT_ME: "This was not me", GET_NEW: "Get a new one"}
STYLES = {NOT_ME: discord.ButtonStyle.danger, GET_NEW: discord.ButtonStyle.success}
ANSWERS = {NOT_ME: presses.not_me, GET_NEW: presses.get_new}
TEMPLATE = rf"keepsake:(?P<what>{NOT_ME}|{GET_NEW}):(?P<about>[0-9A-Za-z-]{{1,40}})"

log = logging.getLogger(__name__)


class LetterButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """A button under a letter: known by its id alone, whoever sent it and when."""

    def __init__(self, what: str, about: str):
        self._what, self._about = what, about
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=LABELS[what], style=STYLES[what], custom_id=f"keepsake:{what}:{about}"
        )
        super().__init__(button)

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """The button that was pressed."""
        return cls(match["what"], match["about"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Does what it says, and answers who pressed it."""
        await interaction.response.defer(ephemeral=interaction.guild_id is not None, thinking=True)
        try:
            await self._answer(interaction)
        except Exception:
            log.exception("the answer to a button failed")
            await interaction.followup.send(SORRY)

    async def _answer(self, interaction: discord.Interaction[Any]) -> None:
        client = cast(Serving, interaction.client)
        pressed = await asyncio.to_thread(
            ANSWERS[self._what],
            client.installation,
            client.place,
            interaction.user.id,
            self._about,
        )
        files = [discord.File(BytesIO(card), name) for name, card in pressed.cards]
        view = view_of(pressed.voucher, None) if pressed.voucher else discord.utils.MISSING
        await interaction.followup.send(pressed.text, files=files, view=view)
        await asyncio.to_thread(presses.answered, client.installation, pressed)


def view_of(voucher: str, button: Button | None) -> discord.ui.View:
    """What goes under a message about a voucher: its own button, and the way to the wallet.

    Discord keeps it, this process need not.
    """
    view: discord.ui.View = discord.ui.View(timeout=None)
    if button is not None:
        view.add_item(LetterButton(*button))
    return view.add_item(DoorButton(voucher))
