"""What a redemption takes from stock, and what is kept for it while it is held."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.actor import Actor
from app.stock.handing_out import Take
from app.stock.levels import Sort
from app.stock.reserving import Want


def stock_of(
    row: Row[Any],
    station_key: str,
    uses: int,
    *,
    subject: UUID,
    actor: Actor,
    kept_for: str | None = None,
) -> Take | None:
    """What has to lie at a station; None for a perk of which there is no end.

    `kept_for` is what a hold's promise is known by, beside the voucher's own.
    """
    if row.item is None:
        return None
    sort = Sort(row.community_id, row.item, row.variant)
    return Take(sort, station_key, uses, row.reference, str(subject), actor, kept_for)


def wanted_by_hold(
    row: Row[Any], station_key: str, uses: int, *, hold: str, until: datetime
) -> Want | None:
    """What is kept at a station while a hold lasts, out of what is promised to the voucher there as
    far as it goes. None for a perk of which there is no end.
    """
    if row.item is None:
        return None
    sort = Sort(row.community_id, row.item, row.variant)
    return Want(sort, (station_key,), uses, hold, until, lender=row.reference)
