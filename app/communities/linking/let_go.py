"""Accounts that members unlinked themselves, and for whom still counts what those did.

That is a person's matter, as a link is: it holds in each of their communities.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from app import credentials
from app.clock import as_text
from app.communities.linking.codes import Account
from app.communities.linking.models import UnlinkedAccount
from app.communities.merging import Merge, TwoPeople
from app.communities.models import Identity, Member
from app.statements import among, table_of

_unlinked = table_of(UnlinkedAccount).c
_other = aliased(Identity)


def check_same(session: Session, member: Member, account: Account, other: Member | None) -> None:
    """Raises `TwoPeople` where a member, or the one to be merged into them, unlinked another
    account of a source of which both would have one then.
    """
    people = [one.person_id for one in (member, other) if one is not None]
    there: defaultdict[str, set[bytes]] = defaultdict(set)
    rows = session.execute(
        select(_unlinked.source, _unlinked.account_hash).where(_unlinked.person_id.in_(people))
    )
    for row in rows:
        there[row.source].add(row.account_hash)
    names = session.execute(
        select(Identity.source, Identity.external_id).where(Identity.person_id.in_(people))
    )
    for source, name in [*names, (account.source, account.external_id)]:
        if source in there:
            there[source].add(hash_of(source, name))
    if twice := sorted(source for source, hashes in there.items() if len(hashes) > 1):
        raise TwoPeople(
            f"Another account of {' and of '.join(twice)} was linked before, and what it did still "
            "counts: only that one can be linked again, unless an organiser lets go of it.",
            sources=twice,
        )


def held_back(session: Session, community_id: int, member_ids: Collection[int]) -> set[int]:
    """Those of these members who are nobody but an account that another member unlinked, wherever,
    and for whom still counts what it did by then.

    By unlinking and linking it in turns they would else be granted everything anew, each time.
    """
    rows = session.execute(
        select(_unlinked.source, _unlinked.account_hash)
        .join(Member, Member.person_id == _unlinked.person_id)
        .where(Member.community_id == community_id)
    ).all()
    if not rows:
        return set()
    unlinked = {row.account_hash for row in rows}
    sources = {row.source for row in rows}
    has_another = select(_other.source).where(
        _other.person_id == Member.person_id, _other.source.not_in(sources)
    )
    known = session.execute(
        select(Member.id, Identity.source, Identity.external_id)
        .join(Identity, Identity.person_id == Member.person_id)
        .where(among(session, Member.id, sorted(member_ids)))
        .where(Identity.source.in_(sources), ~has_another.exists())
    )
    by_unlinked: defaultdict[int, list[bool]] = defaultdict(list)
    for row in known:
        by_unlinked[row.id].append(hash_of(row.source, row.external_id) in unlinked)
    return {member_id for member_id, each in by_unlinked.items() if all(each)}


def forget_of(session: Session, member: Member, source: str | None = None) -> None:
    """Forgets which account of a source a member unlinked, or of all: it is linked again, or let
    go.
    """
    which = [_unlinked.person_id == member.person_id]
    if source is not None:
        which.append(_unlinked.source == source)
    session.connection().execute(delete(table_of(UnlinkedAccount)).where(*which))


def forget(session: Session, member: Any, _how: Any = None) -> None:
    """Forgets all of a member who is erased, unless another community knows the person."""
    elsewhere = select(Member.id).where(
        Member.person_id == member.person_id, Member.id != member.id
    )
    if session.scalar(elsewhere.limit(1)) is None:
        forget_of(session, member)


def merge(session: Session, how: Merge) -> None:
    """Gives a member what the other unlinked; of the same source it is the same account."""
    table = table_of(UnlinkedAccount)
    here, theirs = how.member.person_id, _unlinked.person_id == how.merged.person_id
    own = select(_unlinked.source).where(_unlinked.person_id == here)
    session.connection().execute(delete(table).where(theirs, _unlinked.source.in_(own)))
    session.connection().execute(update(table).where(theirs).values(person_id=here))


def told(session: Session, member: Member) -> list[dict[str, Any]]:
    """Of which sources a member unlinked an account, and when, as JSON values."""
    rows = session.scalars(
        select(UnlinkedAccount)
        .where(UnlinkedAccount.person_id == member.person_id)
        .order_by(UnlinkedAccount.source)
    )
    return [{"source": row.source, "unlinked_at": as_text(row.unlinked_at)} for row in rows]


def hash_of(source: str, external_id: str) -> bytes:
    """By which an account is known again, without its name being kept."""
    return credentials.hash_of(f"{source}\n{external_id}")
