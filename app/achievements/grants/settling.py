"""Granting what time alone brings: a season's standing, an age as member, a date, the end of a
cooldown, a programme that came into force.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.achievements.criteria.kinds import MemberDaysCriterion, RankCriterion, RoleCriterion
from app.achievements.criteria.settings import AchievementSettings, any_of
from app.achievements.evaluation import knowing
from app.achievements.evaluation.asking import Dating
from app.achievements.grants import deciding, granting
from app.achievements.models import AchievementClock, Grant
from app.communities import present
from app.communities.models import Member
from app.communities.roles import holding as roles
from app.communities.turns import take_turn
from app.installation import Installation
from app.plugins import Tick
from app.programme.applying import current, version
from app.programme.models import ProgrammeVersion
from app.programme.sections import Programme
from app.statements import insert_or, table_of

TOGETHER = 500
EVERY = 60.0
OVERLAP = timedelta(minutes=5)
"""What was written while it was last looked is looked at again."""
_member, _grant = table_of(Member).c, table_of(Grant).c
_clock = table_of(AchievementClock).c


def settle(installation: Installation) -> int:
    """Grants what is due by now in each community; returns how many. Safe to repeat, and to end
    at any moment.
    """
    with installation.reading() as session:
        communities = session.scalars(select(ProgrammeVersion.community_id).distinct()).all()
    return sum(_settle(installation, community_id) for community_id in sorted(communities))


def look_again(session: Session, community_id: int) -> None:
    """Has all be looked at anew, as a programme came into force."""
    statement = insert_or(session, table_of(AchievementClock)).values(
        community_id=community_id, looked_until=None
    )
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["community_id"],
            set_={
                "looked_until": None,
                "looked_before": func.coalesce(_clock.looked_until, _clock.looked_before),
            },
        )
    )


def in_chunks(member_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many at a time as fit into memory with what they counted."""
    for start in range(0, len(member_ids), TOGETHER):
        yield member_ids[start : start + TOGETHER]


class _Changed(Exception):
    """Another programme came into force: the next time all is looked at by that."""


def _settle(installation: Installation, community_id: int) -> int:
    now, granted = clock.now(), 0
    with installation.reading() as session:
        in_force = version(session, community_id)
        programme, version_id = current(session, community_id), in_force.id
        row = session.get(AchievementClock, community_id)
        until = row.looked_until if row else None
        before = row.looked_before if row else None
        applied_at = min(before, in_force.applied_at) if before else in_force.applied_at
        how: dict[str, Any] = {"applied_at": applied_at}
        by_key = who(session, community_id, programme, until, now, **how)
    try:
        for key, member_ids in by_key.items():
            in_order = sorted(member_ids)
            if programme["achievements"][key].budget and len(in_order) > TOGETHER:
                in_order = _who_came_first(installation, community_id, key, in_order, now)
            for some in in_chunks(in_order):
                with installation.unit_of_work() as session:
                    in_it = _locked(session, community_id, version_id)
                    pairs = [(member_id, key) for member_id in some]
                    granted += granting.look(session, community_id, in_it, pairs, Dating(now))
        with installation.unit_of_work() as session:
            _locked(session, community_id, version_id)
            _note(session, community_id, until, now)
    except _Changed:
        pass
    return granted


def _locked(session: Session, community_id: int, version_id: int) -> Programme:
    """The programme, while nothing else is granted and none is applied; raises `_Changed`."""
    take_turn(session, community_id)
    if version(session, community_id).id != version_id:
        raise _Changed
    return current(session, community_id)


def _who_came_first(
    installation: Installation,
    community_id: int,
    key: str,
    member_ids: Sequence[int],
    now: datetime,
) -> list[int]:
    """Those of these members to whom it is due, by when they came to it."""
    found: list[tuple[datetime, int]] = []
    with installation.reading() as session:
        programme = current(session, community_id)
        for some in in_chunks(member_ids):
            found += deciding.since_when(session, community_id, programme, key, some, now=now)
    return [member_id for _, member_id in sorted(found)]


def who(
    session: Session,
    community_id: int,
    programme: Programme,
    until: datetime | None,
    now: datetime,
    *,
    daily: bool = True,
    applied_at: datetime | None = None,
) -> dict[str, set[int]]:
    """Who has to be looked at for each achievement, as something may be due since `until`, or since
    the programme came into force at `applied_at`.

    `daily`: each day everybody once more, for what time alone can bring: who was imported today
    may have been here for years. What ended is still won by who was first in time, once the
    standing is final.
    """
    zone = ZoneInfo(programme["community"].timezone)
    found: dict[str, set[int]] = {}
    every: set[int] = set()
    is_new_day = (
        daily and until is not None and until.astimezone(zone).date() != now.astimezone(zone).date()
    )
    for key, settings in programme["achievements"].items():
        begins, after = settings.span(zone)
        since = until or applied_at
        if begins and now < begins:
            continue
        if after and since and since >= after:
            begun = since - OVERLAP
            found[key] = knowing.ranked(session, community_id, settings.criteria, since=begun)
        elif until is None or (begins and until < begins) or (is_new_day and _by_time(settings)):
            every = every or set(present.everybody(session, community_id))
            found[key] = every
        elif _by_time(settings):
            found[key] = _since(session, community_id, key, settings, (until - OVERLAP, now))
    return {key: who for key, who in found.items() if who}


def _by_time(settings: AchievementSettings) -> bool:
    return bool(settings.repeat and settings.repeat.cooldown_days) or any(
        any_of(settings.criteria, kind)
        for kind in (RankCriterion, RoleCriterion, MemberDaysCriterion)
    )


def _since(
    session: Session,
    community_id: int,
    key: str,
    settings: AchievementSettings,
    span: tuple[datetime, datetime],
) -> set[int]:
    """Whom this time alone may have brought it: the others wait for a counter that moves."""
    begun, now = span
    found = knowing.ranked(session, community_id, settings.criteria)
    asked = {one.role for one in settings.criteria if isinstance(one, RoleCriterion)}
    if asked:
        found |= set(roles.holders(session, community_id, asked, since=begun))
    for one in settings.criteria:
        if isinstance(one, MemberDaysCriterion):
            days = timedelta(days=one.member_days)
            seen = _member.first_seen_at
            old_enough = seen > begun - days, seen <= now - days
            found |= set(present.everybody(session, community_id, *old_enough))
    if settings.repeat and settings.repeat.cooldown_days:
        days = timedelta(days=settings.repeat.cooldown_days)
        at = _grant.granted_at
        which = _grant.community_id == community_id, at > begun - days, at <= now - days
        found |= set(
            session.scalars(select(_grant.member_id).where(*which, _grant.achievement == key))
        )
    return found


def _note(session: Session, community_id: int, until: datetime | None, now: datetime) -> None:
    """That all was looked at, unless it is to be looked at anew since."""
    statement = insert_or(session, table_of(AchievementClock)).values(
        community_id=community_id, looked_until=now
    )
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["community_id"],
            set_={"looked_until": now},
            where=_clock.looked_until.is_not_distinct_from(until),
        )
    )


TICK = Tick("achievements.settle", EVERY, settle)
