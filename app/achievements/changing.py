"""What a change of the programme does to achievements: told by doing it, and undoing it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.achievements import granting, settling
from app.achievements.models import Grant
from app.achievements.settings import AchievementSettings
from app.actor import COMMAND_LINE
from app.communities import present
from app.communities.models import Member
from app.communities.settings import CommunitySection
from app.installation import Installation
from app.programme.applying import apply, current
from app.programme.loading import LoadedProgramme
from app.statements import lock

Met = set[tuple[int, str, int]]
"""Member, achievement and tier."""


@dataclass(frozen=True)
class Effect:
    """What becomes of one achievement."""

    achievement: str
    name: str
    what: str
    """`new`, `changed`, `withdrawn` or `unchanged`."""
    newly: int
    """Members who meet it then and did not before, and do not hold it."""
    lose: int
    """Members who meet it now and hold nothing of it, and would not meet it then."""
    keep: int
    """Members who hold it and would not meet it any more: grants are never taken away."""
    budget: int | None

    @property
    def sentence(self) -> str:
        """In words."""
        if self.what == "withdrawn":
            return f"{self.name} is withdrawn: {_members(self.keep)} hold it and keep it."
        most = f" (at most {self.budget:,} are granted)" if self.budget and self.newly else ""
        said = f"{self.name} is {self.what}: {_members(self.newly)} would newly qualify{most}, "
        said += f"{self.lose:,} lose"
        return (
            f"{said}; {self.keep:,} hold it without meeting it, and keep it."
            if self.keep
            else f"{said}."
        )


class _UndoneAgain(Exception):
    """Ends the transaction in which the change was made."""


def effects(
    installation: Installation, programme: LoadedProgramme, *, now: datetime
) -> list[Effect]:
    """What applying a programme would do to each achievement; changes nothing.

    It is applied, with all that is counted anew for it, in a transaction that is rolled back: so
    what is told is what will be. Meanwhile nothing else is written on SQLite. Raises as applying it
    would.
    """
    found: list[Effect] = []
    try:
        with installation.unit_of_work() as session:
            found = _tried(session, programme, now)
            raise _UndoneAgain
    except _UndoneAgain:
        return found


def _tried(session: Session, programme: LoadedProgramme, now: datetime) -> list[Effect]:
    community_id = CommunitySection().id_of(session, programme.sections)
    before: Any = {}
    met: Met = set()
    held: Met = set()
    if community_id is not None:
        lock(session, f"keepsake.intake.{community_id}")
        before = current(session, community_id)["achievements"]
        met, held = _met(session, community_id, before, now), _held(session, community_id)
    apply(session, programme, actor=COMMAND_LINE, now=now)
    after: dict[str, AchievementSettings] = programme.sections["achievements"]
    community_id = cast(int, CommunitySection().id_of(session, programme.sections))
    then = _met(session, community_id, after, now)
    keys = [*after, *(key for key in before if key not in after)]
    return [_effect(key, before.get(key), after.get(key), met, held, then) for key in keys]


def _effect(
    key: str,
    before: AchievementSettings | None,
    after: AchievementSettings | None,
    met: Met,
    held: Met,
    then: Met,
) -> Effect:
    def who(which: Met) -> int:
        return len({one[0] for one in which if one[1] == key})

    settings = after or before
    assert settings is not None
    if after is None:
        return Effect(key, settings.name, "withdrawn", 0, who(met - held), who(held), None)
    what = "new" if before is None else "unchanged" if before == after else "changed"
    return Effect(
        key,
        settings.name,
        what,
        who(then - met - held),
        who(met - then - held),
        who(held - then),
        after.budget,
    )


def _met(
    session: Session, community_id: int, table: dict[str, AchievementSettings], now: datetime
) -> Met:
    found: Met = set()
    for some in settling.in_chunks(settling.everybody(session, community_id)):
        found |= granting.qualifying(session, community_id, table, some, now=now)
    return found


def _held(session: Session, community_id: int) -> Met:
    rows = session.execute(
        select(Grant.member_id, Grant.achievement, Grant.tier)
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.community_id == community_id, present.is_there())
    )
    return {(row.member_id, row.achievement, row.tier) for row in rows}


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count:,} members"
