"""What a change of the programme does: to achievements, told by doing it in a copy, and to all
else that it names.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.achievements import budgets, granting, settling, throwaway
from app.achievements.models import Grant
from app.achievements.settings import AchievementSettings
from app.actor import COMMAND_LINE
from app.communities import present
from app.communities.models import Member
from app.communities.settings import CommunitySection
from app.installation import Installation
from app.programme import applying, comparing
from app.programme.applying import apply, current
from app.programme.comparing import CHANGED, NEW, WITHDRAWN
from app.programme.loading import LoadedProgramme

UNCHANGED = "unchanged"
Met = AbstractSet[tuple[int, str, int]]
"""Member, achievement and tier."""
Table = Mapping[str, AchievementSettings]


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
    left: int | None = None
    """How many of its budget are left then; None where it has none."""
    was_budget: int | None = None

    @property
    def is_told(self) -> bool:
        """Whether anything becomes of it at all."""
        return self.what != UNCHANGED or bool(self.newly or self.lose)

    @property
    def sentence(self) -> str:
        """In words."""
        if self.what == WITHDRAWN:
            kept = "holds it and keeps it" if self.keep == 1 else "hold it and keep it"
            return f"{self.name} is withdrawn: {_members(self.keep)} {kept}."
        said = f"{self.name} is {self.what}: {_members(self.newly)} would newly qualify, "
        said += f"{self.lose:,} lose"
        if self.keep:
            said += f"; {self.keep:,} hold it without meeting it, and keep it"
        return f"{said}.{self._of_budget}"

    @property
    def _of_budget(self) -> str:
        if self.budget is None:
            return " Its budget goes: there is no end of it." if self.was_budget else ""
        said = f" At most {self.budget:,} are granted, of which {self.left:,} are left"
        if self.what == CHANGED and self.was_budget != self.budget:
            was = f"{self.was_budget:,}" if self.was_budget else "no limit"
            said += f" (so far: {was})"
        elif not self.newly:
            return ""
        return f"{said}."


@dataclass(frozen=True)
class Difference:
    """How a programme differs from what is in force, and what applying it would do."""

    seen: str
    """The digest of what is in force, for `applying.apply_now()`."""
    lines: list[str] = field(default_factory=list)
    """Of the two texts; none where they are the same."""
    effects: list[Effect] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """What becomes of perks, leaderboards and all else, a sentence for each."""

    @property
    def told(self) -> list[Effect]:
        """The achievements of which anything becomes."""
        return [one for one in self.effects if one.is_told]


def compare(installation: Installation, programme: LoadedProgramme) -> Difference:
    """How a programme differs from what is in force; changes nothing, and nobody waits for it.

    Raises as applying it would.
    """
    with installation.reading() as session:
        seen = applying.digest_in_force(session, programme)
        before = applying.text_in_force(session, programme) or ""
        lines = comparing.lines(before, programme.text, name=programme.path.name)
        if not lines:
            return Difference(seen)
        others: list[str] = []
        community_id = CommunitySection().id_of(session, programme.sections)
        if community_id is not None and before:
            found = comparing.changes(current(session, community_id), programme.sections)
            others = comparing.told(
                session, community_id, [one for one in found if one.section != "achievements"]
            )
    return Difference(seen, lines, effects(installation, programme, now=clock.now()), others)


def effects(
    installation: Installation, programme: LoadedProgramme, *, now: datetime
) -> list[Effect]:
    """What applying a programme would do to each achievement; changes nothing.

    It is applied, with all that is counted anew for it, in a copy that is thrown away: so what is
    told is what will be, and meanwhile everybody goes on. Raises as applying it would.
    """
    with installation.reading() as session:
        community_id = CommunitySection().id_of(session, programme.sections)
    if community_id is None:
        return [_effect(key, None, one) for key, one in programme.sections["achievements"].items()]
    with (
        throwaway.copied(installation, community_id) as copy,
        copy.unit_of_work() as session,
    ):
        return _tried(session, community_id, programme, now)


def _tried(
    session: Session, community_id: int, programme: LoadedProgramme, now: datetime
) -> list[Effect]:
    before: Table = current(session, community_id)["achievements"]
    after: Table = programme.sections["achievements"]
    met, held = _met(session, community_id, before, now), _held(session, community_id)
    apply(session, programme, actor=COMMAND_LINE, now=now)
    then = _met(session, community_id, after, now)
    granted = budgets.granted_of(session, community_id, [*after])
    keys = [*after, *(key for key in before if key not in after)]
    return [
        _effect(key, before.get(key), after.get(key), met, held, then, granted.get(key, 0))
        for key in keys
    ]


def _effect(
    key: str,
    before: AchievementSettings | None,
    after: AchievementSettings | None,
    met: Met = frozenset(),
    held: Met = frozenset(),
    then: Met = frozenset(),
    granted: int = 0,
) -> Effect:
    def who(which: Any) -> int:
        return len({one[0] for one in which if one[1] == key})

    settings = after or before
    assert settings is not None
    if after is None:
        return Effect(key, settings.name, WITHDRAWN, 0, who(met - held), who(held), None)
    return Effect(
        key,
        settings.name,
        NEW if before is None else UNCHANGED if before == after else CHANGED,
        who(then - met - held),
        who(met - then - held),
        who(held - then),
        after.budget,
        None if after.budget is None else max(after.budget - granted, 0),
        before.budget if before else None,
    )


def _met(session: Session, community_id: int, table: Table, now: datetime) -> Met:
    found: set[tuple[int, str, int]] = set()
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
