"""Who sends events: a source, by its key."""

from typing import Any

from app import clock
from app.activity.sources.keys import keeping
from app.actor import Actor
from app.http import Caller
from app.installation import Installation

ROLE = "source"


def authenticate(owner: Installation, req: Any, *, remembered: bool = False) -> Caller | None:
    """The source whose key the request carries, or None; on the API's paths alone."""
    kind, _, secret = req.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not req.path.startswith("/api/"):
        return None
    sender = keeping.sender_of(owner, secret.strip(), now=clock.now())
    if sender is None:
        return None
    actor = Actor(ROLE, sender.source)
    return Caller(actor, frozenset({ROLE}), sender.community_id, about=sender)
