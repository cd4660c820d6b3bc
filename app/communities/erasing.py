"""Erasing a member: what tells who they are goes, and what they did stays as figures.

Every package that keeps something personal hands over its part (`Plugins.member_erasures`); the
names and identities, by which the others find it, go last.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.communities.members import UnknownMember, find, one_at_a_time
from app.communities.models import Identity, Member, Person
from app.communities.turns import take_turn
from app.journal import Fact
from app.plugins import Plugins

ERASED = "Erased member"
RECORDED = "member:"
"""By which one begins who is named as the record names them, before the number."""


@dataclass(frozen=True, kw_only=True)
class MemberErased(Fact):
    """What was known of a member is erased but for figures; `reason` is a remark's hash."""

    kind: ClassVar[str] = "member.erased"
    member: int
    reason: str


@dataclass(frozen=True)
class Erasing:
    """Who erases, why and when."""

    reason: str
    actor: Actor
    now: datetime


def find_ever(session: Session, community_id: int, source: str, name: str) -> Member:
    """A member by what their source calls them, or as `member:7`, which finds one who was erased,
    and for one who was merged into another that one.

    Raises `UnknownMember`.
    """
    number = name.removeprefix(RECORDED)
    if number == name or not (number.isascii() and number.isdecimal() and len(number) < 19):
        return find(session, community_id, source, name)
    member = session.get(Member, int(number))
    if member is not None and member.merged_into is not None:
        member = session.get(Member, member.merged_into)
    if member is None or member.community_id != community_id:
        raise UnknownMember(f"There is no {name} in this community.")
    return member


def is_erased(member: Member) -> bool:
    """Whether nothing tells any more who they are."""
    return member.display_name == ERASED and not member.sought


def erase(session: Session, member: Member, how: Erasing) -> None:
    """Erases a member in the caller's transaction, and records it once; safe to repeat.

    Their vouchers that could be redeemed are void. What others of their memberships need of the
    person stays for those.
    """
    # Nothing comes in of them meanwhile that would stay. In the order in which linking waits.
    take_turn(session, member.community_id)
    one_at_a_time(session)
    session.refresh(member)
    was_erased = is_erased(member)
    for part in cast(Plugins, session.info["plugins"]).member_erasures.values():
        part(session, member, how)
    if was_erased:
        return
    _forget_person(session, member, how.now)
    member.display_name, member.sought = ERASED, ""
    merged = update(Member).where(Member.merged_into == member.id)
    session.execute(merged.values(display_name=ERASED))
    session.flush()
    reason = journal.remark(session, member.community_id, how.reason, now=how.now)
    fact = MemberErased(member=member.id, reason=reason)
    journal.record(session, fact, community_id=member.community_id, actor=how.actor, now=how.now)


def _forget_person(session: Session, member: Member, now: datetime) -> None:
    """Parts a member from their person, who goes unless another community knows them."""
    before = member.person_id
    nobody = Person(created_at=now)
    session.add(nobody)
    session.flush()
    member.person_id = nobody.id
    session.flush()
    others = select(func.count()).select_from(Member).where(Member.person_id == before)
    if session.scalar(others):
        return
    session.execute(delete(Identity).where(Identity.person_id == before))
    session.execute(delete(Person).where(Person.id == before))
