"""How often who was two members has what can be had again."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation import holding, knowing
from app.achievements.evaluation.holding import Held
from app.achievements.models import Grant
from app.communities.merging import Merge
from app.programme.sections import Programme


def keep_what_was_met(session: Session, programme: Programme, how: Merge, had: Held) -> None:
    """Of what both had again and again, by what they `had`, so much is kept as they met together:
    a week in which both had it is one. It is never less often than either had it.

    The member's counters were counted anew before.
    """
    community_id, member_id = how.member.community_id, how.member.id
    table: dict[str, AchievementSettings] = {
        key: one for key, one in programme["achievements"].items() if one.repeat is not None
    }
    steps = [
        (key, tier)
        for key, settings in table.items()
        for tier in settings.steps
        if {(one, key, tier.number) for one in (member_id, how.merged.id)} <= had.keys()
    ]
    if not steps:
        return
    held = holding.held(session, community_id, [member_id])
    criteria = [criterion for _, tier in steps for criterion in tier.criteria]
    asked = {member_id: criteria}
    known = knowing.know(session, community_id, asked, held, now=how.now)[member_id]
    for key, tier in steps:
        theirs = [had[one, key, tier.number] for one in (member_id, how.merged.id)]
        either = max(one.rounds - one.by_hand for one in theirs)
        there = held[member_id, key, tier.number]
        surplus = there.rounds - there.by_hand - max(either, tier.rounds(known))
        if surplus > 0:
            _let_go(session, how, key, tier.number, surplus)


def _let_go(session: Session, how: Merge, key: str, tier: int, surplus: int) -> None:
    """Takes so many of the last ones that were earned, and numbers the others on: what was given by
    hand was given each time.
    """
    grants = session.scalars(
        select(Grant)
        .where(Grant.community_id == how.member.community_id, Grant.member_id == how.member.id)
        .where(Grant.achievement == key, Grant.tier == tier)
        .order_by(Grant.round)
        .execution_options(populate_existing=True)
    ).all()
    gone = [one.id for one in grants if not one.by_hand][-surplus:]
    session.execute(delete(Grant).where(Grant.id.in_(gone)))
    left = [one.id for one in grants if one.id not in gone]
    for number, grant_id in enumerate(left, start=1):
        session.execute(update(Grant).where(Grant.id == grant_id).values(round=number))
