"""Deleting codes that nobody can enter any more."""

from app import clock
from app.communities.linking import codes
from app.installation import Installation
from app.plugins import Tick


def prune(installation: Installation) -> int:
    """Deletes what is over; returns how many rows."""
    with installation.reading() as session:
        if not codes.is_anything_over(session, now=clock.now()):
            return 0
    with installation.unit_of_work() as session:
        return codes.prune(session, now=clock.now())


TICK = Tick("communities.prune_link_codes", 3600.0, prune)
