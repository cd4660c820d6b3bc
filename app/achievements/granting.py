"""Grants: only criteria that name a counter that moved are looked at; a grant is made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.achievements.models import Grant
from app.achievements.settings import AchievementSettings
from app.activity import counting
from app.activity.counting import Movement
from app.activity.windows import ALL_TIME
from app.actor import INTAKE
from app.journal import Fact, Told
from app.plugins import Plugins
from app.programme.sections import Programme
from app.rewards import channels
from app.rewards.channels import Reward
from app.statements import among, insert_or, table_of

ONLY_TIER = 1


@dataclass(frozen=True, kw_only=True)
class AchievementGranted(Fact):
    """A member met an achievement's published criteria."""

    kind: ClassVar[str] = "achievement.granted"
    grant: int
    achievement: str
    tier: int
    member: int
    counters: dict[str, int]


@dataclass(frozen=True)
class Reached:
    """A member whose counters meet an achievement's criteria, and since when."""

    member_id: int
    achievement: str
    settings: AchievementSettings
    counters: dict[str, int]
    moment: datetime


def advance(
    session: Session,
    community_id: int,
    programme: Programme,
    movements: Sequence[Movement],
    *,
    now: datetime,
    dated_by_event: bool,
) -> int:
    """Grants what the moved counters now reach, and issues the rewards; returns how many.

    Who calls it has the community's intake to itself: see `app.activity.intake`.
    `dated_by_event` dates grants and windows by the event that reached the criteria, for seeds
    and trials; otherwise they are dated `now`.
    """
    reached = _reached(session, community_id, programme, movements)
    due = _not_yet_granted(session, community_id, reached)
    due.sort(key=lambda one: (one.moment, one.member_id, one.achievement))
    dated = [(one, one.moment if dated_by_event else now) for one in due]
    return _grant_all(session, community_id, dated, now)


def give(session: Session, community_id: int, reached: Sequence[Reached], *, now: datetime) -> int:
    """Grants what was reached by other things than counters, to who has it not yet; returns how
    many. Who calls it has the community's intake to itself.
    """
    due = _not_yet_granted(session, community_id, reached)
    return _grant_all(session, community_id, [(one, now) for one in due], now)


def grants_of(session: Session, community_id: int, member_id: int) -> list[Grant]:
    """A member's grants, oldest first."""
    return list(
        session.scalars(
            select(Grant)
            .where(Grant.community_id == community_id, Grant.member_id == member_id)
            .order_by(Grant.granted_at, Grant.id)
        )
    )


def _reached(
    session: Session, community_id: int, programme: Programme, movements: Sequence[Movement]
) -> list[Reached]:
    movements = [movement for movement in movements if movement.window == ALL_TIME]
    moved = {(movement.member_id, movement.metric): movement for movement in movements}
    by_metric: dict[str, list[Movement]] = {}
    for movement in movements:
        by_metric.setdefault(movement.metric, []).append(movement)
    candidates = [
        (movement.member_id, key, settings)
        for key, settings in programme["achievements"].items()
        for criterion in settings.criteria
        for movement in by_metric.get(criterion.metric, ())
        # Past it counts as well: a programme may have been changed, or another criterion missing.
        if movement.after >= criterion.at_least
    ]
    others = sorted(
        {
            (member_id, metric)
            for member_id, _, settings in candidates
            for metric in settings.metrics
            if (member_id, metric) not in moved
        }
    )
    counts = counting.counts_of(session, community_id, others)
    counts |= {pair: movement.after for pair, movement in moved.items()}
    reached: dict[tuple[int, str], Reached] = {}
    for member_id, key, settings in candidates:
        own = {metric: counts.get((member_id, metric), 0) for metric in sorted(settings.metrics)}
        if settings.met(own):
            moment = _moment(settings, member_id, moved)
            reached[member_id, key] = Reached(member_id, key, settings, own, moment)
    return list(reached.values())


def _moment(
    settings: AchievementSettings, member_id: int, moved: dict[tuple[int, str], Movement]
) -> datetime:
    moments = [
        movement.moment_of(criterion.at_least)
        for criterion in settings.criteria
        if (movement := moved.get((member_id, criterion.metric)))
        and movement.after >= criterion.at_least
    ]
    return max(moments) if settings.all else min(moments)


def _not_yet_granted(
    session: Session, community_id: int, reached: Sequence[Reached]
) -> list[Reached]:
    if not reached:
        return []
    member_ids = {one.member_id for one in reached}
    granted = {
        (row.member_id, row.achievement)
        for row in session.execute(
            select(Grant.member_id, Grant.achievement)
            .where(Grant.community_id == community_id, Grant.tier == ONLY_TIER)
            .where(among(session, Grant.member_id, member_ids))
        )
    }
    return [one for one in reached if (one.member_id, one.achievement) not in granted]


def _grant_all(
    session: Session, community_id: int, due: Sequence[tuple[Reached, datetime]], now: datetime
) -> int:
    if not due:
        return 0
    # What another batch, of another source, has granted meanwhile comes back without an id.
    ids = _inserted(session, community_id, due)
    granted = [
        (ids[one.member_id, one.achievement], one, at)
        for one, at in due
        if (one.member_id, one.achievement) in ids
    ]
    journal.record_all(session, [_told(community_id, *each) for each in granted])
    plugins = cast(Plugins, session.info["plugins"])
    rewards: dict[str, list[Reward]] = {}
    for grant_id, one, at in granted:
        channel, settings = one.settings.channel_settings(plugins)
        reward = Reward(community_id, one.member_id, one.achievement, grant_id, at, now, settings)
        rewards.setdefault(channel.name, []).append(reward)
    for name, due_by_it in rewards.items():
        channels.channel(plugins, name).issue_all(session, due_by_it)
    return len(granted)


def _inserted(
    session: Session, community_id: int, due: Sequence[tuple[Reached, datetime]]
) -> dict[tuple[int, str], int]:
    columns = table_of(Grant).c
    statement = (
        insert_or(session, table_of(Grant))
        .on_conflict_do_nothing()
        .returning(columns.member_id, columns.achievement, columns.id)
    )
    rows = [
        {
            "community_id": community_id,
            "member_id": one.member_id,
            "achievement": one.achievement,
            "tier": ONLY_TIER,
            "granted_at": at,
        }
        for one, at in due
    ]
    # In one order, whatever led to them: two sources that meet here do not end in a deadlock.
    rows.sort(key=lambda row: (row["achievement"], row["member_id"]))
    return {(row.member_id, row.achievement): row.id for row in session.execute(statement, rows)}


def _told(community_id: int, grant_id: int, one: Reached, at: datetime) -> Told:
    fact = AchievementGranted(
        grant=grant_id,
        achievement=one.achievement,
        tier=ONLY_TIER,
        member=one.member_id,
        counters=one.counters,
    )
    return Told(fact=fact, community_id=community_id, actor=INTAKE, at=at)
