"""Since when a leaderboard promises its winners something, and of which windows that holds."""

import tomllib
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.boards.freezing import POSTED_WITHIN
from app.programme.models import ProgrammeVersion

LATEST = POSTED_WITHIN
"""What became final so long after it closed is news to nobody: an import, or a source that told of
what was long ago, has filled it."""


def holds(
    session: Session,
    community_id: int,
    board: str,
    *,
    closes_at: datetime,
    final_at: datetime,
) -> bool:
    """Whether the winners of a window are granted what the board promises: it closed while that
    was in force, and not too long before it became final.
    """
    if final_at > closes_at + LATEST:
        return False
    since = since_when(session, community_id, board)
    return since is not None and closes_at > since


def since_when(session: Session, community_id: int, board: str) -> datetime | None:
    """Since when each programme in force has promised winners of this board something, for the
    metric that it counts now; None where the one in force does not.
    """
    versions = session.execute(
        select(ProgrammeVersion.content, ProgrammeVersion.applied_at)
        .where(ProgrammeVersion.community_id == community_id)
        .order_by(ProgrammeVersion.id.desc())
    )
    since: datetime | None = None
    metric: Any = None
    for content, applied_at in versions:
        # Only what was in force is here; by newer rules it might be refused.
        there = tomllib.loads(content).get("leaderboards", {}).get(board, {})
        if "winners" not in there or (since is not None and there["metric"] != metric):
            break
        since, metric = applied_at, there["metric"]
    return since
