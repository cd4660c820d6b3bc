"""A leaderboard as people see it: plain values for pages and Discord, no queries in templates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.boards import final, leaderboards, naming, states
from app.activity.boards.freezing import calendar_of
from app.activity.boards.leaderboards import Place, Rank
from app.activity.boards.naming import Choice, NotBegun
from app.activity.boards.settings import LeaderboardSettings
from app.activity.boards.states import WindowState
from app.activity.counters.models import Standing
from app.activity.counters.standings import FINAL
from app.activity.metrics.settings import title_of
from app.activity.sources import gaps
from app.activity.sources.models import Gap
from app.activity.windows import KINDS
from app.programme.sections import Programme
from app.statements import table_of

ARCHIVED = 30
"""So many closed windows are listed at once."""
_standing = table_of(Standing).c


@dataclass(frozen=True)
class Archived:
    """A window that has closed, in a list of them."""

    window: str
    words: str
    is_final: bool
    members: int


@dataclass(frozen=True)
class Shown:
    """A board in one window, as it stands at a moment."""

    key: str
    board: LeaderboardSettings
    metric: str
    """In words."""
    window: str
    title: str
    """The window in words."""
    state: WindowState
    zone: ZoneInfo
    present: list[Choice]
    places: list[Place]
    members: int
    gaps: list[Gap]

    @property
    def most(self) -> int:
        """The first one's count."""
        return max((place.count for place in self.places), default=0)

    @property
    def is_present(self) -> bool:
        """Whether the window is still open."""
        return self.state.state == "open"


def show(
    session: Session,
    community_id: int,
    programme: Programme,
    key: str,
    named: str | None,
    *,
    limit: int,
    public: bool,
    now: datetime,
) -> Shown:
    """A board in a window, its first one unless named; raises `UnknownBoard`, `UnknownWindow` and
    `NotBegun`.

    What is `public` leaves out who hides.
    """
    board, calendar = naming.board_named(programme, key), calendar_of(programme)
    if named is None and not naming.present(board, calendar, now):
        # Between two seasons.
        named = _newest(session, community_id, key)
    if named is not None and final.is_there(session, community_id, key, named):
        # Whatever the programme says by now: what was published stays to be read.
        window = named
    else:
        window = naming.window_of(board, calendar, named, now)
    state = states.state_of(session, community_id, calendar, key, window, now=now)
    if state.state == "final":
        places = final.places(session, community_id, key, window, limit=limit, public=public)
        members = state.members
    else:
        places = leaderboards.top(
            session, community_id, board.metric, window=window, limit=limit, public=public
        )
        members = leaderboards.members(session, community_id, board.metric, window=window)
    return Shown(
        key,
        board,
        title_of(programme, state.metric or board.metric),
        window,
        naming.title_of(programme, calendar, window),
        state,
        calendar.zone,
        naming.present(board, calendar, now, window),
        places,
        members,
        _gaps(session, community_id, state),
    )


def newest(
    session: Session, community_id: int, programme: Programme, key: str, **how: Any
) -> Shown | None:
    """A board in its first window, as `show()` has it; None before its first season."""
    try:
        return show(session, community_id, programme, key, None, **how)
    except NotBegun:
        return None


def own_place(session: Session, community_id: int, shown: Shown, member_id: int) -> Rank | None:
    """A member's own place in what is shown, whether they hide or not."""
    if shown.state.state == "final":
        found = final.place_of(session, community_id, shown.key, shown.window, member_id)
        return Rank(*found) if found is not None else None
    metric, window = shown.board.metric, shown.window
    return leaderboards.rank(session, community_id, metric, member_id, window=window)


def archive(
    session: Session,
    community_id: int,
    programme: Programme,
    key: str,
    *,
    before: datetime | None = None,
) -> tuple[list[Archived], datetime | None]:
    """The closed windows of a board, the newest first, and from when on to go further back."""
    calendar = calendar_of(programme)
    wanted = (
        select(_standing.window, _standing.state, _standing.members, _standing.closes_at)
        .where(_standing.community_id == community_id, _standing.board == key)
        .order_by(_standing.closes_at.desc(), _standing.window)
    )
    if before is not None:
        wanted = wanted.where(_standing.closes_at < before)
    rows = session.execute(wanted.limit(ARCHIVED + len(KINDS))).all()
    shown = rows[:ARCHIVED]
    # Several windows may close at one moment: none of them is torn from the others.
    while len(shown) < len(rows) and rows[len(shown)].closes_at == shown[-1].closes_at:
        shown = rows[: len(shown) + 1]
    listed = [
        Archived(
            row.window,
            naming.title_of(programme, calendar, row.window),
            row.state == FINAL,
            row.members,
        )
        for row in shown
    ]
    return listed, shown[-1].closes_at if len(rows) > len(shown) else None


def _gaps(session: Session, community_id: int, state: WindowState) -> list[Gap]:
    if state.opens_at is None and state.closes_at is not None:
        # Of a season that the programme names no more nobody knows when it began.
        return []
    return gaps.gaps_in(session, community_id, state.opens_at, state.closes_at)


def _newest(session: Session, community_id: int, key: str) -> str | None:
    return session.scalar(
        select(_standing.window)
        .where(_standing.community_id == community_id, _standing.board == key)
        .order_by(_standing.closes_at.desc())
        .limit(1)
    )
