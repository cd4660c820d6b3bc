"""`/vouchers`: a member's own vouchers, shown to nobody else."""

import asyncio
from dataclasses import dataclass
from io import BytesIO

import discord
from discord import app_commands

from app import clock
from app.communities.members import DISCORD, UnknownMember, find
from app.installation import Installation
from bot.letters import HOW, draw, line_for
from bot.place import Place
from bot.wallet_door import fresh_address, link_to
from voucher.ledger.finding import of_member
from voucher.wallet.live import needs_live

MOST_CARDS, MOST_LINES = 4, 12


@dataclass(frozen=True)
class Shown:
    """The answer's text, the cards of what is active, and the way to the wallet."""

    text: str
    cards: list[tuple[str, bytes]]
    address: str | None = None
    """A fresh one-time link to the member's wallet, where they have anything in it."""


def vouchers_command(
    installation: Installation, place: Place
) -> app_commands.Command[discord.app_commands.Group, ..., None]:
    """The command, for one community."""

    @app_commands.command(name="vouchers", description="Show the vouchers that are yours.")
    async def vouchers(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await asyncio.to_thread(_show, installation, place, interaction.user.id)
        files = [discord.File(BytesIO(card), name) for name, card in shown.cards]
        view = link_to(shown.address) if shown.address else discord.utils.MISSING
        await interaction.followup.send(shown.text, files=files, view=view, ephemeral=True)

    return vouchers


def _show(installation: Installation, place: Place, user_id: int) -> Shown:
    with installation.reading() as session:
        try:
            member = find(session, place.community_id, DISCORD, str(user_id))
        except UnknownMember:
            return Shown(f"You have no vouchers in {place.community_name} yet.", [])
        now = clock.now()
        every = of_member(session, place.community_id, member.id)
        active = [held for held in every if held.state(now) == "active"]
        rest = [held for held in every if held.state(now) != "active"]
        ordered = [*active, *rest]
        if not ordered:
            return Shown(
                f"You have no vouchers in {place.community_name} yet. "
                "`/progress` shows what you are close to.",
                [],
            )
        lines = [line_for(session, held, now) for held in ordered[:MOST_LINES]]
        if len(ordered) > MOST_LINES:
            lines.append(f"… and {len(ordered) - MOST_LINES} older ones.")
        if active:
            lines.append(f"-# {HOW}")
        cards = [
            (f"voucher-{held.voucher.reference}.png", draw(session, installation.settings, held))
            for held in active[:MOST_CARDS]
            if not needs_live(held.voucher)
        ]
    address = fresh_address(installation, place, user_id)
    return Shown("\n".join(lines), cards, address)
