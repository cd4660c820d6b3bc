"""Reading final standings: who won, where a member stands, and whether rows are as recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.boards import hiding, leaderboards, striking
from app.activity.boards.freezing import FinalPlace, digest_of, rows_of, subject_of
from app.activity.boards.leaderboards import Place
from app.activity.counters.models import Standing, StandingRow
from app.activity.counters.standings import FINAL
from app.audit import entries
from app.communities import present
from app.refusals import Refused
from app.statements import table_of

_row, _standing = table_of(StandingRow).c, table_of(Standing).c

TOLD = ("metric", "members", "digest")
"""Of a standing, beside its rows: its fact says the same."""


class NotFinal(Refused):
    """The window is not final, or was never counted."""

    code = "standing_not_final"
    status = 404


@dataclass(frozen=True)
class Checked:
    """What came of holding a final standing against the record."""

    board: str
    window: str
    members: int
    digest: str
    """Computed now, from the rows as they are."""
    recorded: str | None
    """What the fact in the record says; None where there is none."""
    differs: tuple[str, ...] = ()
    """What else is told of it and is not as the fact says: `metric`, `members`, `digest`."""

    @property
    def ok(self) -> bool:
        """Whether the rows, and what is told beside them, are those that the record tells of."""
        return self.digest == self.recorded and not self.differs


def is_there(session: Session, community_id: int, board: str, window: str) -> bool:
    """Whether a board has a final standing of a window."""
    row = session.get(Standing, (community_id, board, window))
    return row is not None and row.state == FINAL


def check(session: Session, community_id: int, board: str, window: str) -> Checked:
    """Holds a final standing's rows, and what pages tell of it, against the fact in the record;
    raises `NotFinal`.
    """
    row = session.get(Standing, (community_id, board, window))
    if row is None or row.state != FINAL:
        raise NotFinal(f"{board} has no final standing of {window}.")
    rows = list(rows_of(session, community_id, board, window))
    told = [
        entry.data
        for entry in entries.about(session, community_id, subject_of(board, window))
        if entry.kind == "standing.finalised"
    ]
    # A second fact about the same window would be another story of it.
    fact = told[0] if len(told) == 1 else {}
    differs = tuple(name for name in TOLD if fact and getattr(row, name) != fact[name])
    return Checked(board, window, len(rows), digest_of(rows), fact.get("digest"), differs)


def places(
    session: Session, community_id: int, board: str, window: str, *, limit: int, public: bool
) -> list[Place]:
    """The first places of a final standing; what is `public` leaves out who hides.

    Who was two members then has both places, by the name that they have now.
    """
    gone = striking.struck(session, community_id, window)
    shown: list[leaderboards.Rank] = []
    start = (0, 0)
    while len(shown) < limit:
        rows = session.execute(
            select(_row.rank, _row.member_id, _row.count.label("counted"))
            .where(_row.community_id == community_id, _row.board == board)
            .where(_row.window == window)
            .where((_row.rank > start[0]) | ((_row.rank == start[0]) & (_row.member_id > start[1])))
            .order_by(_row.rank, _row.member_id)
            .limit(limit)
        ).all()
        standing = _as_they_are(session, rows)
        ids = [place.member_id for place in standing]
        left_out = hiding.among_hidden(session, community_id, ids) if public else set()
        left_out |= set(gone)
        shown += [
            leaderboards.Rank(*place) for place in standing if place.member_id not in left_out
        ]
        if len(rows) < limit:
            break
        start = (rows[-1].rank, rows[-1].member_id)
    return leaderboards.named(session, shown[:limit])


def place_of(
    session: Session, community_id: int, board: str, window: str, member_id: int
) -> FinalPlace | None:
    """A member's place in a final standing; None where they have none, or it is not final.

    Of who was two members then, it is the better one.
    """
    own = _row.board == board, _row.window == window
    return _best(session, community_id, member_id, *own).get((board, window))


def of_member(
    session: Session, community_id: int, member_id: int
) -> dict[tuple[str, str], FinalPlace]:
    """All final places of a member, by board and window."""
    return _best(session, community_id, member_id)


def winners(
    session: Session, community_id: int, board: str, window: str, *, up_to: int
) -> list[FinalPlace]:
    """Who has a rank up to this in a final standing, those tied too, and was not struck since."""
    gone = striking.struck(session, community_id, window)
    rows = session.execute(
        select(_row.rank, _row.member_id, _row.count.label("counted"))
        .where(_row.community_id == community_id, _row.board == board, _row.window == window)
        .where(_row.rank <= up_to)
        .order_by(_row.rank, _row.member_id)
    ).all()
    found: dict[int, FinalPlace] = {}
    for place in _as_they_are(session, rows):
        if place.member_id not in gone:
            found.setdefault(place.member_id, place)
    return list(found.values())


def _as_they_are(session: Session, rows: Sequence[Any]) -> list[FinalPlace]:
    """Some rows with the members that they are of by now: the rows stay as they were recorded."""
    are = present.who_they_are(session, [row.member_id for row in rows])
    return [
        FinalPlace(row.rank, are.get(row.member_id, row.member_id), row.counted) for row in rows
    ]


def _best(
    session: Session, community_id: int, member_id: int, *conditions: Any
) -> dict[tuple[str, str], FinalPlace]:
    """A member's places and those of who was merged into them; of two in a window the better."""
    theirs = [member_id, *present.who_they_were(session, [member_id])]
    rows = session.execute(
        select(_row.board, _row.window, _row.rank, _row.count.label("counted"))
        .join(
            table_of(Standing),
            (_standing.community_id == _row.community_id)
            & (_standing.board == _row.board)
            & (_standing.window == _row.window),
        )
        .where(_row.community_id == community_id, _row.member_id.in_(theirs), *conditions)
        .order_by(_standing.closes_at, _row.board, _row.rank)
    )
    found: dict[tuple[str, str], FinalPlace] = {}
    for row in rows:
        found.setdefault((row.board, row.window), FinalPlace(row.rank, member_id, row.counted))
    return found
