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
from voucher.ledger.finding import of_member

MOST_CARDS, MOST_LINES = 4, 12


@dataclass(frozen=True)
class Shown:
    """The answer's text and the cards of what is active."""

    text: str
    cards: list[tuple[str, bytes]]


def vouchers_command(
    installation: Installation, place: Place
) -> app_commands.Command[discord.app_commands.Group, ..., None]:
    """The command, for one community."""

    @app_commands.command(name="vouchers", description="Show the vouchers that are yours.")
    async def vouchers(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown = await asyncio.to_thread(_show, installation, place, interaction.user.id)
        files = [discord.File(BytesIO(card), name) for name, card in shown.cards]
        await interaction.followup.send(shown.text, files=files, ephemeral=True)

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
        ]
    return Shown("\n".join(lines), cards)
