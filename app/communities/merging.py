"""Merging: who was two members is one from now on, and has all that both had.

Every package that has rows of members hands over its part (`Plugins.member_merges`). The one who
is merged stays as a row without an identity, since the record names them by its number.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.communities.models import Identity, Member, Person
from app.communities.seeking import sought
from app.plugins import Plugins
from app.refusals import Refused


class TwoPeople(Refused):
    """Both have an account at the same place: they are not merged, as they may be two people."""

    code = "two_people"
    status = 409


class KnownElsewhere(Refused):
    """Who is to be merged is a member of another community as well, which is not ours to change."""

    code = "known_elsewhere"
    status = 409


@dataclass(frozen=True)
class Merge:
    """Who stays, who is merged into them, and when."""

    member: Member
    merged: Member
    now: datetime


def merge(session: Session, how: Merge) -> None:
    """Gives a member all that another one of their community has, in the caller's transaction.

    Their activity is theirs then, and their counters have to be counted anew. Raises `TwoPeople`
    and `KnownElsewhere`, before anything is changed.
    """
    member, merged = how.member, how.merged
    if member.community_id != merged.community_id or member.person_id == merged.person_id:
        raise ValueError("only two people of one community can be merged")
    _check(session, member, merged)
    for part in cast(Plugins, session.info["plugins"]).member_merges.values():
        part(session, how)
    session.execute(
        update(Identity)
        .where(Identity.person_id == merged.person_id)
        .values(person_id=member.person_id)
    )
    _keep_zone(session, member, merged)
    session.execute(
        update(Member).where(Member.merged_into == merged.id).values(merged_into=member.id)
    )
    member.first_seen_at = min(member.first_seen_at, merged.first_seen_at)
    merged.merged_into = member.id
    # A standing that is final still has their row; it says the one name that they have now.
    merged.display_name, merged.sought = member.display_name, ""
    session.flush()
    look_for(session, member)


def look_for(session: Session, member: Member) -> None:
    """Lets a member be found by each of the names that they have now."""
    names = session.execute(
        select(Identity.display_name, Identity.external_id)
        .where(Identity.person_id == member.person_id)
        .order_by(Identity.source, Identity.external_id)
    )
    member.sought = sought([member.display_name, *(name for row in names for name in row)])


def _check(session: Session, member: Member, merged: Member) -> None:
    places = session.scalars(
        select(Identity.source)
        .where(Identity.person_id.in_([member.person_id, merged.person_id]))
        .group_by(Identity.source)
        .having(func.count(Identity.person_id.distinct()) > 1)
        .order_by(Identity.source)
    ).all()
    if places:
        raise TwoPeople(
            f"That account is somebody else's, who has one of {' and of '.join(places)} as well: "
            "an account is linked to one person alone.",
            sources=list(places),
        )
    others = select(func.count()).where(
        Member.person_id == merged.person_id, Member.community_id != merged.community_id
    )
    if session.scalar(others):
        raise KnownElsewhere("That account takes part in another community here as well.")


def _keep_zone(session: Session, member: Member, merged: Member) -> None:
    person, other = (session.get_one(Person, one.person_id) for one in (member, merged))
    person.timezone = person.timezone or other.timezone
    other.timezone = None
