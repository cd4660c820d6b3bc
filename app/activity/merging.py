"""What becomes of the activity of who is merged into another member."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from app.activity.boards.models import HiddenMember, Struck
from app.activity.counters import ranks, uncounting
from app.activity.counters.models import Counter
from app.activity.event_log.models import StoredEvent
from app.activity.limits import ignoring
from app.communities.merging import Merge
from app.rows import RowAdd
from app.statements import table_of

_ADD_COUNTS = RowAdd(Counter, "count", returning=True)
_event, _counter = table_of(StoredEvent).c, table_of(Counter).c


def merge(session: Session, how: Merge) -> None:
    """Gives a member the other's events. The other's counters go: the member has to be counted
    anew, also in windows that are final. Their standings stay as they are.
    """
    merged = how.merged
    _hand_on(session, how)
    ignoring.hand_on(session, merged.community_id, merged.id, how.member.id)
    uncounting.forget(session, merged.community_id, merged.id)
    session.connection().execute(
        update(table_of(StoredEvent))
        .where(_event.community_id == merged.community_id, _event.member_id == merged.id)
        .values(member_id=how.member.id)
    )


def _hand_on(session: Session, how: Merge) -> None:
    """Who hid as either hides, and who was struck from a season as either is."""
    for model, others in ((HiddenMember, ()), (Struck, ("season",))):
        columns = table_of(model).c
        theirs = [columns.community_id == how.merged.community_id]
        own = session.execute(
            select(*(columns[name] for name in others), columns.member_id).where(
                *theirs, columns.member_id == how.member.id
            )
        )
        has = {tuple(row)[:-1] for row in own}
        rows = session.execute(
            select(table_of(model)).where(*theirs, columns.member_id == how.merged.id)
        ).mappings()
        moved = [
            {**row, "member_id": how.member.id}
            for row in rows
            if tuple(row[name] for name in others) not in has
        ]
        session.execute(delete(table_of(model)).where(*theirs, columns.member_id == how.merged.id))
        if moved:
            session.execute(insert(table_of(model)), moved)


def hand_on_counts(session: Session, how: Merge, windows: Iterable[tuple[str, str]]) -> None:
    """Adds what the other counted in some windows, as (metric, window), to what the member did:
    where it cannot be counted anew. To be done before they are merged.
    """
    wanted = sorted(windows)
    if not wanted:
        return
    community_id = how.member.community_id
    rows = session.connection().execute(
        select(_counter.metric, _counter.window, _counter.count.label("counted"))
        .where(_counter.community_id == community_id, _counter.member_id == how.merged.id)
        # What is in one window lies together: by their names it is found.
        .where(_counter.window.in_(sorted({window for _, window in wanted})))
        .where(tuple_(_counter.metric, _counter.window).in_(wanted))
    )
    given = [(row.metric, row.window, row.counted) for row in rows]
    added = sorted(
        (community_id, window, how.member.id, metric, count) for metric, window, count in given
    )
    after = {(row[3], row[1]): row[4] for row in _ADD_COUNTS.run(session, added)}
    kept = ranks.kept(session, community_id, {metric for metric, _, _ in given})
    moved = [
        ranks.Moved(metric, window, after[metric, window] - count, after[metric, window])
        for metric, window, count in given
        if (metric, window) in kept
    ]
    ranks.shift(session, community_id, moved)


def kinds_of(session: Session, community_id: int, member_id: int) -> list[str]:
    """The kinds of a member's events, also of those that were taken back."""
    rows = session.connection().execute(
        select(_event.kind)
        .where(_event.community_id == community_id, _event.member_id == member_id)
        .distinct()
        .order_by(_event.kind)
    )
    return [row.kind for row in rows]
