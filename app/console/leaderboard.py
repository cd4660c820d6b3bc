"""The panel of the leaderboard: who wrote most."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.activity.boards import leaderboards
from app.console.panels import Panel

METRIC = "message"
PLACES = 10


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The first ten places by messages, each with its share of the first one's, in per cent."""
    places = leaderboards.top(session, community_id, METRIC, limit=PLACES)
    most = max((place.count for place in places), default=0)
    return {"places": [(place, round(100 * place.count / most) if most else 0) for place in places]}


LEADERBOARD = Panel(
    "leaderboard",
    "Leaderboards",
    40,
    "organiser/panels/leaderboard.html",
    content,
    page="leaderboards_page.page",
)
