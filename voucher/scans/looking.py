"""What the record knows of an attempt before it is judged: one statement, one row."""

from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, literal, select
from sqlalchemy.orm import Session

from app.communities.models import Member
from app.database import table_of
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.models import Scan
from voucher.scans.requests import Scanner, ScanRequest

_scan, _voucher, _perk, _member = (table_of(one).c for one in (Scan, Voucher, Perk, Member))
_asking = select(literal(1).label("one")).subquery("asking")

# A first row of its own, joined outwards: an attempt may be known, its voucher not, or neither.
_LOOK_UP = (
    select(
        _scan.asked,
        _scan.answer,
        _voucher.id,
        _voucher.reference,
        _voucher.uses,
        _voucher.uses_taken,
        _voucher.valid_from,
        _voucher.valid_until,
        _voucher.member_id,
        _perk.number,
        _perk.name,
        _perk.hand_over,
        _perk.stations,
        _member.display_name,
    )
    .select_from(_asking)
    .outerjoin(
        table_of(Scan),
        and_(
            _scan.device_id == bindparam("device"),
            _scan.attempt_id == bindparam("attempt", type_=_scan.attempt_id.type),
        ),
    )
    .outerjoin(
        table_of(Voucher),
        and_(
            _voucher.code == bindparam("code", type_=_voucher.code.type),
            _voucher.community_id == bindparam("community"),
        ),
    )
    .outerjoin(table_of(Perk), _perk.number == _voucher.perk_number)
    .outerjoin(table_of(Member), _member.id == _voucher.member_id)
)


class Known(NamedTuple):
    """The answer that this attempt was given before, and the voucher it shows; None for none."""

    attempt: Row[Any] | None
    voucher: Row[Any] | None


def look_up(session: Session, scanner: Scanner, request: ScanRequest, code: bytes | None) -> Known:
    """What is known of this attempt, and of the voucher with this code in the device's community.

    The rows are one and the same: `attempt` has `asked` and `answer`, `voucher` the columns of the
    voucher, its perk and its member's name.
    """
    row: Any = session.execute(
        _LOOK_UP,
        {
            "device": scanner.device_id,
            "attempt": request.attempt_id,
            "code": code,
            "community": scanner.community_id,
        },
    ).one()
    return Known(row if row.asked is not None else None, row if row.id is not None else None)
