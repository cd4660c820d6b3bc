"""Stock for vouchers: promised as they are issued, or taken as they are redeemed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.communities.models import Station
from app.stock import reserving
from app.stock.levels import Sort
from app.stock.pruning import KEPT
from app.stock.reserving import OutOfStock, Want
from voucher.ledger.models import Voucher
from voucher.ledger.orders import Draft, Reason
from voucher.ledger.windows import stations_of
from voucher.perks.models import Perk

AT_ISSUE = "issue"


def promise_stock(session: Session, drafts: Sequence[Draft], stations: Sequence[Station]) -> None:
    """Promises what each draft needs from stock, or refuses it, in the caller's transaction."""
    asked: dict[Want, Draft] = {}
    for draft in drafts:
        if draft.refusal is None and is_promised(draft.order.perk):
            if draft.order.replaces and draft.order.takes_over:
                reserving.hand_on(session, draft.order.replaces, draft.reference)
            else:
                asked[_want(draft, stations)] = draft
    if not asked:
        return
    order = next(iter(asked.values())).order
    served = reserving.reserve(session, list(asked), actor=order.actor, now=order.at)
    for draft in asked.values():
        if draft.reference not in served:
            draft.refuse(Reason.STOCK, f"{draft.order.perk.name} is out of stock.")


def is_promised(perk: Perk | Row[Any]) -> bool:
    """Whether one is kept for each voucher of a perk."""
    return perk.item is not None and perk.stock_taken == AT_ISSUE


def prolong(session: Session, voucher: Voucher, *, actor: Actor, now: datetime) -> None:
    """Keeps what is promised to a voucher until the end that it has now.

    What was released, or had ended, is promised again; raises `OutOfStock` where it has gone to
    others. A voucher to which nothing was ever promised stays so, unless it is so old that its
    promise may be forgotten by now: then it gets what a new one would.
    """
    left = voucher.uses - voucher.uses_taken
    how: dict[str, Any] = {"actor": actor, "now": now}
    if reserving.prolong(session, voucher.reference, voucher.valid_until, left, **how):
        return
    perk = session.get_one(Perk, voucher.perk_number)
    if not is_promised(perk) or voucher.issued_at > now - KEPT:
        return
    places = frozenset(_places(perk, stations_of(session, {perk.community_id})))
    sort = Sort(perk.community_id, perk.item or "", perk.variant)
    want = Want(sort, places, left, voucher.reference, voucher.valid_until)
    if not reserving.reserve(session, [want], **how):
        raise OutOfStock(f"None is free any more for {voucher.reference}.")


def release(session: Session, voucher: Voucher, *, now: datetime) -> None:
    """What is promised to a voucher is free for others at once."""
    reserving.release(session, voucher.reference, now=now)


def sort_of(perk: Perk | Row[Any]) -> Sort | None:
    """What of the stock a perk is; None where there is no end of it."""
    return Sort(perk.community_id, perk.item, perk.variant) if perk.item is not None else None


def _want(draft: Draft, stations: Sequence[Station]) -> Want:
    perk = draft.order.perk
    sort = Sort(perk.community_id, perk.item or "", perk.variant)
    places = frozenset(_places(perk, stations))
    return Want(sort, places, draft.uses, draft.reference, draft.window[1])


def _places(perk: Perk, stations: Sequence[Station]) -> Collection[str]:
    return [
        station.key
        for station in stations
        if station.community_id == perk.community_id
        and (perk.stations is None or station.key in perk.stations)
    ]
