"""Finding partners, and the one that each station is for itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.refusals import Refused
from app.statements import insert_or
from fulfilment.partners.models import HOUSE, Partner


class UnknownPartner(Refused):
    """The community has no such partner."""

    code = "unknown_partner"
    status = 404


def partner(session: Session, community_id: int, key: str) -> Partner:
    """The partner of this key, unless it was withdrawn; raises `UnknownPartner`."""
    found = known(session, community_id, key)
    if found is None or found.withdrawn_at is not None:
        raise UnknownPartner(f"The programme has no partner {key}.")
    return found


def house(session: Session, community_id: int, *, now: datetime) -> Partner:
    """Whoever works at the stations, as the partner of what no other makes; made when needed."""
    session.execute(
        insert_or(session, Partner)
        .values(community_id=community_id, key=HOUSE, name="Our own staff", created_at=now)
        .on_conflict_do_nothing(index_elements=["community_id", "key"])
    )
    return session.scalars(
        select(Partner).where(Partner.community_id == community_id, Partner.key == HOUSE)
    ).one()


def known(session: Session, community_id: int, key: str) -> Partner | None:
    """The partner of this key, withdrawn or not: what was promised in its time still counts."""
    return session.scalar(
        select(Partner).where(Partner.community_id == community_id, Partner.key == key)
    )
