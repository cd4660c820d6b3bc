"""What collectors are not shown: told to organisers, since nothing of it counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app import json_text
from app.activity.presence.models import Sight
from app.statements import table_of

_sight = table_of(Sight).c


def note(
    session: Session, community_id: int, lines: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """Keeps what is not shown of each of these guilds, as sentences; of none that is seen whole."""
    which = _sight.community_id == community_id, _sight.guild.in_(sorted(lines))
    session.execute(delete(table_of(Sight)).where(*which))
    rows = [
        {
            "community_id": community_id,
            "guild": guild,
            "lines": json_text.to_text(list(said)),
            "noted_at": now,
        }
        for guild, said in sorted(lines.items())
        if said
    ]
    if rows:
        session.execute(insert(table_of(Sight)), rows)


def lines(session: Session, community_id: int) -> list[str]:
    """What is not shown, each sentence once."""
    rows = session.scalars(
        select(_sight.lines).where(_sight.community_id == community_id).order_by(_sight.guild)
    )
    return list(dict.fromkeys(line for row in rows for line in json_text.read(row)))
