"""Counting anew, from the events as they are stored: after a change of what a metric is, or of who
somebody is.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from app.activity.counters import by_window, ranks, standings
from app.activity.counters.counting import IsRanked, move
from app.activity.counters.models import Counter, DistinctValue, MetricDefinition
from app.activity.counters.moves import Change, Movement
from app.activity.event_log import stored
from app.activity.event_log.models import StoredEvent
from app.activity.event_log.taken import Taken
from app.activity.intake import folding
from app.activity.limits import remembering
from app.activity.metrics.definitions import Metric, Metrics
from app.activity.metrics.shares import shares_of
from app.activity.windows import kind_of
from app.communities.turns import take_turn
from app.statements import among, insert_or, table_of

TOGETHER = 200
"""So many members are counted at once at most."""
_event = table_of(StoredEvent).c


def bring_up(session: Session, community_id: int, metrics: Metrics) -> list[str]:
    """Counts those metrics anew that are defined otherwise than when they were counted.

    In the caller's transaction, in which nothing else is taken in. Standings that are final stay
    as they are. Returns the metrics' keys.
    """
    take_turn(session, community_id)
    wanted = _wanted(metrics)
    _let_go(session, community_id, sorted(set(_known(session, community_id)) - set(wanted)))
    remembering.keep_only(session, community_id, metrics.judges)
    changed = outdated(session, community_id, metrics)
    if changed:
        count_anew(session, community_id, metrics, [wanted[key] for key in changed])
        _keep(session, community_id, [wanted[key] for key in changed])
    return changed


def outdated(session: Session, community_id: int, metrics: Metrics) -> list[str]:
    """The metrics that are defined otherwise than when they were counted, or counted otherwise by
    this version of the code.
    """
    known = _known(session, community_id)
    return [key for key, one in _wanted(metrics).items() if known.get(key) != one.definition]


def _wanted(metrics: Metrics) -> dict[str, Metric]:
    return {key: metrics.of(key) for key in (*metrics.defined, *sorted(metrics.wanted))}


def _known(session: Session, community_id: int) -> dict[str, str]:
    columns = table_of(MetricDefinition).c
    rows = session.execute(
        select(columns.metric, columns.definition).where(columns.community_id == community_id)
    )
    return {row.metric: row.definition for row in rows}


def count_anew(
    session: Session,
    community_id: int,
    metrics: Metrics,
    which: Sequence[Metric],
    *,
    member_ids: Collection[int] | None = None,
    also_final: bool = False,
) -> list[Movement]:
    """Counts some metrics anew for these members, or for all; returns the movements from zero on,
    of these members alone where they are named.

    What was counted in windows that are final stays as it is, unless that is counted anew as well:
    it is what criteria look at. The standing itself never changes.
    """
    judges = {metric.judged_as for metric in which if metric.judge is not None}
    which = [*which, *(metrics.defined[key] for key in judges - {metric.key for metric in which})]
    keys = [metric.key for metric in which]
    stays = (
        beyond(session, community_id, metrics, keys)
        if also_final
        else standings.final_windows(session, community_id, keys)
    )
    is_ranked = _ranked(session, community_id, metrics, keys) if also_final else None
    _forget(session, community_id, keys, member_ids, stays)
    kinds = {kind for metric in which for kind in metric.kinds}
    moved: dict[tuple[int, str, str], Movement] = {}
    for some in _chunks(session, community_id, member_ids, kinds):
        for taken in stored.pages(session, community_id, some, kinds=kinds):
            made = _count(session, community_id, metrics, which, taken, is_ranked)
            for one in made if member_ids is not None else ():
                counted = one.member_id, one.metric, one.window
                if counted in moved:
                    moved[counted].join(one)
                else:
                    moved[counted] = one
    return list(moved.values())


def _count(
    session: Session,
    community_id: int,
    metrics: Metrics,
    which: Sequence[Metric],
    taken: Sequence[Taken],
    is_ranked: IsRanked | None,
) -> list[Movement]:
    """Counts stored events in their order; in windows that are final as well where it is said of
    which of them it is kept who ranks where.
    """
    keys = {metric.key for metric in which}
    judged = folding.judge(session, community_id, metrics, taken, only=keys)
    changes = [
        Change(metric, share)
        for kind, share in shares_of(taken, metrics.calendar).by_kind()
        for metric in which
        if metric.judge is None and kind in metric.kinds
    ]
    changes += judged.changes
    days = {change.share.day for change in changes}
    frozen = set() if is_ranked else standings.frozen(session, community_id, days, metrics)
    return move(session, community_id, changes, metrics, frozen=frozen, is_ranked=is_ranked)


def _ranked(session: Session, community_id: int, metrics: Metrics, keys: Sequence[str]) -> IsRanked:
    """Of a window that is final it is kept or not, whatever leaderboards there are by now."""
    kept = ranks.kept(session, community_id, keys)
    final = standings.final_windows(session, community_id, keys)

    def is_ranked(metric: str, window: str) -> bool:
        there = metric, window
        return there in kept if there in final else metric in metrics.ranked

    return is_ranked


def judge_anew(
    session: Session, community_id: int, metrics: Metrics, member_ids: Iterable[int]
) -> list[Movement]:
    """Counts anew of these members what limits judged by with whom it was done."""
    who, which = sorted(member_ids), metrics.judged_by_others
    if not (who and which):
        return []
    return count_anew(session, community_id, metrics, which, member_ids=who)


def beyond(
    session: Session, community_id: int, metrics: Metrics, keys: Sequence[str]
) -> set[tuple[str, str]]:
    """The final windows of some metrics in which the programme in force does not count any more,
    as (metric, window): of seasons that it does not name.
    """
    return {
        (key, window)
        for key, window in standings.final_windows(session, community_id, keys)
        if kind_of(window) not in metrics.of(key).windows or not metrics.calendar.span(window)
    }


def _chunks(
    session: Session, community_id: int, member_ids: Collection[int] | None, kinds: Iterable[str]
) -> Iterator[Sequence[int]]:
    """Members who are counted at once: some, or one with very many events."""
    which = [_event.community_id == community_id, _event.kind.in_(sorted(kinds))]
    if member_ids is not None:
        which.append(among(session, _event.member_id, sorted(member_ids)))
    rows = session.execute(
        select(_event.member_id, func.count().label("events"))
        .where(*which)
        .group_by(_event.member_id)
        .order_by(_event.member_id)
    ).all()
    some: list[int] = []
    events = 0
    for row in rows:
        if some and (len(some) == TOGETHER or events + row.events > stored.AT_ONCE):
            yield some
            some, events = [], 0
        some.append(row.member_id)
        events += row.events
    if some:
        yield some


def _forget(
    session: Session,
    community_id: int,
    keys: Sequence[str],
    member_ids: Collection[int] | None,
    stays: Collection[tuple[str, str]],
) -> None:
    ranks.forget(session, community_id, keys, but=stays, member_ids=member_ids)
    for model in (Counter, DistinctValue):
        columns = table_of(model).c
        which: list[Any] = [columns.community_id == community_id, columns.metric.in_(keys)]
        if stays:
            which.append(tuple_(columns.metric, columns.window).not_in(sorted(stays)))
        if member_ids is not None:
            which.append(by_window.rows_of(session, community_id, model, member_ids))
        session.connection().execute(delete(table_of(model)).where(*which))
    for member_id in (None,) if member_ids is None else sorted(member_ids):
        remembering.forget(session, community_id, keys, member_id)


def _let_go(session: Session, community_id: int, keys: Sequence[str]) -> None:
    """Their windows are counted no more, nor who ranks where: wanted again, it is done anew, but in
    windows that are final, where nothing moves. Of those that are no kinds nothing else stays: a
    kind may take the name.
    """
    if keys:
        kinds = session.scalars(
            select(_event.kind)
            .where(_event.community_id == community_id, _event.kind.in_(keys))
            .distinct()
        ).all()
        final = standings.final_windows(session, community_id, keys)
        if gone := sorted({*keys} - {*kinds}):
            _forget(session, community_id, gone, None, final)
        columns = table_of(MetricDefinition).c
        session.connection().execute(
            delete(table_of(MetricDefinition)).where(
                columns.community_id == community_id, columns.metric.in_(keys)
            )
        )
        ranks.forget(session, community_id, keys, but=final, member_ids=None)


def _keep(session: Session, community_id: int, which: Iterable[Metric]) -> None:
    statement = insert_or(session, table_of(MetricDefinition))
    kept = statement.on_conflict_do_update(
        index_elements=["community_id", "metric"],
        set_={"definition": statement.excluded.definition},
    )
    rows = [
        {"community_id": community_id, "metric": metric.key, "definition": metric.definition}
        for metric in which
    ]
    session.connection().execute(kept, rows)
