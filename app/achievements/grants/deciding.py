"""What is due by criteria, in the order in which it was reached."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.achievements.criteria import chains
from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.known import Known
from app.achievements.criteria.moments import Moved
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation import by_the_end, holding, knowing, nearby
from app.achievements.evaluation.asking import Asked, Dating, may_have_more
from app.achievements.evaluation.candidates import Pair
from app.achievements.evaluation.due import Due
from app.achievements.evaluation.holding import Held
from app.achievements.evaluation.reaching import Moments
from app.achievements.grants import budgets, waiting
from app.activity.counters.moves import Movement
from app.programme.sections import Programme

Table = Mapping[str, AchievementSettings]


def due(
    session: Session,
    community_id: int,
    programme: Programme,
    pairs: Collection[Pair],
    dating: Dating,
    movements: Iterable[Movement] = (),
    *,
    exactly: Collection[str] = (),
    returned: Collection[int] = (),
) -> list[Due]:
    """What of these is due, with when it was reached as the batch tells it; as what is stored tells
    it where anything depends on that, and for achievements that are asked for `exactly`.

    Of who `returned` nothing was granted so far, whatever they did.
    """
    held = holding.held(session, community_id, {member_id for member_id, _ in pairs})
    table: Table = programme["achievements"]
    left = [pair for pair in sorted(pairs) if may_have_more(table[pair[1]], *pair, held)]
    if not left:
        return []
    look = _Look(session, community_id, programme, left, dating, movements, held)
    known = look.know(returned)
    found = look.found(known)
    inexact = look.inexact(found, exactly) if found else set()
    found = [look.dated(one, known) if one.achievement in inexact else one for one in found]
    return sorted(found, key=_in_order)


def since_when(
    session: Session,
    community_id: int,
    programme: Programme,
    key: str,
    member_ids: Iterable[int],
    *,
    now: datetime,
) -> list[tuple[datetime, int]]:
    """To whom of these an achievement is due, with when they first came to what is."""
    may = waiting.who_may(session, community_id, member_ids)
    pairs = {(member_id, key) for member_id in may}
    found: dict[int, datetime] = {}
    for one in due(session, community_id, programme, pairs, Dating(now), exactly={key}):
        found.setdefault(one.member_id, one.moment)
    return [(moment, member_id) for member_id, moment in found.items()]


class _Look:
    """One look at members and achievements that they may have come to."""

    def __init__(
        self,
        session: Session,
        community_id: int,
        programme: Programme,
        pairs: Sequence[Pair],
        dating: Dating,
        movements: Iterable[Movement],
        held: Held,
    ):
        self._session, self._community_id, self._programme = session, community_id, programme
        self._table: Table = programme["achievements"]
        self._zone = ZoneInfo(programme["community"].timezone)
        self._pairs, self._dating = pairs, dating
        self._ended = {key for _, key in pairs if self._is_near_its_end(key)}
        who = {member_id for member_id, _ in pairs}
        self._held = {which: one for which, one in held.items() if which[0] in who}
        self._moved = [movement for movement in movements if movement.member_id in who]

    @cached_property
    def _moments(self) -> Moments:
        return Moments(self._session, self._community_id, self._programme, self._held)

    def know(self, returned: Collection[int]) -> Mapping[int, Known]:
        """All that their criteria look at."""
        besides = {}
        if self._ended:
            besides = by_the_end.windows(self._table, self._ended, self._moments.calendar)
        return knowing.know(
            self._session,
            self._community_id,
            self._asked(),
            self._held,
            now=self._dating.now,
            moved=self._moved,
            near=nearby.days(self._table, self._pairs, self._moved, self._zone, returned=returned),
            besides=besides,
        )

    def found(self, known: Mapping[int, Known]) -> list[Due]:
        """What is due."""
        moved = _by_member(self._moved)
        return [
            one
            for member_id, key in self._pairs
            for one in Asked(
                member_id, key, self._table[key], self._zone, self._dating, lambda: self._moments
            ).due(self._held, known[member_id], moved[member_id])
        ]

    def inexact(self, found: Sequence[Due], exactly: Collection[str]) -> set[str]:
        """Of which of these it has to be known exactly when they were reached."""
        few = exactly or budgets.too_small(self._session, self._community_id, self._table, found)
        return {*few, *by_the_end.asked_in_time(self._table, self._zone, self._dating.now)}

    def dated(self, one: Due, known: Mapping[int, Known]) -> Due:
        """The same, with when it was reached by what is stored."""
        there = self._held.get((one.member_id, one.achievement, one.tier.number))
        # What was given by hand are rounds that nothing counted leads to.
        number = one.round - (there.by_hand if there else 0)
        moment = self._moments.of(one.member_id, one.tier, number, known[one.member_id])
        return one._replace(moment=moment)

    def _asked(self) -> dict[int, list[Condition]]:
        """The criteria by member; what ended is told by those of what it asks for as well."""
        asked: dict[int, list[Condition]] = {}
        for member_id, key in self._pairs:
            some = {key} | (chains.behind(self._table, key) if key in self._ended else set())
            for one in sorted(some & self._table.keys()):
                asked.setdefault(member_id, []).extend(self._table[one].criteria)
        return asked

    def _is_near_its_end(self, key: str) -> bool:
        return by_the_end.is_near(self._table[key], self._zone, self._dating.now)


def _by_member(movements: Iterable[Movement]) -> Mapping[int, Moved]:
    found: defaultdict[int, defaultdict[str, dict[str, Movement]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for movement in movements:
        found[movement.member_id][movement.metric][movement.window] = movement
    return found


def _in_order(one: Due) -> tuple[datetime, int, str, int]:
    return one.moment, one.member_id, one.achievement, one.tier.number
