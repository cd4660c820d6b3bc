"""What a change of the programme does: to achievements, told by doing it in a copy, and to all
else that it names.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.achievements.changes.effects import UNCHANGED, Effect
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation.asking import Dating
from app.achievements.grants import budgets, granting, settling, waiting
from app.achievements.models import Grant
from app.achievements.published.progress import closed
from app.achievements.trials import throwaway
from app.actor import COMMAND_LINE
from app.communities import present
from app.communities.models import Member
from app.communities.settings import CommunitySection
from app.installation import Installation
from app.programme import applying, comparing
from app.programme.applying import apply, current
from app.programme.comparing import CHANGED, NEW, WITHDRAWN
from app.programme.loading import LoadedProgramme
from app.programme.sections import Programme

Met = AbstractSet[tuple[int, str, int]]
"""Member, achievement and tier."""
Table = Mapping[str, AchievementSettings]


@dataclass(frozen=True)
class _Found:
    """What came of trying a change."""

    met: Met = frozenset()
    held: Met = frozenset()
    """What is met and held before it."""
    then: Met = frozenset()
    """What is met after it."""
    given: AbstractSet[tuple[int, str]] = frozenset()
    """Whom the worker grants which achievement then."""
    granted: Mapping[str, int] = field(default_factory=dict)
    """How many were granted of each before."""
    waiting: AbstractSet[int] = frozenset()
    """Members who wait since an import."""
    closed: Mapping[str, str | None] = field(default_factory=dict)
    """Why each cannot be had then."""


NOTHING = _Found()


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
    met = _met(session, community_id, before, now)
    held = {one[:3] for one in _grants(session, community_id)}
    apply(session, programme, actor=COMMAND_LINE, now=now)
    then = _met(session, community_id, after, now)
    granted = budgets.granted_of(session, community_id, [*after])
    given = _given(session, community_id, programme.sections, now)
    zone = ZoneInfo(programme.sections["community"].timezone)
    shut = {key: closed(one, granted.get(key, 0), None, zone, now) for key, one in after.items()}
    found = _Found(met, held, then, given, granted, waiting.who_waits(session, community_id), shut)
    keys = [*after, *(key for key in before if key not in after)]
    return [_effect(key, before.get(key), after.get(key), found) for key in keys]


def _given(
    session: Session, community_id: int, programme: Programme, now: datetime
) -> AbstractSet[tuple[int, str]]:
    """Whom the worker grants something once the programme is in force, by its own code."""
    before = _grants(session, community_id)
    due = settling.who(session, community_id, programme, None, now, applied_at=now)
    for key, member_ids in due.items():
        for some in settling.in_chunks(sorted(member_ids)):
            pairs = [(member_id, key) for member_id in some]
            granting.look(session, community_id, programme, pairs, Dating(now))
    return {one[:2] for one in _grants(session, community_id) - before}


def _effect(
    key: str,
    before: AchievementSettings | None,
    after: AchievementSettings | None,
    found: _Found = NOTHING,
) -> Effect:
    def who(which: AbstractSet[Any]) -> set[int]:
        return {one[0] for one in which if one[1] == key}

    def count(which: Met) -> int:
        return len(who(which))

    met, held, then = found.met, found.held, found.then
    settings = after or before
    assert settings is not None
    if after is None:
        return Effect(key, settings.name, WITHDRAWN, 0, count(met - held), count(held), None)
    granted, given = found.granted.get(key, 0), who(found.given)
    return Effect(
        key,
        settings.name,
        NEW if before is None else UNCHANGED if before == after else CHANGED,
        count(then - met - held),
        count(met - then - held),
        count(held - then),
        after.budget,
        None if after.budget is None else max(after.budget - granted, 0),
        before.budget if before else None,
        len(given),
        len(given & who(met - held)),
        len(found.waiting & who(then - held)),
        found.closed.get(key),
    )


def _met(session: Session, community_id: int, table: Table, now: datetime) -> Met:
    found: set[tuple[int, str, int]] = set()
    for some in settling.in_chunks(present.everybody(session, community_id)):
        found |= granting.qualifying(session, community_id, table, some, now=now)
    return found


def _grants(session: Session, community_id: int) -> set[tuple[int, str, int, int]]:
    """Member, achievement, tier and round of each grant."""
    rows = session.execute(
        select(Grant.member_id, Grant.achievement, Grant.tier, Grant.round)
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.community_id == community_id, present.is_there())
    )
    return {(row.member_id, row.achievement, row.tier, row.round) for row in rows}
