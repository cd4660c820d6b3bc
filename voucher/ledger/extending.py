"""Extending vouchers: one, or all that a station may redeem (rain, a queue)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from voucher.ledger import moves, promising
from voucher.ledger.facts import VoucherExtended
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move, MoveRefused
from voucher.perks.models import Perk

LONGEST = timedelta(days=366)


def extend(
    session: Session,
    voucher: Voucher,
    *,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Lets it be redeemed until a later moment, in the caller's transaction.

    Its token stays: the record's word on the window goes before the signed one. Raises
    `MoveRefused` where `until` is not later than its end and than `now`, more than a year away, or
    nothing of it is left; `OutOfStock` where it had ended and what was promised to it has gone to
    others.
    """
    until = until.astimezone(UTC).replace(microsecond=0)
    if until <= now:
        raise MoveRefused(f"{until:%Y-%m-%d %H:%M} UTC is over: nothing can be extended to it.")
    before = voucher.valid_until
    if until > max(before, now) + LONGEST:
        raise MoveRefused(f"A voucher is extended by at most {LONGEST.days} days.")
    moves.change(
        session,
        voucher,
        Move.EXTEND,
        {"valid_until": until, "extended_at": now},
        now=now,
        # Its end is still the one that the record will name.
        only_if=(
            Voucher.uses_taken < Voucher.uses,
            Voucher.valid_until == before,
            Voucher.valid_until < until,
        ),
        otherwise="is redeemed, or valid for as long already, or was extended just now",
    )
    promising.prolong(session, voucher, actor=actor, now=now)
    fact = VoucherExtended(
        voucher=voucher.reference,
        member=voucher.member_id,
        was_until=before,
        valid_until=until,
        reason=journal.remark(session, voucher.community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)


def extend_station(
    session: Session,
    community_id: int,
    station_key: str,
    *,
    by: timedelta,
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[Voucher]:
    """Extends, by so much, all active vouchers that this station may redeem; returns them.

    Those that have ended stay so: who missed the end of an earlier window is asked for by name.
    """
    perks = session.scalars(select(Perk).where(Perk.community_id == community_id))
    numbers = [
        perk.number for perk in perks if perk.stations is None or station_key in perk.stations
    ]
    vouchers = session.scalars(
        select(Voucher)
        .where(Voucher.community_id == community_id, Voucher.perk_number.in_(numbers))
        .where(Voucher.valid_from <= now, Voucher.valid_until > now)
        .where(Voucher.uses_taken < Voucher.uses)
        .where(moves.may(Move.EXTEND))
        .order_by(Voucher.id)
        # Whoever scans one of them meanwhile waits: none may fail for another.
        .with_for_update()
    ).all()
    for voucher in vouchers:
        until = voucher.valid_until + by
        extend(session, voucher, until=until, reason=reason, actor=actor, now=now)
    return list(vouchers)
