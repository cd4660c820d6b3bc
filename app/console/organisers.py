"""Who did something, as organisers read it."""

from sqlalchemy.orm import Session

from app.access.models import Organiser
from app.actor import COMMAND_LINE, Actor


def name_of(session: Session, actor: Actor) -> str:
    """An organiser's name; `the command line` and the like for others."""
    if actor.kind == "organiser" and actor.id.isdecimal():
        found = session.get(Organiser, int(actor.id))
        return found.name if found is not None else "an organiser"
    return "the command line" if actor == COMMAND_LINE else actor.kind
