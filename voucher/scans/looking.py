"""What the record knows of attempts before they are judged."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.communities.models import Member
from app.statements import table_of
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.attempts import Attempt
from voucher.scans.models import Scan

_scan, _voucher, _perk, _member = (table_of(one).c for one in (Scan, Voucher, Perk, Member))

# By the attempts' ids alone: another device may have drawn the same one, and its row is left out
# afterwards, which takes less than to compare pairs.
_ATTEMPTS: Select[Any] = select(
    _scan.id, _scan.device_id, _scan.attempt_id, _scan.asked, _scan.verdict, _scan.answer
).where(
    _scan.device_id.in_(bindparam("devices", expanding=True)),
    _scan.attempt_id.in_(bindparam("attempts", type_=_scan.attempt_id.type, expanding=True)),
)
_VOUCHERS: Select[Any] = (
    select(
        _voucher.id,
        _voucher.code,
        _voucher.community_id,
        _voucher.reference,
        _voucher.uses,
        _voucher.uses_taken,
        _voucher.valid_from,
        _voucher.valid_until,
        _voucher.standing,
        _voucher.stood_since,
        _voucher.held_until,
        _voucher.token,
        _voucher.member_id,
        _perk.number,
        _perk.name,
        _perk.hand_over,
        _perk.redeemed_when,
        _perk.stations,
        _perk.closed,
        _perk.kind,
        _perk.coupon,
        _perk.staff_note,
        _perk.identity,
        _perk.minimum_age,
        _perk.live,
        _perk.missed,
        _perk.fixed_until,
        _perk.withdrawn_at.label("perk_withdrawn_at"),
        _perk.item,
        _perk.variant,
        _perk.stock_taken,
        _member.display_name,
    )
    .join(table_of(Perk), _perk.number == _voucher.perk_number)
    .join(table_of(Member), _member.id == _voucher.member_id)
    .where(_voucher.code.in_(bindparam("codes", type_=_voucher.code.type, expanding=True)))
)
_NO_ATTEMPTS: dict[tuple[str, UUID], Row[Any]] = {}


class Known(NamedTuple):
    """What is known: answers that were given before, and vouchers."""

    attempts: dict[tuple[str, UUID], Row[Any]]
    """By the attempt's key: `asked` and `answer`."""
    vouchers: dict[tuple[int, bytes], Row[Any]]
    """By community and code: the voucher, its perk and its member's name."""


def look_up(
    session: Session, attempts: Collection[Attempt], codes: Collection[bytes | None]
) -> Known:
    """What is known of these attempts and of the vouchers with these codes, in all communities."""
    kept = _kept(session, attempts) if attempts else _NO_ATTEMPTS
    shown = [code for code in codes if code is not None]
    if not shown:
        return Known(kept, {})
    rows = session.execute(_VOUCHERS, {"codes": shown})
    return Known(kept, {(row.community_id, row.code): row for row in rows})


def voucher_row(session: Session, voucher: Voucher) -> Row[Any]:
    """A voucher with its perk and its member's name, as `look_up()` finds it."""
    return session.execute(_VOUCHERS, {"codes": [voucher.code]}).one()


def _kept(session: Session, attempts: Collection[Attempt]) -> dict[tuple[str, UUID], Row[Any]]:
    asked = {
        "devices": list({one.scanner.device_id for one in attempts}),
        "attempts": [one.request.attempt_id for one in attempts],
    }
    rows = session.connection().execute(_ATTEMPTS, asked)
    return {(row.device_id, row.attempt_id): row for row in rows}
