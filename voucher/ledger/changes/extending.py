"""Extending vouchers: one, or all that a station may redeem (rain, a queue)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Told
from app.statements import table_of
from voucher.keys.keyring import keep_end
from voucher.ledger import moves
from voucher.ledger.facts import VoucherExtended
from voucher.ledger.issuance import promising
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move, MoveRefused
from voucher.perks.models import Perk

LONGEST = timedelta(days=366)

_voucher = table_of(Voucher).c
_EXTEND = (
    update(table_of(Voucher))
    .where(_voucher.id == bindparam("which"))
    .values(valid_until=bindparam("until"), look_at=bindparam("at"), extended_at=bindparam("at"))
)


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
    # Last: who issues has the stock's rows first and then the key's, too.
    keep_end(session, voucher.key_number, until)
    fact = VoucherExtended(
        voucher=voucher.reference,
        member=voucher.member_id,
        was_until=before,
        valid_until=until,
        reason=journal.remark(session, voucher.community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)


class Extended(NamedTuple):
    """A voucher that was extended with others, and its new end."""

    reference: str
    valid_until: datetime


def extend_station(
    session: Session,
    community_id: int,
    station_key: str,
    *,
    by: timedelta,
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[Extended]:
    """Extends, by so much, all active vouchers that this station may redeem; returns them.

    Those that have ended stay so: who missed the end of an earlier window is asked for by name. All
    have one reason. Raises `MoveRefused` for less than a second, or more than a year.
    """
    if not timedelta(seconds=1) <= by <= LONGEST:
        raise MoveRefused(f"Vouchers are extended by at most {LONGEST.days} days.")
    active = session.execute(_active(session, community_id, station_key, now)).all()
    ends = {row.id: (row.valid_until + by).replace(microsecond=0) for row in active}
    # Before the vouchers themselves: one whose promise ended just now, and went to others, stays.
    gone = promising.prolong_all(session, active, ends, actor=actor, now=now)
    rows = [row for row in active if row.reference not in gone]
    if not rows:
        return []
    later = [{"which": row.id, "until": ends[row.id], "at": now} for row in rows]
    session.connection().execute(_EXTEND, later)
    _keep_ends(session, rows, ends)
    remark = journal.remark(session, community_id, reason, now=now)
    facts = [_fact(row, ends[row.id], remark) for row in rows]
    journal.record_all(
        session,
        [Told(fact=fact, community_id=community_id, actor=actor, at=now) for fact in facts],
    )
    return [Extended(row.reference, ends[row.id]) for row in rows]


def _active(session: Session, community_id: int, station_key: str, now: datetime) -> Select[Any]:
    perks = session.scalars(select(Perk).where(Perk.community_id == community_id))
    numbers = [
        perk.number for perk in perks if perk.stations is None or station_key in perk.stations
    ]
    return (
        select(table_of(Voucher))
        .where(_voucher.community_id == community_id, _voucher.perk_number.in_(numbers))
        .where(_voucher.valid_from <= now, _voucher.valid_until > now)
        .where(_voucher.uses_taken < _voucher.uses)
        .where(moves.may(Move.EXTEND))
        .order_by(_voucher.id)
        # Whoever scans one of them meanwhile waits: none may fail for another.
        .with_for_update()
    )


def _keep_ends(session: Session, rows: Sequence[Row[Any]], ends: Mapping[int, datetime]) -> None:
    last: dict[int, datetime] = {}
    for row in rows:
        last[row.key_number] = max(ends[row.id], last.get(row.key_number, ends[row.id]))
    for number, until in sorted(last.items()):
        keep_end(session, number, until)


def _fact(row: Row[Any], until: datetime, remark: str) -> VoucherExtended:
    return VoucherExtended(
        voucher=row.reference,
        member=row.member_id,
        was_until=row.valid_until,
        valid_until=until,
        reason=remark,
    )
