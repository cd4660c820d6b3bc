"""How many accounts elsewhere are linked to members, and which."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.communities.linking.models import UnlinkedAccount
from app.communities.members import OUR_OWN
from app.communities.models import Identity, Member
from app.statements import among

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
    elsewhere = select(_other.source).where(
        _other.person_id == Identity.person_id, _other.source != Identity.source
    )
    before = select(UnlinkedAccount.source).where(
        UnlinkedAccount.community_id == community_id, UnlinkedAccount.member_id == Member.id
    )
    rows = session.execute(
        select(Identity.external_id, Member.id)
        .join(Member, Member.person_id == Identity.person_id)
        .where(
            Member.community_id == community_id,
            Identity.source == source,
            among(session, Identity.external_id, external_ids),
            elsewhere.exists() | before.exists(),
        )
    )
    return {row.external_id: row.id for row in rows}


def _is_linked() -> ColumnElement[bool]:
    elsewhere = select(_other.source).where(
        _other.person_id == Identity.person_id, _other.source != Identity.source
    )
    return Identity.source.not_in(OUR_OWN) & elsewhere.exists()
