"""Reading counters and distinct days that criteria look at, for many members at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.achievements.criteria.conditions import Ask, Condition
from app.achievements.criteria.kinds import StreakCriterion
from app.activity.counters import by_window
from app.activity.counters.models import Counter, DistinctValue
from app.activity.counters.moves import Movement
from app.activity.windows import ALL_TIME, kind_of
from app.statements import among, table_of

Asked = Mapping[int, Collection[Condition]]
"""The criteria that are looked at, by member."""
Near = Mapping[tuple[int, str], tuple[int, int]]
"""By member and metric of distinct days: between which days alone streaks are looked for."""
Windows = Mapping[str, Collection[str]]
"""By metric."""
Counters = defaultdict[str, dict[str, int]]
"""By metric and window."""
_counter, _value = table_of(Counter).c, table_of(DistinctValue).c
_COUNTERS = select(
    _counter.member_id, _counter.metric, _counter["window"], _counter["count"].label("counted")
)


def counters(
    session: Session,
    community_id: int,
    asked: Asked,
    moved: Iterable[Movement],
    besides: Windows,
) -> dict[int, Counters]:
    """The counters that criteria ask for, and `besides` those in some windows; what just moved is
    known without asking.
    """
    found: defaultdict[int, Counters] = defaultdict(lambda: defaultdict(dict))
    for one in moved:
        if one.member_id in asked:
            found[one.member_id][one.metric][one.window] = one.after
    missing: dict[str, set[int]] = {}
    there: list[str] = []
    for (metric, kind), who in _wanted(asked).items():
        if kind is not None:
            there = there or by_window.windows(session, community_id, Counter)
            own = among(session, _counter["window"], [one for one in there if kind_of(one) == kind])
            _read(session, community_id, found, [metric], who, own)
        elif rest := {one for one in who if ALL_TIME not in found[one][metric]}:
            missing[metric] = rest
    if missing:
        every = set().union(*missing.values())
        _read(session, community_id, found, missing, every, _counter["window"] == ALL_TIME)
    if some := sorted({window for windows in besides.values() for window in windows}):
        _read(session, community_id, found, besides, set(asked), _counter["window"].in_(some))
    return found


def days(
    session: Session, community_id: int, asked: Asked, near: Near
) -> dict[int, dict[str, list[int]]]:
    """The distinct days that streaks ask for: the ordinals of their dates, ascending, by metric;
    of some members only those `near` to what moved.
    """
    wanted = {
        (member_id, criterion.days_of)
        for member_id, criteria in asked.items()
        for criterion in criteria
        if isinstance(criterion, StreakCriterion)
    }
    found: defaultdict[int, dict[str, list[int]]] = defaultdict(dict)
    # One day is many members'.
    ordinals: dict[str, int] = {}
    some = wanted & near.keys()
    for pairs, span in ((wanted - some, None), (some, _widest(near, some))):
        for member_id, metric, value in _days_of(session, community_id, pairs, span):
            if (member_id, metric) not in pairs:
                continue
            day = ordinals.get(value)
            if day is None:
                day = ordinals[value] = date.fromisoformat(value).toordinal()
            found[member_id].setdefault(metric, []).append(day)
    return found


def _widest(near: Near, pairs: Collection[tuple[int, str]]) -> tuple[int, int] | None:
    spans = [near[pair] for pair in pairs]
    return (min(one[0] for one in spans), max(one[1] for one in spans)) if spans else None


def _days_of(
    session: Session,
    community_id: int,
    pairs: Collection[tuple[int, str]],
    span: tuple[int, int] | None,
) -> Sequence[Any]:
    if not pairs:
        return ()
    chosen = (
        select(_value.member_id, _value.metric, _value.value)
        .where(
            _value.community_id == community_id,
            _value.metric.in_(sorted({metric for _, metric in pairs})),
            _value["window"] == ALL_TIME,
            _value.events > 0,
            among(session, _value.member_id, {member_id for member_id, _ in pairs}),
        )
        .order_by(_value.value)
    )
    if span is not None:
        first, last = (date.fromordinal(max(day, 1)).isoformat() for day in span)
        chosen = chosen.where(_value.value.between(first, last))
    return session.connection().execute(chosen).all()


def _wanted(asked: Asked) -> Mapping[Ask, set[int]]:
    """Who has to have a counter read."""
    wanted: defaultdict[Ask, set[int]] = defaultdict(set)
    for member_id, criteria in asked.items():
        for criterion in criteria:
            if criterion.ask is not None:
                wanted[criterion.ask].add(member_id)
    return wanted


def _read(
    session: Session,
    community_id: int,
    found: Mapping[int, Counters],
    metrics: Iterable[str],
    who: Collection[int],
    in_window: ColumnElement[bool],
) -> None:
    rows = session.connection().execute(
        _COUNTERS.where(
            _counter.community_id == community_id,
            _counter.metric.in_(sorted(metrics)),
            in_window,
            among(session, _counter.member_id, who),
        )
    )
    for member_id, metric, window, count in rows.all():
        found[member_id][metric].setdefault(window, count)
