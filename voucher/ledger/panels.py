"""The organisers' panel of vouchers: how many are where, and how many were used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.console.panels import Panel
from voucher.ledger import moves
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move


@dataclass(frozen=True)
class Counts:
    """Vouchers by what they are now; together they are all that were issued."""

    issued: int
    redeemed: int
    active: int
    expired: int
    withdrawn: int
    """Void, replaced or refunded."""

    @property
    def not_yet_valid(self) -> int:
        """Those whose window is still to come."""
        return self.issued - self.redeemed - self.active - self.expired - self.withdrawn

    def share(self, count: int) -> float:
        """Of all that stand, in per cent; 0 where there are none: a replaced one counts once."""
        standing = self.issued - self.withdrawn
        return round(100 * count / standing, 1) if standing else 0.0


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The counts; the redemption rate is the share of the vouchers that stand that are redeemed."""
    return {"counts": count(session, community_id, now=now)}


def count(session: Session, community_id: int, *, now: datetime) -> Counts:
    """Counts a community's vouchers by state, in one pass."""
    stands = moves.may(Move.REDEEM)
    left = and_(stands, Voucher.uses_taken < Voucher.uses)
    used = and_(stands, Voucher.uses_taken >= Voucher.uses)
    begun, ended = Voucher.valid_from <= now, Voucher.valid_until <= now
    row = session.execute(
        select(
            func.count(),
            func.count().filter(used),
            func.count().filter(left, begun, ~ended),
            func.count().filter(left, ended),
            func.count().filter(~stands),
        ).where(Voucher.community_id == community_id)
    ).one()
    return Counts(*row)


VOUCHERS = Panel("vouchers", "Vouchers", 10, "organiser/panels/vouchers.html", content, wide=True)
