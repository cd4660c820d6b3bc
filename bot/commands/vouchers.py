"""`/vouchers`: a member's own vouchers, shown to nobody else."""

import asyncio
from dataclasses import dataclass
from io import BytesIO

import discord
from discord import app_commands
from sqlalchemy.orm import Session

from app import clock
from app.communities.members import DISCORD, UnknownMember, find
from app.communities.models import Member
from app.installation import Installation
from bot.commands.wallet_door import fresh_address, link_to
from bot.letters.vouchers import HOW, draw, line_for, line_to_come
from bot.place import Place
from voucher.ledger.finding import of_member
from voucher.ledger.issuance.owed_words import to_come
from voucher.ledger.issuance.owing import owed_to
from voucher.wallet.live import needs_live

MOST_CARDS, MOST_LINES, MOST_TO_COME = 4, 12, 4
MOST_LETTERS = 2000
"""Of a message's content, by Discord's documentation."""


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
            return Shown(_none(place), [])
        now = clock.now()
        every = of_member(session, place.community_id, member.id)
        active = [held for held in every if held.state(now) == "active"]
        rest = [held for held in every if held.state(now) != "active"]
        waiting = _to_come(session, member)
        if not every and not waiting:
            return Shown(f"{_none(place)} `/progress` shows what you are close to.", [])
        lines = [line_for(session, held, now) for held in [*active, *rest][:MOST_LINES]]
        end = [*waiting, *([f"-# {HOW}"] if active else [])]
        text = _fitted(lines, len(every), end) if every else "\n".join([_none(place), *end])
        cards = [
            (f"voucher-{held.voucher.reference}.png", draw(session, installation.settings, held))
            for held in active[:MOST_CARDS]
            if not needs_live(held.voucher)
        ]
    return Shown(text, cards, fresh_address(installation, place, user_id))


def _none(place: Place) -> str:
    return f"You have no vouchers in {place.community_name} yet."


def _to_come(session: Session, member: Member) -> list[str]:
    """The lines about what is owed to a member."""
    owed = to_come(owed_to(session, member.community_id, member.id))
    lines = [line_to_come(one) for one in owed[:MOST_TO_COME]]
    if len(owed) > MOST_TO_COME:
        lines.append(f"… and {len(owed) - MOST_TO_COME} more to come.")
    return lines


def _fitted(lines: list[str], of: int, end: list[str]) -> str:
    """As many of the vouchers' lines as one message takes, with how many are left out."""
    shown = len(lines)
    while True:
        left_out = [f"… and {of - shown} older ones."] if shown < of else []
        text = "\n".join([*lines[:shown], *left_out, *end])
        if len(text) <= MOST_LETTERS or shown == 0:
            return text
        shown -= 1
