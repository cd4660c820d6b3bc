"""When a voucher can be redeemed: the perk's window, and when its stations open."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.communities.hours import next_opening
from app.communities.models import Station
from app.refusals import Refused
from voucher.perks.models import Perk

Window = tuple[datetime, datetime]
"""The first valid moment and the first invalid one."""


_STATIONS = (
    select(Station)
    .where(
        Station.community_id.in_(bindparam("communities", expanding=True)),
        Station.withdrawn_at.is_(None),
    )
    .order_by(Station.id)
)


def stations_of(session: Session, communities: Collection[int]) -> list[Station]:
    """The stations of these communities that stand."""
    return list(session.scalars(_STATIONS, {"communities": list(communities)}))


class NoWindow(Refused):
    """There is no time at which a voucher that is issued now could be redeemed."""

    code = "no_window"
    status = 409


def window_of(perk: Perk, stations: Iterable[Station], at: datetime) -> Window:
    """The window of a voucher that is issued at this moment, in whole seconds.

    It is the perk's fixed dates, or begins at once or, where the perk says so, when one of its
    stations opens next. One that would be over before a station opens is stretched by the perk's
    policy: it then counts from that opening. Raises `NoWindow` where it may not be stretched, or
    no opening is known: nothing is issued dead.
    """
    begins = at.astimezone(UTC).replace(microsecond=0)
    if perk.fixed_from is not None and perk.fixed_until is not None:
        return _fixed_window(perk, stations, max(begins, perk.fixed_from), perk.fixed_until)
    length = timedelta(hours=perk.window_hours)
    opening = _next_opening(perk, stations, begins)
    if opening is None:
        return begins, begins + length
    if perk.window_starts == "opening":
        begins = opening
    if opening < begins + length:
        return begins, begins + length
    if perk.window_policy == "refuse":
        raise NoWindow(f"No station opens within {perk.window_hours} hours.")
    return begins, opening + length


def _fixed_window(
    perk: Perk, stations: Iterable[Station], begins: datetime, until: datetime
) -> Window:
    if begins >= until:
        raise NoWindow(f"Its dates are over: they ended on {until:%d %b %Y, %H:%M} UTC.")
    opening = _next_opening(perk, stations, begins)
    if opening is not None and opening >= until:
        raise NoWindow(f"No station opens before it ends on {until:%d %b %Y, %H:%M} UTC.")
    return begins, until


def _next_opening(perk: Perk, stations: Iterable[Station], at: datetime) -> datetime | None:
    """When one of its stations is open next; None in a community that has no stations yet.

    Raises `NoWindow` where none of them is known to open at all.
    """
    standing = [station for station in stations if station.community_id == perk.community_id]
    own = [one for one in standing if perk.stations is None or one.key in perk.stations]
    if not standing:
        return None
    openings = [
        next_opening(one.hours, (*one.closed, *perk.closed), one.timezone, at) for one in own
    ]
    begins = [max(opening.begins, at) for opening in openings if opening is not None]
    if not begins:
        raise NoWindow("None of its stations has an opening that is known yet.")
    return min(begins)
