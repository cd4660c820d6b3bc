"""Voice channels are looked at once in each minute; minutes that nobody saw are a gap."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import json_text
from app.activity.presence.models import VoiceLook
from app.activity.sources import gaps
from app.actor import INTAKE
from app.statements import insert_or, table_of

MINUTE = timedelta(minutes=1)
EMPTY_FOR = timedelta(minutes=10)
"""Where nobody was before and nobody is after, so short a time is no gap."""


def looked(
    session: Session,
    community_id: int,
    source: str,
    guild: str,
    minute: datetime,
    occupied: Collection[str],
    *,
    now: datetime,
) -> None:
    """That in this minute somebody took part in these of a guild's voice channels.

    The minutes since the last look are a gap of each channel where somebody was then or is now: who
    was there is not known, and nothing is counted for them. Of the whole guild where nobody was.
    """
    before = session.get(VoiceLook, (community_id, guild))
    if before is not None and before.minute_at >= minute:
        return
    if before is not None and minute - before.minute_at > MINUTE:
        begin = before.minute_at + MINUTE
        channels: list[str | None] = [*sorted({*json_text.read(before.occupied), *occupied})]
        if not channels and minute - begin >= EMPTY_FOR:
            channels = [None]
        for channel in channels:
            gaps.note(
                session,
                community_id,
                source,
                channel=channel,
                from_at=begin,
                until_at=minute,
                reason="voice",
                actor=INTAKE,
                now=now,
            )
    statement = insert_or(session, table_of(VoiceLook)).values(
        community_id=community_id,
        guild=guild,
        minute_at=minute,
        occupied=json_text.to_text(sorted(occupied)),
    )
    given = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["community_id", "guild"],
            set_={"minute_at": given.minute_at, "occupied": given.occupied},
        )
    )
