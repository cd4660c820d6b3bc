"""Freezing a standing: once, with a digest of its rows in the record."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.orm import Session

from app import journal
from app.activity.boards import striking
from app.activity.boards.settings import LeaderboardSettings
from app.activity.boards.states import final_from, holding
from app.activity.counters.models import Counter, Standing, StandingRow
from app.activity.counters.ranks import Where
from app.activity.counters.standings import FINAL, PROVISIONAL
from app.activity.windows import Calendar
from app.actor import WORKER
from app.communities.turns import take_turn
from app.jobs import queue
from app.journal import Fact
from app.programme.applying import current
from app.programme.sections import Programme
from app.statements import table_of

POST, POSTS_LANE = "standing.post", "discord"
POSTED_WITHIN = timedelta(days=14)
"""What closed longer ago is news to nobody: an import of years fills no channel."""
_counter, _row, _standing = table_of(Counter).c, table_of(StandingRow).c, table_of(Standing).c
TOGETHER = 5_000


@dataclass(frozen=True, kw_only=True)
class StandingFinalised(Fact):
    """A window of a leaderboard is final: nothing that becomes known later moves it."""

    kind: ClassVar[str] = "standing.finalised"
    board: str
    window: str
    metric: str
    members: int
    """How many have a place in it."""
    digest: str

    @property
    def found_by(self) -> str:
        """Which standing it is about."""
        return subject_of(self.board, self.window)


class FinalPlace(NamedTuple):
    """A row of a final standing."""

    rank: int
    member_id: int
    counted: int


def subject_of(board: str, window: str) -> str:
    """What the fact about a standing is found by."""
    return f"standing/{board}/{window}"


def freeze(
    session: Session,
    community_id: int,
    board: str,
    window: str,
    *,
    now: datetime,
) -> StandingFinalised | None:
    """Makes a provisional standing final, in the caller's transaction; None where it is so already,
    or is not due, or by the programme in force is another one.

    Nothing is taken in meanwhile. However many members there are, it takes as many statements.
    """
    take_turn(session, community_id)
    row = session.get(Standing, (community_id, board, window), populate_existing=True)
    if row is None or row.state != PROVISIONAL or not _is_due(session, row, now):
        return None
    settings = _meant(current(session, community_id), row)
    if settings is None:
        return None
    _write_rows(session, community_id, board, window, settings.metric)
    told = list(rows_of(session, community_id, board, window))
    fact = StandingFinalised(
        board=board,
        window=window,
        metric=settings.metric,
        members=len(told),
        digest=digest_of(told),
    )
    session.execute(
        update(table_of(Standing))
        .where(_standing.community_id == community_id, _standing.board == board)
        .where(_standing.window == window)
        .values(state=FINAL, final_at=now, members=fact.members, digest=fact.digest)
    )
    session.expire(row)
    journal.record(session, fact, community_id=community_id, actor=WORKER, now=now)
    if settings.channel is not None and now < row.closes_at + POSTED_WITHIN:
        queue.enqueue(
            session,
            POST,
            {"board": board, "window": window, "channel": settings.channel},
            lane=POSTS_LANE,
            now=now,
            community_id=community_id,
            dedupe=f"{POST}/{community_id}/{board}/{window}",
        )
    return fact


def rows_of(session: Session, community_id: int, board: str, window: str) -> Iterator[FinalPlace]:
    """A final standing's rows by rank, those tied by the member's number."""
    rows = session.execute(
        select(_row.rank, _row.member_id, _row.count.label("counted"))
        .where(_row.community_id == community_id, _row.board == board, _row.window == window)
        .order_by(_row.rank, _row.member_id)
        .execution_options(yield_per=TOGETHER)
    )
    return (FinalPlace(row.rank, row.member_id, row.counted) for row in rows)


def digest_of(rows: Iterable[FinalPlace]) -> str:
    r"""SHA-256, in hexadecimal, over a line for each row, in the order of `rows_of()`.

    A line is canonical JSON (RFC 8785) and ends with `\n`: `{"count":12,"member":7,"rank":1}`.
    """
    found = hashlib.sha256()
    for rank, member, count in rows:
        found.update(f'{{"count":{count},"member":{member},"rank":{rank}}}\n'.encode())
    return found.hexdigest()


def calendar_of(programme: Programme) -> Calendar:
    """The clock by which a programme's windows open and close."""
    return Calendar(programme["community"].timezone, programme["seasons"])


def _meant(programme: Programme, row: Standing) -> LeaderboardSettings | None:
    """The board of a programme that a provisional standing is of, if it is still as it was."""
    settings: LeaderboardSettings | None = programme["leaderboards"].get(row.board)
    span = calendar_of(programme).span(row.window)
    same = settings is not None and settings.metric == row.metric
    return settings if same and span is not None and span.closes == row.closes_at else None


def _is_due(session: Session, row: Standing, now: datetime) -> bool:
    seen = row.provisional_at or now
    if now < final_from(row.closes_at, seen):
        return False
    how = {"closes_at": row.closes_at, "provisional_at": seen, "now": now}
    return holding(session, row.community_id, **how) is None


def _write_rows(session: Session, community_id: int, board: str, window: str, metric: str) -> None:
    chosen = select(
        literal(community_id),
        literal(board),
        literal(window),
        _counter.member_id,
        func.rank().over(order_by=_counter.count.desc()),
        _counter.count,
    ).where(Where(community_id, metric, window).of(_counter), _counter.count > 0)
    gone = striking.struck(session, community_id, window)
    if gone:
        chosen = chosen.where(_counter.member_id.not_in(sorted(gone)))
    names = ["community_id", "board", "window", "member_id", "rank", "count"]
    session.connection().execute(insert(table_of(StandingRow)).from_select(names, chosen))
