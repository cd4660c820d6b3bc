"""How far the channels of a source have been read, whose messages' ids grow with time."""

from collections.abc import Mapping

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app.activity.sources.models import ChannelRead
from app.statements import insert_or, table_of

_read = table_of(ChannelRead).c


def read_to(session: Session, community_id: int, source: str, last: Mapping[str, int]) -> None:
    """That these channels came in up to these messages; never takes anything back."""
    if not last:
        return
    statement = insert_or(session, table_of(ChannelRead))
    given = statement.excluded.last_id
    newer = statement.on_conflict_do_update(
        index_elements=["community_id", "source", "channel"],
        set_={"last_id": case((given > _read.last_id, given), else_=_read.last_id)},
    )
    key = {"community_id": community_id, "source": source}
    # In one order, whoever else writes some of them just now.
    rows = [key | {"channel": channel, "last_id": last[channel]} for channel in sorted(last)]
    session.connection().execute(newer, rows)


def last_read(session: Session, community_id: int, source: str) -> dict[str, int]:
    """Up to which message each channel has come in; of others nothing ever did."""
    rows = session.execute(
        select(_read.channel, _read.last_id).where(
            _read.community_id == community_id, _read.source == source
        )
    )
    return {row.channel: row.last_id for row in rows}
