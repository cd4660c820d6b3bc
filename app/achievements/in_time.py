"""Who came to an achievement in time, though that is known only after its last day.

Such as by a late event that moves no counter, since it counts in place of another one; or one that
comes once what was done afterwards is counted. Then it is looked at what was counted by that day.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.achievements import granting, holding, knowing, suspending
from app.achievements.criteria import Condition, StreakCriterion
from app.achievements.giving import Due, give_all
from app.achievements.known import Known
from app.activity import folding, sources, stored
from app.activity.metrics import Metric, Metrics
from app.activity.shares import shares_of
from app.activity.stored import Taken
from app.activity.windows import ALL_TIME
from app.actor import INTAKE
from app.programme.sections import Programme

JUST_BEFORE = timedelta(microseconds=1)


class _Late(NamedTuple):
    """A member who may have come to an achievement before this moment, the first one after it."""

    member_id: int
    key: str
    after: datetime


def look(
    session: Session,
    community_id: int,
    programme: Programme,
    metrics: Metrics,
    taken: Sequence[Taken],
    *,
    now: datetime,
) -> int:
    """Grants what these events show to have been reached in time; returns how many.

    Only where something that was done afterwards was taken in before them, or with them. Who calls
    it has the community's intake to itself, and has granted what the counters reach.
    """
    late = _late(session, community_id, programme, taken, now)
    due = _due(session, community_id, programme, metrics, late, now) if late else []
    if not due:
        return 0
    due.sort(key=lambda one: (one.moment, one.member_id, one.achievement, one.tier.number))
    given = give_all(session, community_id, programme, due, actor=INTAKE, now=now)
    others = [
        (one.member_id, key)
        for one in given
        for key in granting.that_need(programme["achievements"], one.achievement)
    ]
    dating = granting.Dating(now)
    return len(given) + granting.look(session, community_id, programme, others, dating)


def _late(
    session: Session,
    community_id: int,
    programme: Programme,
    taken: Sequence[Taken],
    now: datetime,
) -> list[_Late]:
    zone = ZoneInfo(programme["community"].timezone)
    ended = {
        key: after
        for key, settings in programme["achievements"].items()
        if settings.ends and (after := settings.span(zone)[1]) is not None and after <= now
    }
    if not ended or min(one.event.at for one in taken) >= max(ended.values()):
        return []
    newest = sources.newest_at(session, community_id)
    found = {
        _Late(one.member_id, key, after)
        for key, after in ended.items()
        if newest is not None and newest >= after
        for one in taken
        if one.event.at < after
    }
    if found:
        table = programme["achievements"]
        bought = suspending.bought_roles(session, community_id, table)
        found = {one for one in found if one.key not in bought}
    return sorted(found)


def _due(
    session: Session,
    community_id: int,
    programme: Programme,
    metrics: Metrics,
    late: Sequence[_Late],
    now: datetime,
) -> list[Due]:
    table, due = programme["achievements"], []
    held = holding.held(session, community_id, {one.member_id for one in late})
    left = [one for one in late if granting.may_have_more(table[one.key], *one[:2], held)]
    asked: dict[int, list[Condition]] = {}
    for one in left:
        asked.setdefault(one.member_id, []).extend(table[one.key].criteria)
    known = knowing.know(session, community_id, asked, held, now=now)
    for one in left:
        settings, by_then = table[one.key], None
        for tier in settings.steps:
            there = held.get((one.member_id, one.key, tier.number)) or holding.NONE
            # Who does not meet it by now did not by then.
            if granting.most(settings, tier.rounds(known[one.member_id]), there) <= there.earned:
                continue
            by_then = by_then or _ByThen(session, community_id, metrics, one)
            then = by_then.known(known[one.member_id], tier.criteria)
            last_at, most = there.last_at, granting.most(settings, tier.rounds(then), there)
            for number in range(there.earned + 1, most + 1):
                if granting.cools(settings, last_at, now):
                    break
                last_at, numbered = now, number + there.by_hand
                moment, told = by_then.last, granting.told(tier, then)
                due.append(Due(one.member_id, one.key, tier, numbered, moment, now, told))
    return due


class _ByThen:
    """What a member had counted by a moment, from the events as they are stored."""

    def __init__(self, session: Session, community_id: int, metrics: Metrics, late: _Late):
        self._session, self._community_id, self._metrics = session, community_id, metrics
        self._late = late
        self.last = late.after - JUST_BEFORE
        """By when they had come to it."""

    def known(self, now: Known, criteria: Collection[Condition]) -> Known:
        """The same as is known now, with what was counted by then."""
        asked = {one.ask.metric for one in criteria if one.ask}
        in_a_row = {one.days_of for one in criteria if isinstance(one, StreakCriterion)}
        counters: dict[str, Mapping[str, int]] = {}
        days: dict[str, Sequence[int]] = {}
        for key in sorted(asked | in_a_row):
            counters[key], days[key] = self._counted(self._metrics.of(key))
        return replace(now, now=self.last, counters=counters, days=days)

    def _counted(self, metric: Metric) -> tuple[Mapping[str, int], Sequence[int]]:
        """A metric's counters by window, and the days on which it counted."""
        counts: defaultdict[str, int] = defaultdict(int)
        values: defaultdict[str, set[str]] = defaultdict(set)
        days: set[int] = set()
        calendar = self._metrics.calendar
        for _, share in shares_of(self._events(metric), calendar).by_kind():
            there = calendar.windows_of(share.day)
            days.add(share.day)
            for window in [ALL_TIME, *(there[kind] for kind in metric.windows if kind in there)]:
                if metric.distinct is None:
                    counts[window] += share.total
                else:
                    values[window] |= {one.value for one in share.values(metric.distinct)}
        counts.update({window: len(different) for window, different in values.items()})
        return counts, sorted(days)

    def _events(self, metric: Metric) -> list[Taken]:
        """The member's events before the moment that count for a metric, in order."""
        whose = [self._late.member_id]
        pages = stored.pages(self._session, self._community_id, whose, kinds=metric.kinds)
        taken = [one for page in pages for one in page if one.event.at < self._late.after]
        if metric.judge is None or not taken:
            return taken
        pair = self._late.member_id, metric.judged_as
        why = folding.reasons(
            self._session, self._community_id, self._metrics, pair, since=taken[0]
        )
        return [one for one in taken if why.get(one.name) is None]
