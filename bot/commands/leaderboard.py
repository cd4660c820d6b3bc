"""`/leaderboard`: a board in a window with the member's own place, and who would rather hide."""

import asyncio
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from app import clock
from app.activity.boards import hiding, shown
from app.activity.boards.leaderboards import Place, around
from app.activity.boards.naming import NOW, UnknownBoard, UnknownWindow
from app.activity.boards.shown import Shown
from app.activity.boards.states import WindowState
from app.communities.members import DISCORD, UnknownMember, find
from app.communities.models import Community
from app.installation import Installation
from app.programme.applying import current
from bot.place import Place as Served

PLACES, EACH_SIDE, MOST_CHOICES = 10, 1, 25
HIDDEN = "You are shown on no leaderboard from now on. You still count, and keep your rank."
APPEARS = "You are shown on leaderboards."
NOT_SEEN = "You have done nothing that is counted yet."


def leaderboard_command(installation: Installation, place: Served) -> app_commands.Group:
    """The command with its subcommands, for one community."""
    group = app_commands.Group(name="leaderboard", description="See who has most, and your place.")

    async def boards(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await asyncio.to_thread(_boards, installation, place, typed)

    @group.command(name="show", description="See who has most, and your own place.")
    @app_commands.describe(board="Which one; the first unless named", window="Of which time")
    @app_commands.autocomplete(board=boards)
    @app_commands.choices(
        window=[app_commands.Choice(name=words, value=kind) for kind, words in NOW.items()]
    )
    async def show(
        interaction: discord.Interaction, board: str | None = None, window: str | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        asked = board, window, interaction.user.id
        text = await asyncio.to_thread(_show, installation, place, *asked)
        await interaction.followup.send(text, ephemeral=True)

    @group.command(name="hide", description="Be shown on no leaderboard that others see.")
    async def hide(interaction: discord.Interaction) -> None:
        await _change(interaction, True)

    @group.command(name="appear", description="Be shown on leaderboards again.")
    async def appear(interaction: discord.Interaction) -> None:
        await _change(interaction, False)

    async def _change(interaction: discord.Interaction, hides: bool) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        user = interaction.user.id
        text = await asyncio.to_thread(_hide, installation, place, user, hides)
        await interaction.followup.send(text, ephemeral=True)

    return group


def lines_of(places: Sequence[Place], own: int | None = None) -> list[str]:
    """A line for each place, the member's `own` marked; names as people wrote them."""
    return [
        f"{place.rank}. {'**You**' if place.member_id == own else _plain(place.display_name)}"
        f" – {place.count:,}"
        for place in places
    ]


def told_state(state: WindowState) -> str:
    """How a window stands, in a sentence with Discord's own times."""
    if state.state == "final" and state.final_at is not None and state.digest is not None:
        return f"Final since {_at(state.final_at)}, digest `{state.digest[:16]}…`."
    if state.state == "provisional" and state.final_from is not None:
        held = f" It waits, as {state.held}." if state.held else ""
        return f"Provisional until {_at(state.final_from)} at least.{held}"
    if state.state == "empty" and state.closes_at is not None:
        return f"Closed since {_at(state.closes_at)}: nothing was counted."
    return f"Open until {_at(state.closes_at)}." if state.closes_at is not None else "All time."


def page_address(installation: Installation, community: Community, seen: Shown) -> str | None:
    """Where the public sees it; None where it does not."""
    if not seen.board.public:
        return None
    base = installation.settings.public_url.rstrip("/")
    return f"{base}/c/{community.key}/leaderboards/{seen.key}/{seen.window}"


def _show(
    installation: Installation, place: Served, board: str | None, window: str | None, user_id: int
) -> str:
    with installation.reading() as session:
        programme, now = current(session, place.community_id), clock.now()
        key = board or next(iter(programme["leaderboards"]), None)
        if key is None:
            return "There are no leaderboards here."
        how: dict[str, Any] = {"limit": PLACES, "public": True, "now": now}
        try:
            seen = shown.show(session, place.community_id, programme, key, window, **how)
        except (UnknownBoard, UnknownWindow) as error:
            return str(error)
        community = session.get_one(Community, place.community_id)
        lines = [
            f"**{_plain(seen.board.name)}**: {seen.title}",
            *_with_own(session, place.community_id, seen, _member(session, place, user_id)),
            f"-# {told_state(seen.state)} {seen.metric.capitalize()}, as of {_at(now, 'T')}.",
        ]
        lines += ["-# Something is missing in it: its page says what."] if seen.gaps else []
        address = page_address(installation, community, seen)
    return "\n".join([*lines, *([f"-# <{address}>"] if address else [])])


def _with_own(session: Any, community_id: int, seen: Shown, own: int | None) -> list[str]:
    """The first places, and the member's own below them where it is not among them."""
    lines = lines_of(seen.places, own) or ["Nothing was counted yet."]
    found = None
    if own is not None:
        found = shown.own_place(session, community_id, seen, own)
    if found is None:
        return [*lines, "You have no place in it yet."]
    if own not in [place.member_id for place in seen.places]:
        near = [Place(found.rank, found.member_id, "", found.counted)]
        if seen.state.state != "final":
            near = around(
                session,
                community_id,
                seen.board.metric,
                found.member_id,
                window=seen.window,
                each_side=EACH_SIDE,
                public=True,
            )
        listed = {place.member_id for place in seen.places}
        lines += ["…", *lines_of([one for one in near if one.member_id not in listed], own)]
        if hiding.is_hidden(session, community_id, found.member_id):
            lines.append("Only you see your place: you hide.")
    return lines


def _hide(installation: Installation, place: Served, user_id: int, hides: bool) -> str:
    with installation.unit_of_work() as session:
        member_id = _member(session, place, user_id)
        if member_id is None:
            return NOT_SEEN
        if hides:
            hiding.hide(session, place.community_id, member_id, now=clock.now())
            return HIDDEN
        hiding.appear(session, place.community_id, member_id)
        return APPEARS


def _member(session: Any, place: Served, user_id: int) -> int | None:
    try:
        return find(session, place.community_id, DISCORD, str(user_id)).id
    except UnknownMember:
        return None


def _boards(
    installation: Installation, place: Served, typed: str
) -> list[app_commands.Choice[str]]:
    with installation.reading() as session:
        boards = current(session, place.community_id)["leaderboards"]
    fits = [
        app_commands.Choice(name=board.name, value=key)
        for key, board in boards.items()
        if typed.casefold() in f"{board.name} {key}".casefold()
    ]
    return fits[:MOST_CHOICES]


def _plain(text: str) -> str:
    return discord.utils.escape_mentions(discord.utils.escape_markdown(text))


def _at(moment: Any, style: str = "f") -> str:
    return f"<t:{int(moment.timestamp())}:{style}>"
