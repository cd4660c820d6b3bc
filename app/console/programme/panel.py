"""The panel of the programme: since when it is in force, and how much it promises."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.console.organisers import name_of
from app.console.panels import Panel
from app.programme import history
from app.programme.applying import current

COUNTED = ("achievements", "perks", "leaderboards")


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """What is in force, since when and by whom."""
    newest, programme = history.newest(session, community_id), current(session, community_id)
    by = Actor.parse(newest.applied_by) if newest.applied_by else None
    return {
        "since": newest.applied_at,
        "by": name_of(session, by) if by else None,
        "counts": [(name.capitalize(), len(programme.get(name, ()))) for name in COUNTED],
    }


PROGRAMME = Panel(
    "programme",
    "Programme",
    56,
    "organiser/panels/programme.html",
    content,
    page="programme_page.page",
)
