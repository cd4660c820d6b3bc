"""How often who was two members has what can be had again."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.achievements import holding, knowing
from app.achievements.holding import Held
from app.achievements.models import Grant
from app.achievements.settings import AchievementSettings
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
    # What was given by hand was given each time.
    known = knowing.know(session, community_id, asked, held, now=how.now, by_hand=True)[member_id]
    for key, tier in steps:
        either = max(had[one, key, tier.number].rounds for one in (member_id, how.merged.id))
        session.execute(
            delete(Grant)
            .where(Grant.community_id == community_id, Grant.member_id == member_id)
            .where(Grant.achievement == key, Grant.tier == tier.number)
            .where(Grant.round > max(either, tier.rounds(known)))
        )
