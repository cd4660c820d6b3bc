"""Unlinking: an account elsewhere is a member's no more, and what it did so far stays theirs.

Whose a counter is could not be told apart any more. What the account does from then on is that of a
member of its own, until it is linked anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.communities.erasing import RECORDED
from app.communities.linking import let_go
from app.communities.linking.models import UnlinkedAccount
from app.communities.members import OUR_OWN, one_at_a_time
from app.communities.merging import KnownElsewhere, look_for
from app.communities.models import Identity, Member
from app.communities.turns import take_turn
from app.journal import Fact
from app.refusals import Refused
from app.statements import table_of

_unlinked = table_of(UnlinkedAccount).c


@dataclass(frozen=True, kw_only=True)
class MemberUnlinked(Fact):
    """An account of a source is no longer a member's; what it did by then stays theirs.

    What the account is called is not in it. `reason` is a remark's hash where an organiser did it.
    """

    kind: ClassVar[str] = "member.unlinked"
    member: int
    source: str
    reason: str | None

    @property
    def found_by(self) -> str:
        """The member, as the record names them."""
        return f"{RECORDED}{self.member}"


class NotLinked(Refused):
    """There is no such account to unlink."""

    code = "not_linked"
    status = 409


def unlink_own(session: Session, member: Member, source: str, *, now: datetime) -> None:
    """A member unlinks their account of a source, in the caller's transaction.

    Only that one can be linked to them again from there, in whichever of their communities: else
    one could collect what several accounts did, one after the other. Raises `NotLinked`.
    """
    _nothing_comes_in(session, member.community_id)
    identity = _unlinked_from(session, member, source)
    let_go.forget_of(session, member, source)
    session.add(
        UnlinkedAccount(
            person_id=member.person_id,
            source=source,
            account_hash=let_go.hash_of(source, identity.external_id),
            unlinked_at=now,
        )
    )
    _record(session, member, source, None, Actor("member", str(member.id)), now)


def unlink(
    session: Session,
    community_id: int,
    source: str,
    external_id: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Member:
    """An organiser unlinks an account, in the caller's transaction; returns whose it was.

    The member may link another one from there. An account that they unlinked themselves is let go
    in the same way. Raises `NotLinked`, and `KnownElsewhere` where they are a member of another
    community as well: it would be let go there, too.
    """
    _nothing_comes_in(session, community_id)
    member = _whose(session, community_id, source, external_id)
    others = select(func.count()).where(
        Member.person_id == member.person_id, Member.community_id != community_id
    )
    if session.scalar(others):
        raise KnownElsewhere(
            "Whose that account is or was takes part in another community here as well: only they "
            "can unlink it, or link it again."
        )
    known = session.get(Identity, (source, external_id))
    if known is not None and known.person_id == member.person_id:
        _unlinked_from(session, member, source, external_id)
    let_go.forget_of(session, member, source)
    digest = journal.remark(session, community_id, reason, now=now)
    _record(session, member, source, digest, actor, now)
    return member


def can_be_unlinked(sources: Iterable[str], source: str) -> bool:
    """Whether a member who is known by these can do without this one."""
    return source not in OUR_OWN and any(one != source for one in sources)


def _nothing_comes_in(session: Session, community_id: int) -> None:
    """Whose an event is, is known once this is done. In the order in which linking waits."""
    take_turn(session, community_id)
    one_at_a_time(session)


def _whose(session: Session, community_id: int, source: str, external_id: str) -> Member:
    """Whom this account is linked to; else who unlinked it, and for whom it still counts; else
    whose it is alone.
    """
    known = select(Identity.person_id).where(
        Identity.source == source, Identity.external_id == external_id
    )
    elsewhere = select(Identity.person_id).where(Identity.source != source)
    was_theirs = select(_unlinked.person_id).where(
        _unlinked.source == source,
        _unlinked.account_hash == let_go.hash_of(source, external_id),
    )
    has = Member.person_id.in_(known)
    for which in (has & Member.person_id.in_(elsewhere), Member.person_id.in_(was_theirs), has):
        found = select(Member).where(Member.community_id == community_id, which).limit(1)
        if member := session.scalar(found):
            return member
    raise NotLinked(f"No member has an account {external_id} of {source}.")


def _unlinked_from(
    session: Session, member: Member, source: str, external_id: str | None = None
) -> Identity:
    """Takes a member's account of a source from them, and returns it."""
    rows = session.scalars(
        select(Identity)
        .where(Identity.person_id == member.person_id)
        .order_by(Identity.source, Identity.external_id)
        .execution_options(populate_existing=True)
    ).all()
    if not can_be_unlinked([row.source for row in rows], source):
        raise NotLinked(f"An account of {source} is all that they are known by here.")
    found = [row for row in rows if row.source == source and external_id in (None, row.external_id)]
    if not found:
        raise NotLinked(f"No account of {source} is linked.")
    session.delete(found[0])
    session.flush()
    look_for(session, member)
    return found[0]


def _record(
    session: Session,
    member: Member,
    source: str,
    reason: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    fact = MemberUnlinked(member=member.id, source=source, reason=reason)
    journal.record(session, fact, community_id=member.community_id, actor=actor, now=now)
