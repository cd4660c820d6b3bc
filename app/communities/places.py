"""Finding communities and stations."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.models import Community, Station
from app.refusals import Refused


class UnknownStation(Refused):
    """The community has no such station."""

    code = "unknown_station"
    status = 404


class UnknownCommunity(Refused):
    """No programme of that community was applied."""

    code = "unknown_community"
    status = 404


def community(session: Session, key: str) -> Community:
    """The community of this key; raises `UnknownCommunity`."""
    found = session.scalar(select(Community).where(Community.key == key))
    if found is None:
        raise UnknownCommunity(f"No community {key} is known yet.")
    return found


def is_withdrawn(session: Session, community_id: int, key: str) -> bool:
    """Whether the programme once had a station of this key, and has it no longer."""
    ours = (Station.community_id == community_id, Station.key == key)
    gone = select(Station.id).where(*ours, Station.withdrawn_at.is_not(None))
    return session.scalar(gone) is not None


def station(session: Session, community_id: int, key: str) -> Station:
    """The station of this key, unless it was withdrawn; raises `UnknownStation`."""
    found = session.scalar(
        select(Station).where(
            Station.community_id == community_id,
            Station.key == key,
            Station.withdrawn_at.is_(None),
        )
    )
    if found is None:
        raise UnknownStation(f"The programme has no station {key}.")
    return found
