"""What becomes of the grants of who is merged into another member."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.achievements.models import Grant
from app.communities.merging import Merge


def merge(session: Session, how: Merge) -> None:
    """Gives a member the other's grants; of two of the same the earlier one is kept.

    What both were given for it stays theirs.
    """
    community_id = how.member.community_id
    both = session.scalars(
        select(Grant)
        .where(Grant.community_id == community_id)
        .where(Grant.member_id.in_([how.member.id, how.merged.id]))
        .order_by(Grant.granted_at, Grant.id)
    ).all()
    kept: set[tuple[str, int, int]] = set()
    later = []
    for grant in both:
        key = grant.achievement, grant.tier, grant.round
        if key in kept:
            later.append(grant.id)
        kept.add(key)
    session.execute(delete(Grant).where(Grant.id.in_(later)))
    session.execute(
        update(Grant)
        .where(Grant.community_id == community_id, Grant.member_id == how.merged.id)
        .values(member_id=how.member.id)
    )
