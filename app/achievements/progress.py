"""A member's counters beside the published criteria."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from app.achievements.granting import grants_of
from app.activity import counting
from app.activity.metrics import title_of
from app.plugins import Plugins
from app.programme.applying import current


@dataclass(frozen=True)
class Step:
    """One criterion, and how far the member is."""

    title: str
    count: int
    at_least: int


@dataclass(frozen=True)
class Progress:
    """One achievement as a member sees it."""

    key: str
    name: str
    description: str
    reward: str
    needs_all: bool
    steps: tuple[Step, ...]
    granted_at: datetime | None


def progress_of(session: Session, community_id: int, member_id: int | None) -> list[Progress]:
    """Every achievement of the programme in force, for a member; None for who was never seen."""
    programme, plugins = current(session, community_id), cast(Plugins, session.info["plugins"])
    counts: dict[str, int] = {}
    granted: dict[str, datetime] = {}
    if member_id is not None:
        counts = counting.counts(session, community_id, member_id)
        granted = {
            grant.achievement: grant.granted_at
            for grant in grants_of(session, community_id, member_id)
        }
    every = []
    for key, settings in programme["achievements"].items():
        channel, own = settings.channel_settings(plugins)
        steps = tuple(
            Step(title_of(programme, one.metric), counts.get(one.metric, 0), one.at_least)
            for one in settings.criteria
        )
        every.append(
            Progress(
                key,
                settings.name,
                settings.description,
                channel.describe(own, programme),
                bool(settings.all),
                steps,
                granted.get(key),
            )
        )
    return every
