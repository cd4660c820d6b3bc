"""What cannot be issued now is owed: a row with its reason, and issued as soon as it can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app import clock, journal
from app.actor import WORKER
from app.clock import as_text
from app.communities.models import Member
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob
from app.journal import Told
from app.plugins import JobHandler, Tick
from app.programme.applying import ProgrammeApplied
from app.stock.facts import StockChanged
from voucher.ledger.facts import VoucherOwed
from voucher.ledger.issuance.issuing import Issued, issue_all
from voucher.ledger.issuance.orders import NotIssued, Order
from voucher.ledger.models import OwedVoucher
from voucher.perks.models import Perk

AGAIN_AFTER = timedelta(minutes=10)
"""Time alone may do it: a season begins, a promise to somebody else ends."""
AT_ONCE = 200


@dataclass(frozen=True)
class Owed:
    """What is owed, with its perk and its member."""

    owed: OwedVoucher
    perk: Perk
    member: Member

    def as_json(self) -> dict[str, Any]:
        """What members and organisers see of it."""
        return {
            "perk": self.perk.key,
            "reason": self.owed.reason,
            "since": as_text(self.owed.since),
        }


def issue_or_owe(session: Session, orders: Sequence[Order]) -> list[Issued | NotIssued]:
    """As `issue_all()`; what cannot be issued now is owed from here on, in the same transaction."""
    outcomes = issue_all(session, orders)
    owed = [
        (order, outcome)
        for order, outcome in zip(orders, outcomes, strict=True)
        if isinstance(outcome, NotIssued)
    ]
    session.add_all(_row(order, outcome) for order, outcome in owed)
    session.flush()
    journal.record_all(session, [_told(order, outcome) for order, outcome in owed])
    return outcomes


def owed_to(session: Session, community_id: int, member_id: int | None = None) -> list[Owed]:
    """What is owed to a member, or to all of a community, oldest first."""
    rows = (
        select(OwedVoucher, Perk, Member)
        .join(Perk, Perk.number == OwedVoucher.perk_number)
        .join(Member, Member.id == OwedVoucher.member_id)
        .where(OwedVoucher.community_id == community_id, OwedVoucher.settled_at.is_(None))
        .order_by(OwedVoucher.since, OwedVoucher.id)
    )
    if member_id is not None:
        rows = rows.where(OwedVoucher.member_id == member_id)
    return [Owed(*row) for row in session.execute(rows)]


def issue_owed(installation: Installation) -> int:
    """Tries what is due, oldest first, each batch in a transaction of its own; returns how many."""
    with installation.reading() as session:
        if session.scalar(_due(clock.now()).limit(1)) is None:
            return 0
    tried = 0
    while True:
        with installation.unit_of_work() as session:
            batch = try_owed(session, now=clock.now())
        tried += batch
        if not batch:
            return tried


def try_owed(session: Session, *, now: datetime) -> int:
    """Tries up to `AT_ONCE` that are due, in the caller's transaction; returns how many."""
    due = session.scalars(_due(now).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    orders = [
        Order(
            session.get_one(Perk, owed.perk_number),
            owed.member_id,
            owed.cause,
            WORKER,
            now,
            uses=owed.uses,
            replaces=owed.replaces,
        )
        for owed in due
    ]
    for owed, outcome in zip(due, issue_all(session, orders) if orders else [], strict=True):
        if isinstance(outcome, NotIssued):
            owed.reason, owed.try_at = outcome.reason, now + AGAIN_AFTER
        else:
            owed.settled_at, owed.voucher = now, outcome.reference
    session.flush()
    return len(due)


def _due(now: datetime) -> Select[OwedVoucher]:
    return (
        select(OwedVoucher)
        .where(OwedVoucher.settled_at.is_(None), OwedVoucher.try_at <= now)
        .order_by(OwedVoucher.since, OwedVoucher.id)
    )


def _something_changed(installation: Installation, job: ClaimedJob) -> None:
    """Stock came in, or the programme changed: everything owed in the community is due now."""
    with effect_of(installation, job) as session:
        fact, now = journal.read(session, job.payload), clock.now()
        session.execute(
            update(OwedVoucher)
            .where(OwedVoucher.community_id == fact.community_id)
            .where(OwedVoucher.settled_at.is_(None), OwedVoucher.try_at > now)
            .values(try_at=now)
            .execution_options(synchronize_session=False)
        )


def _row(order: Order, refusal: NotIssued) -> OwedVoucher:
    return OwedVoucher(
        community_id=order.perk.community_id,
        perk_number=order.perk.number,
        member_id=order.member_id,
        uses=order.uses,
        cause=order.cause,
        replaces=order.replaces,
        reason=refusal.reason,
        since=order.at,
        try_at=order.at + AGAIN_AFTER,
    )


def _told(order: Order, refusal: NotIssued) -> Told:
    fact = VoucherOwed(
        perk=order.perk.number, member=order.member_id, cause=order.cause, reason=refusal.reason
    )
    community_id = order.perk.community_id
    return Told(fact=fact, community_id=community_id, actor=order.actor, at=order.at)


_HANDLER = JobHandler("voucher.look_at_owed", "worker", _something_changed)
HANDLERS = {StockChanged.kind: _HANDLER, ProgrammeApplied.kind: _HANDLER}
TICK = Tick("owed vouchers", 1.0, issue_owed)


def let_go(session: Session, member: Member, *, now: datetime) -> None:
    """Nothing is owed to a member any more, in the caller's transaction."""
    session.execute(
        update(OwedVoucher)
        .where(OwedVoucher.community_id == member.community_id)
        .where(OwedVoucher.member_id == member.id, OwedVoucher.settled_at.is_(None))
        .values(settled_at=now)
    )
