"""`/link`: an account elsewhere is shown to be the same person's, by a code."""

import asyncio
from collections.abc import Mapping

import discord
from discord import app_commands
from discord.utils import escape_markdown, escape_mentions
from sqlalchemy.orm import Session

from app import clock
from app.achievements.linking import joining
from app.achievements.linking.joining import Linked
from app.activity.sources.declared import SourceSettings
from app.communities import members
from app.communities.linking import codes
from app.installation import Installation
from app.programme.applying import current
from app.refusals import Refused
from bot.letters.phrases import moment
from bot.place import Place


def link_command(
    installation: Installation, place: Place
) -> app_commands.Command[discord.app_commands.Group, ..., None]:
    """The command, for one community."""

    @app_commands.command(name="link", description="Link your account on another platform.")
    @app_commands.describe(code="The code that the other platform showed you; none to get one.")
    async def link(
        interaction: discord.Interaction, code: app_commands.Range[str, 1, 40] | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await asyncio.to_thread(_answer, installation, place, interaction.user, code)
        await interaction.followup.send(text, ephemeral=True)

    return link


def _answer(
    installation: Installation,
    place: Place,
    user: discord.User | discord.Member,
    code: str | None,
) -> str:
    with installation.reading() as session:
        sources: Mapping[str, SourceSettings] = current(session, place.community_id)["sources"]
    if not sources:
        return f"No other platform counts for {place.community_name} yet."
    if code is None:
        return _show(installation, place, user, sources)
    with installation.unit_of_work() as session:
        member_id = _member(session, place, user)
    try:
        linked = joining.enter_here(installation, place.community_id, member_id, code)
    except Refused as refusal:
        return str(refusal)
    return _tell(linked, sources)


def _show(
    installation: Installation,
    place: Place,
    user: discord.User | discord.Member,
    sources: Mapping[str, SourceSettings],
) -> str:
    with installation.unit_of_work() as session:
        member_id = _member(session, place, user)
        shown = codes.for_member(session, place.community_id, member_id, now=clock.now())
    names = " or ".join(escape_markdown(one.name) for one in sources.values())
    return (
        f"Your code is `{shown.in_parts}`. Enter it on {names}, where you want to be known as who "
        f"you are here: it works once, and ends {moment(shown.until, 'R')}. Show it to nobody: "
        "what they did would count as yours, and they could not link their own account any more."
    )


def _member(session: Session, place: Place, user: discord.User | discord.Member) -> int:
    """Also of who has done nothing here yet."""
    names: dict[str, str | None] = {str(user.id): user.display_name}
    how = {"first_seen": clock.now()}
    known = members.ids_of(session, place.community_id, members.DISCORD, names, **how)
    return known[str(user.id)]


def _tell(linked: Linked, sources: Mapping[str, SourceSettings]) -> str:
    account = linked.account
    settings = sources.get(account.source)
    whose = escape_markdown(settings.name if settings else account.source)
    if account.display_name:
        whose += f" ({escape_mentions(escape_markdown(account.display_name))})"
    if linked.was_linked:
        return f"Your account on {whose} was linked already."
    text = f"Linked: your account on {whose} is yours here too, and what it did before counts."
    if linked.grants:
        what = "achievement" if linked.grants == 1 else "achievements"
        text += f" It brought you {linked.grants} new {what}: `/progress` shows them."
    return text
