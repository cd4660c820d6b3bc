"""What was handed out at a station since a moment, each by the clock that can be believed."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.models import Hold, Scan
from voucher.scans.rules import REDEEMED


def handed_out(
    session: Session, community_id: int, station_id: int, since: datetime
) -> list[dict[str, Any]]:
    """Uses by perk, most first; what was undone is left out.

    What was judged here counts when it was judged or, after a hold, confirmed; what a device
    decided by itself counts when it decided, by the clock here.
    """
    ours: Any = (
        select(Voucher.perk_number, func.sum(Scan.uses).label("uses"))
        .join(Voucher, Voucher.id == Scan.voucher_id)
        .where(Scan.community_id == community_id, Scan.station_id == station_id)
        .where(Scan.verdict == REDEEMED, Scan.undone_at.is_(None))
        .group_by(Voucher.perk_number)
    )
    received = ours.where(Scan.received_at >= since)
    sure = received.where(Scan.scanned_at >= since)
    uses: Counter[int] = Counter()
    for wanted in (sure, _confirmed(ours, since)):
        uses.update({row.perk_number: int(row.uses) for row in session.execute(wanted)})
    # Either decided offline on an earlier day, or by a device whose clock is wrong: few.
    doubtful = received.where(Scan.scanned_at < since).group_by(
        Scan.scanned_at, Scan.received_at, Scan.skew_ms
    )
    uses.update(_judged_here(session.execute(_with_times(doubtful))))
    names = select(Perk.number, Perk.name).where(Perk.number.in_(uses))
    told = [
        {"perk": row.number, "name": row.name, "uses": uses[row.number]}
        for row in session.execute(names)
    ]
    return sorted(told, key=lambda one: (-one["uses"], one["perk"]))


def _confirmed(ours: Select[Any], since: datetime) -> Select[Any]:
    """What was held before, and confirmed since."""
    return (
        ours.join(Hold, Hold.scan_id == Scan.id)
        .where(Hold.ended_at >= since, Hold.ended_as == "confirmed")
        .where(Scan.received_at < since)
    )


def _with_times(ours: Select[Any]) -> Select[Any]:
    return ours.add_columns(Scan.scanned_at, Scan.received_at, Scan.skew_ms)


def _judged_here(rows: Iterable[Row[Any]]) -> Counter[int]:
    """Uses by perk of those that were judged as they were received.

    Of such a scan `scanned_at` is the device's own clock, and `skew_ms` how far that was ahead; of
    one that a device decided by itself, `scanned_at` is corrected by it already.
    """
    uses: Counter[int] = Counter()
    for row in rows:
        ahead = (row.scanned_at - row.received_at) / timedelta(milliseconds=1)
        if round(ahead) == row.skew_ms:
            uses[row.perk_number] += int(row.uses)
    return uses
