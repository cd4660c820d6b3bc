"""The demo's community: a quarter of real activity, moved so that it ends today."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app import clock
from app.achievements.evaluation import holding
from app.achievements.intake.replaying import Replayed, replay
from app.activity.events import ActivityEvent
from app.activity.formats import ndjson
from app.activity.intake.batches import is_stored
from app.communities import members
from app.installation import Installation
from app.programme.applying import ready_community

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "activity-2025q1.ndjson.gz"
SOURCE = "sample"
EVENTS = 40_995
LAST_EVENT = "509325855"
ENDED_BEFORE_NOW = timedelta(minutes=20)

PERSONA = "63351357422140450"
"""A member of the sample who wrote in four channels and never in a fifth."""
PERSONA_NAME = "Robin"
PERSONA_DISCORD_ID = "1009000000000000001"
"""Who tries the demo is this person in the simulated Discord."""


def fill(installation: Installation, tell: Callable[[int, int], None]) -> None:
    """Replays the sample with its own times, moved; done before, it changes nothing."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        if is_stored(session, community_id, SOURCE, LAST_EVENT):
            return
    with installation.unit_of_work() as session:
        enter_persona(session, community_id)
    lines = list(ndjson.read(SAMPLE))
    newest = max(line.at for line in lines if isinstance(line, ActivityEvent))
    replay(
        installation,
        community_id,
        lines,
        source=SOURCE,
        dated_by_event=True,
        shift=clock.now() - ENDED_BEFORE_NOW - newest,
        on_batch=lambda replayed: _tell(tell, replayed),
    )


def is_filled(installation: Installation) -> bool:
    """Whether the whole sample was replayed."""
    with installation.reading() as session:
        return is_stored(session, ready_community(installation), SOURCE, LAST_EVENT)


def persona_has(installation: Installation, achievement: str) -> bool:
    """Whether who tries the demo has been granted this achievement."""
    with installation.reading() as session:
        community_id = ready_community(installation)
        try:
            persona = members.find(session, community_id, SOURCE, PERSONA)
        except members.UnknownMember:
            return False
        grants = holding.grants_of(session, community_id, persona.id)
        return any(grant.achievement == achievement for grant in grants)


def enter_persona(session: Session, community_id: int) -> None:
    """Makes the person first, so that their accounts here and there are theirs from the start."""
    now = clock.now()
    members.ids_of(session, community_id, SOURCE, {PERSONA: PERSONA_NAME}, first_seen=now)
    persona = members.find(session, community_id, SOURCE, PERSONA)
    members.link(session, persona, members.DISCORD, PERSONA_DISCORD_ID, PERSONA_NAME)


def _tell(tell: Callable[[int, int], None], replayed: Replayed) -> None:
    tell(replayed.read, EVENTS)
