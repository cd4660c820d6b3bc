"""The panel of grants: how many, and the newest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.achievements.models import Grant
from app.communities.models import Member
from app.console.panels import Panel
from app.programme import applying

NEWEST = 7
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class NewGrant:
    """One of the newest grants, in words."""

    id: int
    at: datetime
    achievement: str
    member: str


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """How many grants there are, how many are of the last 24 hours, and the newest."""
    count = select(func.count()).select_from(Grant).where(Grant.community_id == community_id)
    return {
        "total": session.scalar(count),
        "last_day": session.scalar(count.where(Grant.granted_at > now - DAY)),
        "newest": _newest(session, community_id),
    }


def _newest(session: Session, community_id: int) -> list[NewGrant]:
    names = _names(session, community_id)
    rows = session.execute(
        select(Grant.id, Grant.granted_at, Grant.achievement, Member.display_name)
        .join(Member, Member.id == Grant.member_id)
        .where(Grant.community_id == community_id)
        .order_by(Grant.granted_at.desc(), Grant.id.desc())
        .limit(NEWEST)
    )
    return [
        NewGrant(grant_id, at, names.get(achievement, achievement), member)
        for grant_id, at, achievement, member in rows
    ]


def _names(session: Session, community_id: int) -> dict[str, str]:
    """What the programme calls its achievements; a key that it dropped is shown as it is."""
    try:
        programme = applying.current(session, community_id)
    except LookupError:
        return {}
    return {key: settings.name for key, settings in programme["achievements"].items()}


GRANTS = Panel("grants", "Grants", 30, "organiser/panels/grants.html", content)
