"""Making grants that are due: each once, within its budget, with its reward."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy.orm import Session

from app import journal
from app.achievements.evaluation.due import Due
from app.achievements.grants import budgets
from app.achievements.models import Grant
from app.actor import Actor
from app.journal import Fact, Told
from app.plugins import Plugins
from app.programme.sections import Programme
from app.rewards import channels
from app.rewards.channels import Reward
from app.statements import insert_or, table_of


@dataclass(frozen=True, kw_only=True)
class AchievementGranted(Fact):
    """A member met an achievement's published criteria."""

    kind: ClassVar[str] = "achievement.granted"
    grant: int
    achievement: str
    tier: int
    round: int
    member: int
    counters: dict[str, int]


def give_all(
    session: Session,
    community_id: int,
    programme: Programme,
    due: Sequence[Due],
    *,
    actor: Actor,
    now: datetime,
    fact_of: Callable[[int, Due], Fact] | None = None,
) -> list[Due]:
    """Grants what is due, the first ones first where a budget does not suffice; returns what was
    granted. The rewards are given in the same transaction.
    """
    due = _within_budgets(session, community_id, programme, due)
    if not due:
        return []
    ids = _inserted(session, community_id, due)
    given = [one for one in due if one.key in ids]
    _give_back(session, community_id, programme, due, ids)
    told = fact_of or _fact
    journal.record_all(
        session, [Told(told(ids[one.key], one), community_id, actor, one.at) for one in given]
    )
    plugins = cast(Plugins, session.info["plugins"])
    rewards: dict[str, list[Reward]] = {}
    for one in given:
        channel, settings = one.tier.channel_settings(plugins)
        reward = Reward(
            community_id, one.member_id, one.achievement, ids[one.key], one.at, now, settings
        )
        rewards.setdefault(channel.name, []).append(reward)
    for name, due_by_it in rewards.items():
        channels.channel(plugins, name).issue_all(session, due_by_it)
    return given


def _fact(grant_id: int, one: Due) -> Fact:
    return AchievementGranted(
        grant=grant_id,
        achievement=one.achievement,
        tier=one.tier.number,
        round=one.round,
        member=one.member_id,
        counters=one.counters,
    )


def _within_budgets(
    session: Session, community_id: int, programme: Programme, due: Sequence[Due]
) -> list[Due]:
    """Those that their budgets suffice for, which are taken; one statement for each budget."""
    wanted: defaultdict[str, int] = defaultdict(int)
    for one in due:
        if programme["achievements"][one.achievement].budget:
            wanted[one.achievement] += 1
    # In one order: two that grant at the same time do not end in a deadlock.
    left = {
        key: budgets.take(session, community_id, key, count, programme["achievements"][key].budget)
        for key, count in sorted(wanted.items())
    }
    found = []
    for one in due:
        if one.achievement in left:
            if not left[one.achievement]:
                continue
            left[one.achievement] -= 1
        found.append(one)
    return found


def _give_back(
    session: Session,
    community_id: int,
    programme: Programme,
    due: Sequence[Due],
    ids: dict[tuple[str, int, int, int], int],
) -> None:
    """What another transaction had granted meanwhile is not taken from a budget twice."""
    unused: defaultdict[str, int] = defaultdict(int)
    for one in due:
        if one.key not in ids and programme["achievements"][one.achievement].budget:
            unused[one.achievement] += 1
    for key, count in sorted(unused.items()):
        budgets.give_back(session, community_id, key, count)


def _inserted(
    session: Session, community_id: int, due: Sequence[Due]
) -> dict[tuple[str, int, int, int], int]:
    """The new grants' ids; one that was there already is missing."""
    columns = table_of(Grant).c
    statement = (
        insert_or(session, table_of(Grant))
        .on_conflict_do_nothing()
        .returning(
            columns.achievement, columns.tier, columns["round"], columns.member_id, columns.id
        )
    )
    rows = [
        {
            "community_id": community_id,
            "member_id": one.member_id,
            "achievement": one.achievement,
            "tier": one.tier.number,
            "round": one.round,
            "granted_at": one.at,
            "by_hand": one.by_hand,
            "reached_at": one.moment,
        }
        for one in due
    ]
    # In one order, whatever led to them: two sources that meet here do not end in a deadlock.
    rows.sort(key=lambda row: (row["achievement"], row["tier"], row["round"], row["member_id"]))
    return {tuple(row[:4]): row[4] for row in session.execute(statement, rows)}
