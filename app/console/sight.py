"""The panel of what the bot is not shown: it stands only where there is something to say."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.activity.presence import sight
from app.console.panels import Panel


def content(session: Session, community_id: int, _now: datetime) -> dict[str, Any]:
    """What does not count by that, as sentences."""
    return {"lines": sight.lines(session, community_id)}


SIGHT = Panel(
    "sight",
    "What the bot does not see",
    45,
    "organiser/panels/sight.html",
    content,
    stands=lambda session, community_id: bool(sight.lines(session, community_id)),
)
