"""`/progress`: a member's counters beside the published criteria."""

import asyncio

import discord
from discord import app_commands

from app.achievements.progress import Progress, progress_of
from app.communities.members import DISCORD, UnknownMember, find
from app.installation import Installation
from bot.place import Place

CELLS = 10


def progress_command(
    installation: Installation, place: Place
) -> app_commands.Command[discord.app_commands.Group, ..., None]:
    """The command, for one community."""

    @app_commands.command(name="progress", description="See how far you are, and what is missing.")
    async def progress(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await asyncio.to_thread(_show, installation, place, interaction.user.id)
        await interaction.followup.send(text, ephemeral=True)

    return progress


def _show(installation: Installation, place: Place, user_id: int) -> str:
    with installation.reading() as session:
        try:
            member_id = find(session, place.community_id, DISCORD, str(user_id)).id
        except UnknownMember:
            member_id = None
        every = progress_of(session, place.community_id, member_id)
    return "\n\n".join(_tell(one) for one in every) or "Nothing can be earned here yet."


def _tell(one: Progress) -> str:
    head = f"**{one.name}** → {one.reward}"
    if one.granted_at is not None:
        return f"{head}\nYours since <t:{int(one.granted_at.timestamp())}:D>."
    needed = "All of these:" if one.needs_all else "One of these:"
    bars = [
        f"`{_bar(step.count, step.at_least)}` {step.title}: {step.count} of {step.at_least}"
        for step in one.steps
    ]
    return "\n".join([head, *([needed] if len(bars) > 1 else []), *bars])


def _bar(count: int, at_least: int) -> str:
    filled = min(CELLS, count * CELLS // at_least)
    return "█" * filled + "░" * (CELLS - filled)
