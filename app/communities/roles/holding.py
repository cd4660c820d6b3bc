"""Who holds which roles, and which of them money buys. The bot notes what Discord tells."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.communities.roles.models import GuildRole, RoleHeld
from app.statements import among, insert_or, table_of

_role, _held = table_of(GuildRole).c, table_of(RoleHeld).c
_LOST = delete(table_of(RoleHeld)).where(
    _held.community_id == bindparam("a_community"),
    _held.member_id == bindparam("a_member"),
    _held.role == bindparam("a_role"),
)


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
    """Writes down all roles of a guild; those that it no longer has are held by nobody."""
    roles = list(roles)
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
    there = sorted(role.id for role in roles)
    gone = delete(table_of(RoleHeld)).where(
        _held.community_id == community_id, _held.guild == guild, _held.role.not_in(there)
    )
    session.connection().execute(gone)
    known = _role.community_id == community_id, _role.guild == guild
    session.connection().execute(delete(table_of(GuildRole)).where(*known))
    if rows:
        session.connection().execute(insert_or(session, table_of(GuildRole)), rows)


def merge(session: Session, how: Any) -> None:
    """What the merged member holds, the one who stays holds as well."""
    member_id, merged_id = how.member.id, how.merged.id
    theirs = _held.community_id == how.member.community_id, _held.member_id == merged_id
    own = select(_held.role).where(
        _held.community_id == how.member.community_id, _held.member_id == member_id
    )
    both = delete(table_of(RoleHeld)).where(*theirs, _held.role.in_(own))
    session.connection().execute(both)
    session.connection().execute(
        update(table_of(RoleHeld)).where(*theirs).values(member_id=member_id)
    )


def note_members(
    session: Session,
    community_id: int,
    guild: str,
    held: Mapping[int, Collection[str]],
    *,
    now: datetime,
) -> dict[int, frozenset[str]]:
    """Writes down which roles of a guild each of these members holds now, in its place of what
    that guild told of them before; returns who has come to hold which.
    """
    before = _held_in(session, community_id, guild, held)
    own = {"community_id": community_id}
    lost = [
        {"a_community": community_id, "a_member": member_id, "a_role": role}
        for member_id in sorted(held)
        for role in sorted(before.get(member_id, frozenset()).difference(held[member_id]))
    ]
    new = {
        member_id: frozenset(roles).difference(before.get(member_id, ()))
        for member_id, roles in sorted(held.items())
    }
    rows = [
        own | {"member_id": member_id, "role": role, "guild": guild, "since": now}
        for member_id, roles in new.items()
        for role in sorted(roles)
    ]
    if lost:
        session.connection().execute(_LOST, lost)
    if rows:
        statement = insert_or(session, table_of(RoleHeld))
        kept = statement.on_conflict_do_update(
            index_elements=["community_id", "member_id", "role"],
            set_={"guild": statement.excluded.guild},
        )
        session.connection().execute(kept, rows)
    return {member_id: roles for member_id, roles in new.items() if roles}


def held_by_guild(session: Session, community_id: int) -> dict[tuple[str, int], frozenset[str]]:
    """The roles that each member holds, by guild and member; who holds none is missing."""
    rows = session.execute(
        select(_held.guild, _held.member_id, _held.role).where(_held.community_id == community_id)
    )
    found: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows:
        found[row.guild, row.member_id].add(row.role)
    return {which: frozenset(roles) for which, roles in found.items()}


def roles_held(
    session: Session, community_id: int, member_ids: Collection[int]
) -> dict[int, frozenset[str]]:
    """The ids of the roles that each of these members holds; who holds none is missing."""
    rows = session.execute(
        select(_held.member_id, _held.role).where(
            _held.community_id == community_id, among(session, _held.member_id, member_ids)
        )
    )
    return _by_member(rows)


def _held_in(
    session: Session, community_id: int, guild: str, member_ids: Collection[int]
) -> dict[int, frozenset[str]]:
    which = _held.community_id == community_id, _held.guild == guild
    theirs = among(session, _held.member_id, list(member_ids))
    return _by_member(session.execute(select(_held.member_id, _held.role).where(*which, theirs)))


def _by_member(rows: Iterable[Any]) -> dict[int, frozenset[str]]:
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
    session: Session, community_id: int, roles: Collection[str], *, since: datetime | None = None
) -> list[int]:
    """The members that hold one of these roles, since a moment or later where one is given."""
    which = [_held.community_id == community_id, among(session, _held.role, roles)]
    if since is not None:
        which.append(_held.since >= since)
    return list(
        session.scalars(select(_held.member_id).where(*which).distinct().order_by(_held.member_id))
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
