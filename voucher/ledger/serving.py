"""Which stations redeem a voucher, asked by who carries what is promised to it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.statements import among
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk


def unserved(session: Session, references: Collection[str], station_key: str) -> set[str]:
    """Those of these vouchers that a station does not redeem."""
    rows = session.execute(
        select(Voucher.reference, Perk.stations)
        .join(Perk, Perk.number == Voucher.perk_number)
        .where(among(session, Voucher.reference, sorted(references)))
    )
    return {
        row.reference
        for row in rows
        if row.stations is not None and station_key not in row.stations
    }
