"""Who holds which role, in the database: read when a look begins, written as it is told."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from app import clock
from app.achievements.grants import by_role, suspending
from app.achievements.grants.by_role import Holder
from app.activity.event_log import recent as seen
from app.communities import members
from app.communities.members import DISCORD
from app.communities.roles import holding
from app.communities.roles.holding import Role
from app.installation import Installation
from app.programme.applying import current

LATELY = timedelta(days=30)
MOST_ASKED = 5_000
"""Of so many members who were active last Discord is asked, a hundred at a time."""


class Account(NamedTuple):
    """Somebody in one of the guilds."""

    guild: str
    user: str


def asked(installation: Installation, community_id: int) -> frozenset[str]:
    """The roles that the programme in force asks for."""
    with installation.reading() as session:
        return by_role.asked(current(session, community_id))


def read(
    installation: Installation, community_id: int
) -> tuple[frozenset[str], dict[Account, frozenset[str]]]:
    """The same, and who is known to hold which."""
    with installation.reading() as session:
        held = holding.held_by_guild(session, community_id)
        every = {member_id for _, member_id in held}
        names = members.identities_of(session, every, DISCORD)
        wanted = by_role.asked(current(session, community_id))
    return wanted, {
        Account(guild, names[member_id]): roles
        for (guild, member_id), roles in held.items()
        if member_id in names
    }


def lately(installation: Installation, community_id: int) -> list[str]:
    """The accounts of members who did something lately: a role may have become theirs unseen."""
    since = clock.now() - LATELY
    with installation.reading() as session:
        active = seen.active(session, community_id, since=since, most=MOST_ASKED)
        names = members.identities_of(session, active, DISCORD)
    return [names[one] for one in active if one in names]


def write(
    installation: Installation,
    community_id: int,
    guilds: Mapping[str, list[Role]],
    told: Mapping[Account, Holder],
) -> dict[str, str]:
    """Writes guilds' roles and who holds which, grants what that brings, and returns why which
    achievements are suspended now, by their names.
    """
    by_guild: defaultdict[str, dict[str, Holder]] = defaultdict(dict)
    for account, holder in told.items():
        by_guild[account.guild][account.user] = holder
    with installation.unit_of_work() as session:
        where, now = (session, community_id), clock.now()
        for guild, roles in sorted(guilds.items()):
            by_role.note_guild(*where, guild, roles, now=now)
        for guild, held in sorted(by_guild.items()):
            by_role.note_members(*where, DISCORD, guild, held, now=now)
        table = current(session, community_id)["achievements"]
        suspended = suspending.bought_roles(session, community_id, table)
    return {table[key].name: why for key, why in suspended.items()}
