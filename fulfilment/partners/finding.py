"""Finding partners."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.refusals import Refused
from fulfilment.partners.models import Partner


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


def known(session: Session, community_id: int, key: str) -> Partner | None:
    """The partner of this key, withdrawn or not: what was promised in its time still counts."""
    return session.scalar(
        select(Partner).where(Partner.community_id == community_id, Partner.key == key)
    )
