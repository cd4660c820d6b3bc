"""Who holds which roles, and which of them money buys. The bot notes what Discord tells."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.communities.roles.models import GuildRole, RoleHeld
from app.statements import among, insert_or, table_of

_role, _held = table_of(GuildRole).c, table_of(RoleHeld).c


class Role(NamedTuple):
    """A role as Discord tells of it."""

    id: str
    name: str
    tag: str | None = None
    """`booster`, `subscription` or `purchasable` where money buys it."""


class Bought(NamedTuple):
    """A role that money buys."""

    name: str
    tag: str


def note_guild(
    session: Session, community_id: int, guild: str, roles: Iterable[Role], *, now: datetime
) -> None:
    """Writes down all roles of a guild; those that it no longer has are forgotten."""
    rows = [
        {
            "community_id": community_id,
            "role": role.id,
            "guild": guild,
            "name": role.name,
            "tag": role.tag,
            "seen_at": now,
        }
        for role in roles
    ]
    gone = _role.community_id == community_id, _role.guild == guild
    session.connection().execute(delete(table_of(GuildRole)).where(*gone))
    if rows:
        session.connection().execute(insert_or(session, table_of(GuildRole)), rows)


def merge(session: Session, how: Any) -> None:
    """What the merged member holds, the one who stays holds as well."""
    community_id = how.member.community_id
    held = roles_held(session, community_id, [how.member.id, how.merged.id])
    every = {*held.get(how.member.id, ()), *held.get(how.merged.id, ())}
    note_member(session, community_id, how.merged.id, (), now=how.now)
    note_member(session, community_id, how.member.id, every, now=how.now)


def note_member(
    session: Session, community_id: int, member_id: int, roles: Collection[str], *, now: datetime
) -> None:
    """Writes down which roles a member holds, of all guilds of the community."""
    own = _held.community_id == community_id, _held.member_id == member_id
    gone = delete(table_of(RoleHeld)).where(*own, _held.role.not_in(sorted(roles)))
    session.connection().execute(gone)
    rows = [
        {"community_id": community_id, "member_id": member_id, "role": role, "since": now}
        for role in sorted(roles)
    ]
    if rows:
        kept = insert_or(session, table_of(RoleHeld)).on_conflict_do_nothing()
        session.connection().execute(kept, rows)


def roles_held(
    session: Session, community_id: int, member_ids: Collection[int]
) -> dict[int, frozenset[str]]:
    """The ids of the roles that each of these members holds; who holds none is missing."""
    rows = session.execute(
        select(_held.member_id, _held.role).where(
            _held.community_id == community_id, among(session, _held.member_id, member_ids)
        )
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        found[row.member_id].add(row.role)
    return {member_id: frozenset(roles) for member_id, roles in found.items()}


def since(session: Session, community_id: int, member_id: int, role: str) -> datetime | None:
    """Since when a member is known to hold a role; None where they do not."""
    found: datetime | None = session.scalar(
        select(_held.since).where(
            _held.community_id == community_id, _held.member_id == member_id, _held.role == role
        )
    )
    return found


def holders(
    session: Session, community_id: int, roles: Collection[str], *, since: datetime
) -> list[int]:
    """The members that hold one of these roles since a moment or later."""
    return list(
        session.scalars(
            select(_held.member_id)
            .where(_held.community_id == community_id, among(session, _held.role, roles))
            .where(_held.since >= since)
            .distinct()
            .order_by(_held.member_id)
        )
    )


def bought(session: Session, community_id: int, roles: Collection[str]) -> dict[str, Bought]:
    """Those of these roles that money buys, by id."""
    rows = session.execute(
        select(_role.role, _role.name, _role.tag).where(
            _role.community_id == community_id,
            _role.tag.is_not(None),
            among(session, _role.role, roles),
        )
    )
    return {row.role: Bought(row.name, row.tag) for row in rows}


def names(session: Session, community_id: int, roles: Collection[str]) -> dict[str, str]:
    """What these roles are called; one that the bot has not seen is missing."""
    rows = session.execute(
        select(_role.role, _role.name).where(
            _role.community_id == community_id, among(session, _role.role, roles)
        )
    )
    return {row.role: row.name for row in rows}


def told(session: Any, member: Any) -> list[str]:
    """The part of a member's export."""
    held = roles_held(session, member.community_id, [member.id])
    return sorted(held.get(member.id, ()))


def forget(session: Any, member: Any, _how: Any) -> None:
    """Erases which roles a member holds."""
    own = RoleHeld.community_id == member.community_id, RoleHeld.member_id == member.id
    session.execute(delete(RoleHeld).where(*own))
