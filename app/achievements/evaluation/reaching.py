"""When criteria were met, by what is stored: the same in whatever order it became known.

What a batch moved tells it only where events come in order. Here a member's events are read again
and limits judge them again, so it is asked for only where something depends on it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.kinds import (
    AchievementCriterion,
    DistinctCriterion,
    MemberDaysCriterion,
    MetricCriterion,
    RankCriterion,
    RoleCriterion,
    StreakCriterion,
)
from app.achievements.criteria.known import Known
from app.achievements.criteria.settings import Tier
from app.achievements.criteria.streaks import streaks
from app.achievements.evaluation.holding import Held
from app.activity.counters.models import Standing
from app.activity.counters.standings import FINAL
from app.activity.event_log import stored
from app.activity.event_log.taken import Taken
from app.activity.intake import folding
from app.activity.metrics.definitions import Metric, metrics_of
from app.activity.metrics.shares import Step
from app.activity.windows import Kind, kind_of
from app.communities.roles import holding as roles
from app.plugins import Plugins
from app.programme.sections import Programme
from app.statements import table_of

LAST = timedelta(microseconds=1)
"""What a window brings, it brings with its last moment."""
_standing = table_of(Standing).c


class Moments:
    """When members met what is asked for; what was read for it is kept."""

    def __init__(self, session: Session, community_id: int, programme: Programme, held: Held):
        self._session, self._community_id, self._held = session, community_id, held
        self._metrics = metrics_of(programme, cast(Plugins, session.info["plugins"]))
        self._table = programme["achievements"]
        self._counted: dict[tuple[int, str], list[Taken]] = {}
        self.calendar = self._metrics.calendar

    def of(self, member_id: int, tier: Tier, number: int, known: Known) -> datetime:
        """When a member had met a tier's criteria for the `number`th time, which they have.

        Where nothing tells, it is `known.now`.
        """
        found = [
            self._met(member_id, criterion, number, known) or known.now
            for criterion in tier.criteria
            if criterion.rounds(known) >= number
        ]
        return max(found) if tier.needs_all else min(found)

    def first(self, member_id: int, key: str, number: int, known: Known) -> datetime:
        """When a member had first met the criteria of a tier that they hold, by what is known now:
        earlier than when they got it, where something came late.
        """
        reached_at = self._held[member_id, key, number].reached_at
        steps = self._table[key].steps if key in self._table else ()
        tier = next((one for one in steps if one.number == number), None)
        if tier is None or not tier.rounds(known):
            return reached_at
        found = [
            self._met(member_id, criterion, 1, known, again=True) or known.now
            for criterion in tier.criteria
            if criterion.rounds(known)
        ]
        return min(reached_at, max(found) if tier.needs_all else min(found))

    @cached_property
    def closings(self) -> dict[tuple[str, str], datetime]:
        """When the windows of final standings closed, by leaderboard and window."""
        rows = self._session.execute(
            select(_standing.board, _standing.window, _standing.closes_at)
            .where(_standing.community_id == self._community_id)
            .where(_standing.state == FINAL)
        )
        return {(row.board, row.window): row.closes_at for row in rows}

    def role_since(self, member_id: int, role: str) -> datetime | None:
        """Since when a member has held a role."""
        return roles.since(self._session, self._community_id, member_id, role)

    def _met(
        self,
        member_id: int,
        criterion: Condition,
        number: int,
        known: Known,
        *,
        again: bool = False,
    ) -> datetime | None:
        """With `again` what they hold is asked for anew as well."""
        match criterion:
            case MetricCriterion() | DistinctCriterion():
                return self._counting(member_id, criterion, number, known)
            case StreakCriterion():
                return self._streak(member_id, criterion, number, known)
            case RankCriterion():
                return self._rank(criterion, number, known)
            case MemberDaysCriterion(member_days=days) if known.member_since is not None:
                return known.member_since + timedelta(days=days)
            case RoleCriterion(role=role):
                since = self.role_since(member_id, role)
                return min(since, known.now) if since is not None else None
            case AchievementCriterion(achievement=key, tier=least):
                holds = (
                    self.first(who, held, tier, known) if again else one.reached_at
                    for (who, held, tier), one in self._held.items()
                    if (who, held) == (member_id, key) and tier >= least
                )
                return min(holds, default=None)
        return None

    def _counting(
        self,
        member_id: int,
        criterion: MetricCriterion | DistinctCriterion,
        number: int,
        known: Known,
    ) -> datetime | None:
        metric = self._metrics.of(criterion.ask.metric)
        events, least = self._of(member_id, metric), criterion.at_least or 1
        if criterion.window is None:
            return _reached(_steps(metric, events, self._day), number * least)
        by_window = self._by_window(events, criterion.window)
        found = [
            _reached(_steps(metric, by_window[window], self._day), least) or self._last_of(window)
            for window, count in known.counters.get(metric.key, {}).items()
            if kind_of(window) == criterion.window and count >= least
        ]
        moments = sorted(at for at in found if at is not None)
        return moments[number - 1] if number <= len(moments) else None

    def _streak(
        self, member_id: int, criterion: StreakCriterion, number: int, known: Known
    ) -> datetime | None:
        """A streak is there once something was done on the last of its days."""
        days = known.days.get(criterion.days_of, ())
        _, last = streaks(days, criterion.streak, criterion.grace)[number - 1]
        events = self._of(member_id, self._metrics.of(criterion.days_of))
        return next((one.event.at for one in events if self._day(one) == last), None)

    def _rank(self, criterion: RankCriterion, number: int, known: Known) -> datetime | None:
        """A place is that with which a window ended, whenever its standing was final."""
        closings = self.closings
        moments = sorted(
            closings[board, window] - LAST
            for (board, window), rank in known.ranks.items()
            if board == criterion.leaderboard
            and criterion.takes(window)
            and rank <= criterion.rank
            and (board, window) in closings
        )
        return moments[number - 1] if number <= len(moments) else None

    def _of(self, member_id: int, metric: Metric) -> list[Taken]:
        """The events that a metric counts for a member, in order."""
        found = self._counted.get((member_id, metric.key))
        if found is None:
            found = self._counted[member_id, metric.key] = self._read(member_id, metric)
        return found

    def _read(self, member_id: int, metric: Metric) -> list[Taken]:
        where = self._session, self._community_id
        pages = stored.pages(*where, [member_id], kinds=metric.kinds)
        events = [one for page in pages for one in page]
        if metric.judge is None or not events:
            return events
        pair = member_id, metric.judged_as
        told = folding.rulings(*where, self._metrics, pair, since=events[0])
        counted = ((one, told[one.name].counted) for one in events if one.name in told)
        return [one.of(amount) for one, amount in counted if amount]

    def _day(self, one: Taken) -> int:
        return self._metrics.calendar.place(one.event.at, one.key.at).day

    def _by_window(self, events: Iterable[Taken], kind: Kind) -> dict[str, list[Taken]]:
        found: defaultdict[str, list[Taken]] = defaultdict(list)
        for one in events:
            window = self._metrics.calendar.windows_of(self._day(one)).get(kind)
            if window is not None:
                found[window].append(one)
        return found

    def _last_of(self, window: str) -> datetime | None:
        """For a counter that is more than its events are by now, as in a window that is final."""
        span = self._metrics.calendar.span(window)
        return span.closes - LAST if span is not None else None


def _steps(
    metric: Metric, events: Sequence[Taken], day_of: Callable[[Taken], int]
) -> Iterator[Step]:
    """When a counter moved, and by how much."""
    if metric.distinct is None:
        yield from ((one.event.at, one.event.amount) for one in events)
        return
    seen: set[object] = set()
    for one in events:
        value = day_of(one) if metric.distinct == "day" else getattr(one.event, metric.distinct)
        if value is not None and value not in seen:
            seen.add(value)
            yield one.event.at, 1


def _reached(steps: Iterable[Step], threshold: int) -> datetime | None:
    so_far = 0
    for at, amount in steps:
        so_far += amount
        if so_far >= threshold:
            return at
    return None
