"""Which programmes were in force, from when on, and how each differs from the one before it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import COMMAND_LINE, Actor
from app.programme.comparing import lines
from app.programme.models import ProgrammeVersion


@dataclass(frozen=True)
class Past:
    """A programme that came into force."""

    id: int
    at: datetime
    by: Actor
    digest: str
    lines: list[str] | None
    """How it differs from the one before it; None for the first one."""

    @property
    def added(self) -> int:
        """How many lines are new."""
        return sum(line[:1] == "+" and line[:3] != "+++" for line in self.lines or ())

    @property
    def gone(self) -> int:
        """How many lines went."""
        return sum(line[:1] == "-" and line[:3] != "---" for line in self.lines or ())


def past(
    session: Session, community_id: int, *, limit: int, before: int | None = None
) -> list[Past]:
    """The programmes of a community that came into force, the newest first; `before` the one of
    that number.
    """
    which = [ProgrammeVersion.community_id == community_id]
    if before is not None:
        which.append(ProgrammeVersion.id < before)
    rows = session.scalars(
        select(ProgrammeVersion).where(*which).order_by(ProgrammeVersion.id.desc()).limit(limit + 1)
    ).all()
    earlier: list[ProgrammeVersion | None] = [*rows[1:], None]
    found = [_past(row, other) for row, other in zip(rows, earlier, strict=True)]
    return found[:limit]


def version(session: Session, community_id: int, number: int) -> ProgrammeVersion | None:
    """The one of this number, if it is of this community."""
    found = session.get(ProgrammeVersion, number)
    return found if found is not None and found.community_id == community_id else None


def newest(session: Session, community_id: int) -> ProgrammeVersion:
    """The one in force; raises `LookupError` where there is none."""
    found = session.scalar(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.community_id == community_id)
        .order_by(ProgrammeVersion.id.desc())
        .limit(1)
    )
    if found is None:
        raise LookupError(f"community {community_id} has no programme in force")
    return found


def _past(row: ProgrammeVersion, other: ProgrammeVersion | None) -> Past:
    by = Actor.parse(row.applied_by) if row.applied_by else COMMAND_LINE
    differs = (
        None if other is None else lines(other.content, row.content, name="then", was="before")
    )
    return Past(row.id, row.applied_at, by, row.digest, differs)
