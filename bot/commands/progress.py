"""`/achievements` and `/progress`: what can be earned, in words, and how far the member is."""

import asyncio
import re
from collections.abc import Iterable

import discord
from discord import app_commands

from app import clock
from app.achievements.published.progress import (
    Progress,
    Step,
    TierShown,
    progress_of,
    where_it_counts,
)
from app.communities.members import DISCORD, UnknownMember, find
from app.installation import Installation
from bot.place import Place

CELLS = 10
MOST_LETTERS = 2000
"""Of a message on Discord."""

CHANNEL = re.compile(r"(?<!role )\b([0-9]{17,20})\b")
"""The id of a channel, thread or category, as rules for them name it."""

Command = app_commands.Command[discord.app_commands.Group, ..., None]


def progress_command(installation: Installation, place: Place) -> Command:
    """`/progress`, for one community."""

    @app_commands.command(name="progress", description="See how far you are, and what is missing.")
    async def progress(interaction: discord.Interaction) -> None:
        await _answer(interaction, installation, place)

    return progress


def achievements_command(installation: Installation, place: Place) -> Command:
    """`/achievements`, for one community: the same, by the name that people look for."""

    @app_commands.command(
        name="achievements", description="See what can be earned here, and how far you are."
    )
    async def achievements(interaction: discord.Interaction) -> None:
        await _answer(interaction, installation, place)

    return achievements


async def _answer(
    interaction: discord.Interaction, installation: Installation, place: Place
) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    for text in await asyncio.to_thread(_show, installation, place, interaction.user.id):
        await interaction.followup.send(text, ephemeral=True)


def _show(installation: Installation, place: Place, user_id: int) -> list[str]:
    with installation.reading() as session:
        try:
            member_id = find(session, place.community_id, DISCORD, str(user_id)).id
        except UnknownMember:
            member_id = None
        every = progress_of(session, place.community_id, member_id, now=clock.now())
        where = where_it_counts(session, place.community_id)
    told = [_tell(one) for one in every]
    if where:
        told.append(f"-# {linked(where)}")
    return messages(told) or ["Nothing can be earned here yet."]


def messages(blocks: Iterable[str]) -> list[str]:
    """These blocks of text in as few messages as they fit into."""
    found: list[str] = []
    for block in blocks:
        for part in _parts(block):
            if found and len(found[-1]) + 2 + len(part) <= MOST_LETTERS:
                found[-1] += f"\n\n{part}"
            else:
                found.append(part)
    return found


def _parts(block: str) -> list[str]:
    """A block in parts of whole lines that fit into a message each."""
    parts = [""]
    for line in block.splitlines():
        shown = line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"
        if len(parts[-1]) + 1 + len(shown) <= MOST_LETTERS:
            parts[-1] += f"\n{shown}" if parts[-1] else shown
        else:
            parts.append(shown)
    return [part for part in parts if part]


def _tell(one: Progress) -> str:
    lines = []
    for tier in one.tiers:
        title = f"{one.name}: {tier.name}" if tier.name else one.name
        lines += [f"**{title}** → {tier.reward}", *_where(tier), f"-# {_held(tier)}"]
    if limits := _limits(one):
        lines.append(f"{lines.pop()} {limits}" if len(one.tiers) == 1 else f"-# {limits}")
    if one.closed:
        lines.append(f"-# {one.closed}")
    return "\n".join(lines)


def _where(tier: TierShown) -> list[str]:
    if tier.granted_at is not None:
        often = f", {tier.times} times" if tier.times > 1 else ""
        yours = f"Yours since <t:{int(tier.granted_at.timestamp())}:D>{often}."
        return [yours, "For the next time:", *map(_line, tier.steps)] if tier.again else [yours]
    needed = ["All of these:" if tier.needs_all else "One of these:"] if len(tier.steps) > 1 else []
    return [*needed, *(_line(step) for step in tier.steps)]


def _line(step: Step) -> str:
    return f"`{bar(step.done, step.of)}` {step.words}: {step.done:,} of {step.of:,}"


def _held(tier: TierShown) -> str:
    had = tier.holders
    return "Nobody has it yet." if not had else f"{had:,} {'has' if had == 1 else 'have'} it."


def _limits(one: Progress) -> str:
    left = [] if one.left is None else [f"{one.left:,} of {one.budget:,} left."]
    return " ".join([*left, *map(linked, one.conditions)])


def linked(told: str) -> str:
    """With channels as Discord links them."""
    return CHANNEL.sub(r"<#\1>", told)


def bar(done: int, of: int) -> str:
    """How full, as ten cells: full ones and empty ones differ in shape."""
    filled = min(CELLS, done * CELLS // of)
    return "█" * filled + "░" * (CELLS - filled)
