"""What a redemption takes from stock."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.actor import Actor
from app.stock.handing_out import Take
from app.stock.levels import Sort
from voucher.scans.scanners import Scanner


def stock_of(
    row: Row[Any],
    scanner: Scanner,
    uses: int,
    *,
    subject: UUID,
    actor: Actor,
    promise: str | None = None,
) -> Take | None:
    """What has to lie at the scanner's station; None for a perk of which there is no end.

    `promise` is what a hold kept, where nothing is kept for the voucher itself.
    """
    if row.item is None:
        return None
    sort = Sort(scanner.community_id, row.item, row.variant)
    return Take(sort, scanner.station_key, uses, row.reference, str(subject), actor, promise)
