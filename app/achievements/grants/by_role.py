"""What roles bring: who is told to hold one that a criterion asks for gets it at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.achievements.criteria.kinds import RoleCriterion
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation.asking import Dating
from app.achievements.grants import granting
from app.activity.events import ActivityEvent
from app.communities import members
from app.communities.roles import holding
from app.communities.roles.holding import Role
from app.communities.turns import take_turn
from app.programme.applying import current
from app.programme.sections import Programme


@dataclass(frozen=True)
class Holder:
    """An account, and which roles of one guild it holds."""

    roles: frozenset[str]
    name: str | None = None


def asked(programme: Programme) -> frozenset[str]:
    """The ids of the roles that a criterion or a rule for channels asks for: who holds others is
    nobody's business here.
    """
    by_rules = {role for rule in programme["channels"] for role in rule.role or ()}
    return frozenset(by_rules.union(_asking(programme["achievements"])))


def note_members(
    session: Session,
    community_id: int,
    source: str,
    guild: str,
    held: Mapping[str, Holder],
    *,
    now: datetime,
) -> int:
    """Writes down which of the roles that are asked for each account holds in a guild, in place of
    what that guild told before, and grants what that brings; returns how many grants.

    Who holds one and did nothing yet becomes a member by it.
    """
    programme = _in_force(session, community_id)
    wanted = asked(programme)
    roles = {account: one.roles & wanted for account, one in held.items()}
    ids = members.known_ids(session, community_id, source, held)
    new = {account: held[account].name for account in held if account not in ids and roles[account]}
    if new:
        ids |= members.ids_of(session, community_id, source, new, first_seen=now)
    by_member = {ids[account]: some for account, some in roles.items() if account in ids}
    come = holding.note_members(session, community_id, guild, by_member, now=now)
    return _look(session, community_id, programme, come, now)


def note_guild(
    session: Session,
    community_id: int,
    guild: str,
    roles: Iterable[Role],
    *,
    now: datetime,
) -> int:
    """Writes down the roles that a guild has now. An achievement that asks for one that money buys
    is suspended by that, and goes on once it does so no longer; returns how many grants that is.
    """
    programme = _in_force(session, community_id)
    wanted = asked(programme)
    before = holding.bought(session, community_id, wanted)
    holding.note_guild(session, community_id, guild, roles, now=now)
    free = before.keys() - holding.bought(session, community_id, wanted).keys()
    held = holding.holders(session, community_id, free) if free else []
    come = dict.fromkeys(held, free)
    return _look(session, community_id, programme, come, now)


def with_roles(
    session: Session,
    community_id: int,
    source: str,
    events: Sequence[ActivityEvent],
) -> Sequence[ActivityEvent]:
    """These events, those that tell no roles with the ones that their members are known to hold.

    A channel's history tells none; rules for channels may ask for them all the same.
    """
    programme = _in_force(session, community_id)
    if not any(rule.role for rule in programme["channels"]):
        return events
    accounts = {event.member for event in events if not event.roles}
    ids = members.known_ids(session, community_id, source, accounts)
    held = holding.roles_held(session, community_id, list(ids.values()))
    return [
        event
        if event.roles or ids.get(event.member) not in held
        else event._replace(roles=tuple(sorted(held[ids[event.member]])))
        for event in events
    ]


def _in_force(session: Session, community_id: int) -> Programme:
    """The programme, asked for once nobody can bring another one into force meanwhile."""
    take_turn(session, community_id)
    return current(session, community_id)


def _look(
    session: Session,
    community_id: int,
    programme: Programme,
    come: Mapping[int, Collection[str]],
    now: datetime,
) -> int:
    asking = _asking(programme["achievements"])
    pairs = [
        (member_id, key)
        for member_id, roles in come.items()
        for role in roles
        for key in asking.get(role, ())
    ]
    return granting.look(session, community_id, programme, pairs, Dating(now))


def _asking(table: Mapping[str, AchievementSettings]) -> dict[str, list[str]]:
    """The achievements that ask for each role."""
    found: dict[str, list[str]] = {}
    for key, settings in table.items():
        for one in settings.criteria:
            if isinstance(one, RoleCriterion):
                found.setdefault(one.role, []).append(key)
    return found
