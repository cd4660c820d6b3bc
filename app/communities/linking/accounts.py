"""The accounts that a member has: here and elsewhere."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.linking import let_go
from app.communities.linking.codes import Account
from app.communities.members import one_at_a_time
from app.communities.merging import KnownElsewhere, TwoPeople, look_for
from app.communities.models import Identity, Member


def told(session: Session, member: Member) -> list[dict[str, Any]]:
    """What each source calls a member, as JSON values."""
    rows = session.execute(
        select(Identity.source, Identity.external_id, Identity.display_name)
        .where(Identity.person_id == member.person_id)
        .order_by(Identity.source, Identity.external_id)
    )
    return [
        {"source": row.source, "id": row.external_id, "display_name": row.display_name}
        for row in rows
    ]


def standing(session: Session, member_id: int) -> Member:
    """The member of this number, or into whom they were merged since."""
    member = session.get_one(Member, member_id, populate_existing=True)
    if member.merged_into is not None:
        member = session.get_one(Member, member.merged_into, populate_existing=True)
    return member


def claim(session: Session, member: Member, account: Account) -> Member | None:
    """Gives an account that nobody has to a member; else returns whose it is, for them to be
    merged, or the member where it is theirs.

    Raises `TwoPeople` where the member has another account there or unlinked one, and
    `KnownElsewhere` where whose it is takes part in other communities alone.
    """
    one_at_a_time(session)
    owner = session.get(Identity, (account.source, account.external_id), populate_existing=True)
    if owner is not None and account.display_name:
        owner.display_name = account.display_name
    if owner is not None and owner.person_id == member.person_id:
        return member
    _check_is_first(session, member, account)
    other = None if owner is None else _member_of(session, member.community_id, owner.person_id)
    let_go.check_same(session, member, account, other)
    for one in (member, other):
        if one is not None:
            let_go.forget_of(session, one, account.source)
    if other is not None:
        return other
    session.add(
        Identity(
            source=account.source,
            external_id=account.external_id,
            person_id=member.person_id,
            display_name=account.display_name,
        )
    )
    session.flush()
    look_for(session, member)
    return None


def _check_is_first(session: Session, member: Member, account: Account) -> None:
    own = select(Identity.external_id).where(
        Identity.person_id == member.person_id, Identity.source == account.source
    )
    if session.scalar(own.limit(1)) is not None:
        raise TwoPeople(
            f"Another account of {account.source} is linked already: one is linked to a person.",
            sources=[account.source],
        )


def _member_of(session: Session, community_id: int, person_id: int) -> Member:
    found = session.scalar(
        select(Member).where(Member.community_id == community_id, Member.person_id == person_id)
    )
    if found is None:
        raise KnownElsewhere("That account takes part in another community here.")
    return found
