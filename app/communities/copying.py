"""Copying who is in a community into another database, where something is tried out."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities import members
from app.communities.members import DISCORD
from app.communities.models import Identity, Member, Person
from app.communities.roles.models import GuildRole, RoleHeld
from app.rows import RowInsert
from app.statements import table_of

_PEOPLE, _IDENTITIES, _MEMBERS = RowInsert(Person), RowInsert(Identity), RowInsert(Member)
_ROLES, _HELD = RowInsert(GuildRole), RowInsert(RoleHeld)


def external_id(discord: dict[int, str], source: str, member_id: int) -> str:
    """What a source calls a member in the copy: Discord their own id, which tells its age."""
    known = discord.get(member_id) if source == DISCORD else None
    return known or f"#{member_id}"


def copy_members(
    there: Session, community_id: int, here: Session, copy_id: int, sources: Iterable[str]
) -> dict[int, str]:
    """Copies a community's members with their numbers, as each source's, and their roles.

    `here` has a community `copy_id` and nobody in it. Returns members' ids on Discord.
    """
    people = _rows(there, Member, community_id)
    discord = members.identities_of(there, [one["id"] for one in people], DISCORD)
    moments = {one["id"]: one["first_seen_at"] for one in people}
    _PEOPLE.run(
        here,
        [{"id": number, "created_at": at, "timezone": None} for number, at in moments.items()],
    )
    _MEMBERS.run(here, [one | {"community_id": copy_id, "person_id": one["id"]} for one in people])
    _IDENTITIES.run(
        here,
        [
            {
                "source": source,
                "external_id": external_id(discord, source, number),
                "person_id": number,
                "display_name": None,
            }
            for source in sorted({*sources, DISCORD})
            for number in moments
        ],
    )
    for model, insert in ((GuildRole, _ROLES), (RoleHeld, _HELD)):
        rows = _rows(there, model, community_id)
        insert.run(here, [row | {"community_id": copy_id} for row in rows])
    return discord


def _rows(session: Session, model: Any, community_id: int) -> Sequence[dict[str, Any]]:
    table = table_of(model)
    found = session.execute(select(table).where(table.c.community_id == community_id))
    return [dict(row._mapping) for row in found]
