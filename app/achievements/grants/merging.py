"""What becomes of the grants of who is merged into another member."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import count

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.achievements.models import Grant
from app.communities.merging import Merge
from app.programme.applying import current


def merge(session: Session, how: Merge) -> None:
    """Gives a member the other's grants; of two of the same the earlier one is kept. What can be
    had again the member has as often as both had it: see `linking.rounds`.

    What both were given stays theirs, so that of a budget nothing is given back.
    """
    community_id = how.member.community_id
    both = session.scalars(
        select(Grant)
        .where(Grant.community_id == community_id)
        .where(Grant.member_id.in_([how.member.id, how.merged.id]))
        .order_by(Grant.granted_at, Grant.id)
    ).all()
    table = current(session, community_id)["achievements"] if both else {}
    by_step: defaultdict[tuple[str, int], list[Grant]] = defaultdict(list)
    for grant in both:
        by_step[grant.achievement, grant.tier].append(grant)
    for (key, _), grants in by_step.items():
        if key in table and table[key].repeat is not None:
            _renumber(session, grants, how)
        else:
            _keep_the_earlier(session, grants, how)


def _keep_the_earlier(session: Session, grants: Iterable[Grant], how: Merge) -> None:
    kept: dict[int, Grant] = {}
    later = [one.id for one in grants if kept.setdefault(one.round, one) is not one]
    session.execute(delete(Grant).where(Grant.id.in_(later)))
    ids = [one.id for one in kept.values()]
    session.execute(update(Grant).where(Grant.id.in_(ids)).values(member_id=how.member.id))


def _renumber(session: Session, grants: Iterable[Grant], how: Merge) -> None:
    """The other's rounds follow those of the member."""
    own = [one.round for one in grants if one.member_id == how.member.id]
    following = count(max(own, default=0) + 1)
    for one in grants:
        if one.member_id == how.merged.id:
            moved = update(Grant).where(Grant.id == one.id)
            session.execute(moved.values(member_id=how.member.id, round=next(following)))
