"""When a voucher can be redeemed: the perk's window, and when its stations open."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.hours import Opening, next_opening
from app.communities.models import Station
from voucher.perks.models import Perk

Window = tuple[datetime, datetime]
"""The first valid moment and the first invalid one."""


def stations_of(session: Session, communities: Collection[int]) -> list[Station]:
    """The stations of these communities that stand."""
    return list(
        session.scalars(
            select(Station)
            .where(Station.community_id.in_(communities), Station.withdrawn_at.is_(None))
            .order_by(Station.id)
        )
    )


def window_of(perk: Perk, stations: Iterable[Station], at: datetime) -> Window:
    """The window of a voucher that is issued at this moment, in whole seconds.

    It begins at once or, where the perk says so, when one of its stations opens next. One that
    would be over before a station opens is stretched: it then counts from that opening. Where no
    opening is known it is as if they were always open.
    """
    begins = at.astimezone(UTC).replace(microsecond=0)
    length = timedelta(hours=perk.window_hours)
    opening = _next_opening(perk, stations, begins)
    if opening is None:
        return begins, begins + length
    if perk.window_starts == "opening":
        begins = opening.begins
    return begins, (begins if opening.begins < begins + length else opening.begins) + length


def _next_opening(perk: Perk, stations: Iterable[Station], at: datetime) -> Opening | None:
    openings = [
        next_opening(station.hours, (*station.closed, *perk.closed), station.timezone, at)
        for station in stations
        if station.community_id == perk.community_id
        and (perk.stations is None or station.key in perk.stations)
    ]
    return min((opening for opening in openings if opening is not None), default=None)
