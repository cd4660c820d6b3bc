"""The panel of stations: how many there are, and how many of them are open."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.console.panels import Panel
from kiosk.stations import listing


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """How many stations the programme has, and how many are open at this moment."""
    every, are_open = listing.count(session, community_id, now=now)
    return {"every": every, "open": are_open}


STATIONS = Panel(
    "stations",
    "Stations",
    62,
    "organiser/panels/stations.html",
    content,
    page="stations.page",
)
