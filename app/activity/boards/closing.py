"""Closing windows: what has ended becomes provisional, and final once nothing can change it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.activity.boards import freezing
from app.activity.boards.freezing import calendar_of
from app.activity.boards.settings import LeaderboardSettings
from app.activity.counters.models import Counter, Standing
from app.activity.counters.standings import FINAL, PROVISIONAL
from app.activity.windows import Calendar, kind_of
from app.communities.models import Community
from app.communities.turns import take_turn
from app.installation import Installation
from app.programme.applying import current
from app.statements import hops, insert_or, table_of

EVERY = 30.0
"""Seconds."""
_counter, _standing = table_of(Counter).c, table_of(Standing).c
Name = tuple[str, str]
"""A standing's board and window."""


@dataclass
class _Due:
    """What is to be done with a community's standings."""

    closed: list[dict[str, Any]] = field(default_factory=list)
    unclosed: list[Name] = field(default_factory=list)
    """That closes at another time now, or counts something else."""
    waiting: list[Name] = field(default_factory=list)


def close_due(installation: Installation) -> int:
    """Looks at each community's windows; returns how many became final."""
    now = clock.now()
    with installation.reading() as session:
        communities = session.scalars(select(Community.id).order_by(Community.id)).all()
    return sum(len(close(installation, community_id, now=now)) for community_id in communities)


def close(installation: Installation, community_id: int, *, now: datetime) -> list[Name]:
    """Looks at a community's windows; returns which became final."""
    with installation.reading() as session:
        try:
            programme = current(session, community_id)
        except LookupError:
            return []
        boards: dict[str, LeaderboardSettings] = programme["leaderboards"]
        due = _look(session, community_id, boards, calendar_of(programme), now)
    if due.closed or due.unclosed:
        with installation.unit_of_work() as session:
            _note(session, community_id, due)
    final: list[Name] = []
    for board, window in due.waiting:
        with installation.unit_of_work() as session:
            fact = freezing.freeze(session, community_id, board, window, now=now)
            if fact is not None:
                final.append((board, window))
    return final


def _look(
    session: Session,
    community_id: int,
    boards: dict[str, LeaderboardSettings],
    calendar: Calendar,
    now: datetime,
) -> _Due:
    due = _Due()
    known = {
        (row.board, row.window): row
        for row in session.execute(
            select(_standing.board, _standing.window, _standing.metric, _standing.state)
            .add_columns(_standing.closes_at)
            .where(_standing.community_id == community_id)
        )
    }
    closed = {
        (key, window): closes
        for key, board in boards.items()
        for window, closes in _closed(session, community_id, board, calendar, now)
    }
    for name, row in known.items():
        if row.state == FINAL:
            continue
        stands = closed.get(name) == row.closes_at and boards[name[0]].metric == row.metric
        (due.waiting if stands else due.unclosed).append(name)
    for name, closes in sorted(closed.items(), key=lambda one: (one[1], one[0])):
        if name not in known or name in due.unclosed:
            due.closed.append(
                {
                    "community_id": community_id,
                    "board": name[0],
                    "window": name[1],
                    "metric": boards[name[0]].metric,
                    "closes_at": closes,
                    "state": PROVISIONAL,
                    "provisional_at": now,
                    "members": 0,
                }
            )
    due.waiting.sort(key=lambda name: (closed[name], name))
    return due


def _closed(
    session: Session,
    community_id: int,
    board: LeaderboardSettings,
    calendar: Calendar,
    now: datetime,
) -> Iterator[tuple[str, datetime]]:
    """The windows of a board in which anything was counted and that are over."""
    for window in windows_counted(session, community_id, board.metric):
        span = calendar.span(window) if kind_of(window) in board.windows else None
        if span is not None and span.closes <= now:
            yield window, span.closes


def windows_counted(session: Session, community_id: int, metric: str) -> list[str]:
    """The windows in which anybody has counted something."""
    own = (_counter.community_id == community_id) & (_counter.metric == metric)
    own &= _counter["count"] > 0
    return hops(session, _counter.window, own)


def _note(session: Session, community_id: int, due: _Due) -> None:
    take_turn(session, community_id)
    for board, window in due.unclosed:
        session.connection().execute(
            delete(table_of(Standing)).where(
                _standing.community_id == community_id,
                _standing.board == board,
                _standing.window == window,
                _standing.state == PROVISIONAL,
            )
        )
    if due.closed:
        statement = insert_or(session, table_of(Standing)).on_conflict_do_nothing()
        session.connection().execute(statement, due.closed)
