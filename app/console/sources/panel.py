"""The panel of sources: who sends events, and when each was last heard."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.activity.sources import watermarks as hearing
from app.activity.sources.keys import listing
from app.console.panels import Panel
from app.console.sources.listing import OWN_NAMES
from app.programme.applying import current


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """Each source with the time when it was last heard, and whether it has a key."""
    declared = current(session, community_id)["sources"]
    heard = hearing.heard_at(session, community_id)
    keys = listing.working(session, community_id, now=now)
    names = {key: settings.name for key, settings in declared.items()}
    names |= {key: OWN_NAMES.get(key, key) for key in sorted(heard) if key not in names}
    return {
        "sources": [
            (name, heard.get(key), key in declared and key not in keys)
            for key, name in names.items()
        ]
    }


SOURCES = Panel(
    "sources",
    "Sources",
    58,
    "organiser/panels/sources.html",
    content,
    page="sources_page.page",
)
