"""Which grants are due: only criteria that name a counter that moved are looked at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.achievements import holding, knowing, suspending
from app.achievements.criteria import AchievementCriterion, Condition, StreakCriterion
from app.achievements.giving import Due, give_all
from app.achievements.holding import Held
from app.achievements.known import Known
from app.achievements.moments import Moved, moment_of
from app.achievements.settings import AchievementSettings, Tier
from app.activity.counting import Movement
from app.actor import INTAKE
from app.programme.sections import Programme

Pair = tuple[int, str]
"""A member and an achievement that may be due to them."""
Table = Mapping[str, AchievementSettings]


@dataclass(frozen=True)
class Dating:
    """How grants are dated."""

    now: datetime
    by_event: bool = False
    """By the event that reached the criteria, for seeds and trials; otherwise `now`."""


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
    """
    pairs = _candidates(programme["achievements"], movements)
    dating = Dating(now, dated_by_event)
    return look(session, community_id, programme, pairs, dating, movements)


def look(
    session: Session,
    community_id: int,
    programme: Programme,
    pairs: Iterable[Pair],
    dating: Dating,
    movements: Sequence[Movement] = (),
) -> int:
    """Grants those of these that are due, and what is due for having them; returns how many.

    As `advance()`, who calls it has the community's intake to itself.
    """
    table, granted, wanted = programme["achievements"], 0, set(pairs)
    if not wanted:
        return 0
    suspended = suspending.bought_roles(session, community_id, table)
    wanted = {pair for pair in wanted if pair[1] not in suspended}
    while wanted:
        due = _due(session, community_id, programme, wanted, dating, movements)
        given = give_all(session, community_id, programme, due, actor=INTAKE, now=dating.now)
        granted += len(given)
        new = {(one.member_id, one.achievement) for one in given}
        wanted = {
            (member_id, key)
            for member_id, held in new
            for key in that_need(table, held)
            if key not in suspended
        }
    return granted


def qualifying(
    session: Session, community_id: int, table: Table, member_ids: Sequence[int], *, now: datetime
) -> set[tuple[int, str, int]]:
    """Who of these meets which achievement's tier, as (member, achievement, tier), whether it can
    be had just now or not.
    """
    criteria = [criterion for settings in table.values() for criterion in settings.criteria]
    held = holding.held(session, community_id, member_ids)
    asked = dict.fromkeys(member_ids, criteria)
    known = knowing.know(session, community_id, asked, held, now=now)
    return {
        (member_id, key, tier.number)
        for key, settings in table.items()
        for tier in settings.steps
        for member_id in member_ids
        if tier.rounds(known[member_id])
    }


def _candidates(table: Table, movements: Sequence[Movement]) -> set[Pair]:
    """Whose movements came to where a criterion may be met."""
    watched: defaultdict[tuple[str, str | None], list[tuple[int, str]]] = defaultdict(list)
    for key, settings in table.items():
        for criterion in settings.criteria:
            if isinstance(criterion, StreakCriterion):
                watched[criterion.days_of, None].append((criterion.streak, key))
            elif criterion.ask:
                least = getattr(criterion, "at_least", 1)
                watched[criterion.ask.metric, criterion.ask.kind].append((least, key))
    return {
        (movement.member_id, key)
        for movement in movements
        for least, key in watched.get((movement.metric, movement.kind), ())
        # Past it counts as well: a programme may have been changed, or another criterion missing.
        if movement.after >= least
    }


def that_need(table: Table, achievement: str) -> list[str]:
    """The achievements that ask for this one."""
    return [
        key
        for key, settings in table.items()
        for criterion in settings.criteria
        if isinstance(criterion, AchievementCriterion) and criterion.achievement == achievement
    ]


def _due(
    session: Session,
    community_id: int,
    programme: Programme,
    pairs: set[Pair],
    dating: Dating,
    movements: Sequence[Movement],
) -> list[Due]:
    table: Table = programme["achievements"]
    held = holding.held(session, community_id, {member_id for member_id, _ in pairs})
    left = [pair for pair in sorted(pairs) if _may_have_more(table[pair[1]], *pair, held)]
    if not left:
        return []
    asked: dict[int, list[Condition]] = {}
    for member_id, key in left:
        asked.setdefault(member_id, []).extend(table[key].criteria)
    own = [movement for movement in movements if movement.member_id in asked]
    theirs = {which: one for which, one in held.items() if which[0] in asked}
    known = knowing.know(session, community_id, asked, theirs, now=dating.now, moved=own)
    moved, zone = _by_member(own), ZoneInfo(programme["community"].timezone)
    due = [
        one
        for member_id, key in left
        for one in _Asked(member_id, key, table[key], zone, dating).due(
            theirs, known[member_id], moved[member_id]
        )
    ]
    due.sort(key=lambda one: (one.moment, one.member_id, one.achievement, one.tier.number))
    return due


@dataclass(frozen=True)
class _Asked:
    """A member and an achievement that is looked at."""

    member_id: int
    key: str
    settings: AchievementSettings
    zone: ZoneInfo
    dating: Dating

    def due(self, held: Held, known: Known, moved: Moved) -> list[Due]:
        """What is due: each tier by itself, and each time that it is had again."""
        begins, after = self.settings.span(self.zone)
        if begins is not None and self.dating.now < begins:
            return []
        due = []
        for tier in self.settings.steps:
            there = held.get((self.member_id, self.key, tier.number))
            rounds, last_at = (there.rounds, there.last_at) if there else (0, None)
            for number in range(rounds + 1, _most(self.settings, tier.rounds(known)) + 1):
                moment = moment_of(tier, number, known, moved, self._day) or self._last(moved)
                moment = moment if begins is None else max(moment, begins)
                at = moment if self.dating.by_event else self.dating.now
                if (after is not None and moment >= after) or cools(self.settings, last_at, at):
                    break
                last_at = at
                due.append(
                    Due(self.member_id, self.key, tier, number, moment, at, told(tier, known))
                )
        return due

    def _day(self, at: datetime) -> int:
        return at.astimezone(self.zone).date().toordinal()

    def _last(self, moved: Moved) -> datetime:
        """What no counter tells of was met when the member last did something, or now."""
        last = [one.steps[-1][0] for windows in moved.values() for one in windows.values()]
        return max(last) if last and self.dating.by_event else self.dating.now


def _most(settings: AchievementSettings, rounds: int) -> int:
    if settings.repeat is None:
        return min(rounds, 1)
    return min(rounds, settings.repeat.at_most or rounds)


def cools(settings: AchievementSettings, last_at: datetime | None, at: datetime) -> bool:
    """Whether it is too soon after the member's last one."""
    days = settings.repeat.cooldown_days if settings.repeat else None
    return days is not None and last_at is not None and at - last_at < timedelta(days=days)


def _may_have_more(settings: AchievementSettings, member_id: int, key: str, held: Held) -> bool:
    there = (held.get((member_id, key, tier.number)) for tier in settings.steps)
    rounds = min(one.rounds if one else 0 for one in there)
    if settings.repeat is None:
        return rounds < 1
    return settings.repeat.at_most is None or rounds < settings.repeat.at_most


def told(tier: Tier, known: Known) -> dict[str, int]:
    """The counters that were looked at, as the fact tells them."""
    asks = sorted({criterion.ask for criterion in tier.criteria if criterion.ask}, key=str)
    return {ask.metric: max(known.counts(*ask), default=0) for ask in asks}


def _by_member(movements: Iterable[Movement]) -> Mapping[int, Moved]:
    found: defaultdict[int, defaultdict[str, dict[str, Movement]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for movement in movements:
        found[movement.member_id][movement.metric][movement.window] = movement
    return found
