"""How a leaderboard's window stands: open, provisional or final, and what holds it open.

A window that has closed is provisional for a day at least, as sources may tell late of what
happened in it. It is held longer, by nothing but what could still change it. One in which nothing
was counted has no standing, and is empty.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.counters.models import Standing
from app.activity.counters.standings import FINAL
from app.activity.sources import watermarks
from app.activity.sources.models import Source
from app.activity.windows import Calendar

LATE = timedelta(hours=24)
"""So late a source may tell of what happened."""
SETTLING = timedelta(hours=1)
"""For so long at least it is seen that a window has closed before it is final: who comes back after
an outage of our own has that time to begin to read back."""
LONGEST = timedelta(days=7)
"""A source that is behind holds no window open for longer."""
_State = Literal["open", "provisional", "final", "empty"]


@dataclass(frozen=True)
class WindowState:
    """How a board's window stands."""

    window: str
    state: _State
    opens_at: datetime | None
    closes_at: datetime | None
    """Its first moment and the first one after it; None for all time."""
    final_from: datetime | None = None
    """When it is final at the earliest."""
    held: str | None = None
    """What holds it open for longer, in words, where that is so."""
    final_at: datetime | None = None
    members: int = 0
    digest: str | None = None
    metric: str | None = None
    """What it counted, once it is final: the board may count something else by now."""


def state_of(
    session: Session,
    community_id: int,
    calendar: Calendar,
    board: str,
    window: str,
    *,
    now: datetime,
) -> WindowState:
    """How a window of a board stands now."""
    span = calendar.span(window)
    opens, closes = span or (None, None)
    row = session.get(Standing, (community_id, board, window))
    if row is not None and row.state == FINAL:
        return WindowState(
            window,
            "final",
            opens,
            row.closes_at,
            final_at=row.final_at,
            members=row.members,
            digest=row.digest,
            metric=row.metric,
        )
    if closes is None or now < closes:
        return WindowState(window, "open", opens, closes)
    if row is None and now >= closes + LATE:
        return WindowState(window, "empty", opens, closes)
    seen = (row.provisional_at if row else None) or now
    held = holding(session, community_id, closes_at=closes, provisional_at=seen, now=now)
    begun = final_from(closes, seen)
    return WindowState(window, "provisional", opens, closes, begun, held)


def final_from(closes_at: datetime, provisional_at: datetime) -> datetime:
    """When a window is final at the earliest."""
    return max(closes_at + LATE, provisional_at + SETTLING)


def holding(
    session: Session,
    community_id: int,
    *,
    closes_at: datetime,
    provisional_at: datetime,
    now: datetime,
) -> str | None:
    """What could still change a window that has closed, in words; None where nothing could.

    A source that was heard of in the last day is measured by its own newest event: while that is
    not a day past the window's end, older ones may follow.
    """
    held_from = watermarks.held_from(session, community_id, now=now)
    if held_from is not None and held_from < closes_at:
        return "what happened before is being read in just now"
    if now >= provisional_at + LONGEST:
        return None
    behind = session.scalar(
        select(Source.source)
        .where(
            Source.community_id == community_id,
            Source.heard_at > now - LATE,
            Source.newest_at < closes_at + LATE,
        )
        .order_by(Source.source)
        .limit(1)
    )
    return f"{behind} still tells of what happened before" if behind is not None else None
