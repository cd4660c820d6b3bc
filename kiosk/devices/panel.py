"""The panel of devices: how many there are, and how many were there just now."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.console.panels import Panel
from kiosk.devices import listing


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """How many devices stand, and how many of them were seen in the last five minutes."""
    every, there = listing.count(session, community_id, now=now)
    return {"every": every, "there": there}


DEVICES = Panel(
    "devices", "Devices", 64, "organiser/panels/devices.html", content, page="devices.page"
)
