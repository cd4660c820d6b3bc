"""What a member's page of progress shows: criteria, counters, and what of theirs did not count."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.achievements.criteria.wording import Words
from app.achievements.published.progress import progress_of, where_it_counts
from app.activity.intake import explaining
from app.activity.metrics.definitions import metrics_of
from app.communities.models import Member
from app.plugins import Plugins
from app.programme.applying import current


def own_progress(session: Session, member: Member, *, now: datetime) -> dict[str, Any]:
    """Every achievement with the member's counters, their refusals, and their last events."""
    community_id = member.community_id
    programme = current(session, community_id)
    metrics = metrics_of(programme, cast(Plugins, session.info["plugins"]))
    return {
        "every": progress_of(session, community_id, member.id, now=now),
        "where": where_it_counts(session, community_id),
        "words": Words(programme),
        "sums": explaining.refused(session, community_id, member.id, metrics),
        "events": explaining.recent(session, community_id, member.id, metrics),
        "zone_shown": ZoneInfo(programme["community"].timezone),
    }
