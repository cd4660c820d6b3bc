"""In which time zone a person is: their own phone's, as soon as it has said so."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.communities.models import Community, Member, Person
from app.refusals import Refused

NAME = re.compile(r"[A-Za-z0-9_+/-]{1,64}", re.ASCII)


class UnknownZone(Refused):
    """No time zone has that name."""

    code = "unknown_zone"
    status = 422


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name, such as `Europe/Berlin`."""
    if NAME.fullmatch(name) is None:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def keep(session: Session, member: Member, zone: str) -> None:
    """Keeps where a member's phone is, in the caller's transaction; raises `UnknownZone`."""
    if not is_zone(zone):
        raise UnknownZone("No time zone has that name.", key="zone")
    person = update(Person).where(Person.id == member.person_id)
    session.execute(person.values(timezone=zone))


def told(session: Session, member: Member) -> str | None:
    """Where a member's phone said that it is, if it did."""
    return session.scalar(select(Person.timezone).where(Person.id == member.person_id))


def nights_of(session: Session, member_id: int) -> tuple[str, str]:
    """A member's quiet hours and the zone that they are told in: the member's own, if known."""
    row = session.execute(
        select(Community.quiet_hours, func.coalesce(Person.timezone, Community.timezone))
        .join(Member, Member.community_id == Community.id)
        .join(Person, Person.id == Member.person_id)
        .where(Member.id == member_id)
    ).one()
    return row[0], row[1]
