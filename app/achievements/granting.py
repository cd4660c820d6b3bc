"""Grants: only criteria that name a counter that moved are looked at; a grant is made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app import journal
from app.achievements.models import Grant
from app.achievements.settings import AchievementSettings
from app.activity import counting
from app.activity.counting import Movement
from app.actor import INTAKE
from app.database import insert_or
from app.journal import Fact
from app.plugins import Plugins
from app.programme.sections import Programme
from app.rewards import channels
from app.rewards.channels import Reward

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

    `dated_by_event` dates grants and windows by the event that reached the criteria, for seeds
    and trials; otherwise they are dated `now`.
    """
    reached = _reached(session, community_id, programme, movements)
    due = _not_yet_granted(session, community_id, reached)
    due.sort(key=lambda one: (one.moment, one.member_id, one.achievement))
    return sum(
        _grant(session, community_id, one, now=one.moment if dated_by_event else now) for one in due
    )


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
    moved = {(movement.member_id, movement.metric): movement for movement in movements}
    candidates = [
        (movement.member_id, key, settings)
        for key, settings in programme["achievements"].items()
        for movement in movements
        if movement.metric in settings.metrics and _crossed(settings, movement)
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


def _crossed(settings: AchievementSettings, movement: Movement) -> bool:
    """Whether the counter came to one of the criteria's thresholds, or stood past it before.

    Past it counts as well: a programme may have been changed, or another criterion been missing.
    """
    return any(
        criterion.metric == movement.metric and movement.after >= criterion.at_least
        for criterion in settings.criteria
    )


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
    pairs = [(one.member_id, one.achievement) for one in reached]
    granted = {
        (row.member_id, row.achievement)
        for row in session.execute(
            select(Grant.member_id, Grant.achievement)
            .where(Grant.community_id == community_id, Grant.tier == ONLY_TIER)
            .where(tuple_(Grant.member_id, Grant.achievement).in_(pairs))
        )
    }
    return [one for one in reached if (one.member_id, one.achievement) not in granted]


def _grant(session: Session, community_id: int, one: Reached, *, now: datetime) -> bool:
    statement = insert_or(session, Grant).on_conflict_do_nothing().returning(Grant.id)
    row = {
        "community_id": community_id,
        "member_id": one.member_id,
        "achievement": one.achievement,
        "tier": ONLY_TIER,
        "granted_at": now,
    }
    grant_id = session.scalar(statement, row)
    if grant_id is None:  # another batch, of another source, was quicker
        return False
    fact = AchievementGranted(
        grant=grant_id,
        achievement=one.achievement,
        tier=ONLY_TIER,
        member=one.member_id,
        counters=one.counters,
    )
    journal.record(session, fact, community_id=community_id, actor=INTAKE, now=now)
    plugins = cast(Plugins, session.info["plugins"])
    channel, settings = one.settings.channel_settings(plugins)
    reward = Reward(community_id, one.member_id, one.achievement, grant_id, settings)
    channels.issue(session, channel.name, reward, now=now)
    return True
