"""How many accounts elsewhere are linked to members, and which."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.communities.linking.models import UnlinkedAccount
from app.communities.members import OUR_OWN, known_ids
from app.communities.models import Identity, Member

_other = aliased(Identity)


@dataclass(frozen=True)
class LinkedAccount:
    """An account elsewhere, and whose it is here."""

    external_id: str
    display_name: str | None
    member: str


def linked(session: Session, community_id: int) -> dict[str, int]:
    """How many accounts of each other source belong to members who have one elsewhere as well."""
    rows = session.execute(
        select(Identity.source, func.count().label("accounts"))
        .join(Member, Member.person_id == Identity.person_id)
        .where(Member.community_id == community_id, _is_linked())
        .group_by(Identity.source)
    )
    return {row.source: row.accounts for row in rows}


def of_source(
    session: Session, community_id: int, source: str, *, limit: int
) -> list[LinkedAccount]:
    """The linked accounts of a source, by the names of their members."""
    rows = session.execute(
        select(Identity.external_id, Identity.display_name, Member.display_name.label("member"))
        .join(Member, Member.person_id == Identity.person_id)
        .where(Member.community_id == community_id, Identity.source == source, _is_linked())
        .order_by(Member.display_name, Identity.external_id)
        .limit(limit)
    )
    return [LinkedAccount(row.external_id, row.display_name, row.member) for row in rows]


def who_has_several(
    session: Session, community_id: int, source: str, external_ids: Iterable[str]
) -> dict[str, int]:
    """The ids of those members, by what a source calls them, who have an account elsewhere, too, or
    had one that they unlinked.
    """
    return known_ids(session, community_id, source, external_ids, _has_several())


def has_several(session: Session, member: Member) -> bool:
    """Whether a member has more than one account, or had one more that they unlinked."""
    theirs = select(Identity.source).where(Identity.person_id == member.person_id)
    return session.scalar(theirs.where(_has_several()).limit(1)) is not None


def _has_several() -> ColumnElement[bool]:
    unlinked = select(UnlinkedAccount.source).where(UnlinkedAccount.person_id == Identity.person_id)
    return _has_another() | unlinked.exists()


def _is_linked() -> ColumnElement[bool]:
    return Identity.source.not_in(OUR_OWN) & _has_another()


def _has_another() -> ColumnElement[bool]:
    return (
        select(_other.source)
        .where(_other.person_id == Identity.person_id, _other.source != Identity.source)
        .exists()
    )
