"""Stock for vouchers: promised as they are issued, or taken as they are redeemed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.communities.models import Station
from app.stock import reserving
from app.stock.levels import Sort
from app.stock.pruning import KEPT
from app.stock.reserving import OutOfStock, Want
from voucher.ledger.issuance.orders import Draft, Reason
from voucher.ledger.issuance.windows import stations_of
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk

AT_ISSUE = "issue"


def promise_stock(session: Session, drafts: Sequence[Draft], stations: Sequence[Station]) -> None:
    """Promises what each draft needs from stock, or refuses it, in the caller's transaction."""
    asked: dict[Want, Draft] = {}
    for draft in drafts:
        order = draft.order
        if draft.refusal is not None:
            continue
        if order.replaces and order.takes_over and order.window:
            # Whatever the perk says by now: what was promised to the old one is the new one's.
            reserving.hand_on(session, order.replaces, draft.reference, now=order.at)
        elif is_promised(order.perk):
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

    What was released, or had ended, is promised again, at any station that hands it over; raises
    `OutOfStock` where it has gone to others. A voucher to which nothing was ever promised stays so,
    unless it is so old that its promise may be forgotten by now: then it gets what a new one would.
    """
    if prolong_all(session, [voucher], {voucher.id: voucher.valid_until}, actor=actor, now=now):
        told = f"What was promised to {voucher.reference} has gone to others: none is free."
        raise OutOfStock(told)


def prolong_all(
    session: Session,
    vouchers: Sequence[Voucher | Row[Any]],
    ends: Mapping[int, datetime],
    *,
    actor: Actor,
    now: datetime,
) -> set[str]:
    """As `prolong()` for many, until the end that `ends` has by a voucher's id.

    Returns the references of those whose promise had ended and has gone to others.
    """
    perks = {one.number: one for one in _perks(session, {one.perk_number for one in vouchers})}
    stations = stations_of(session, {perk.community_id for perk in perks.values()})
    places = {number: _places_now(perk, stations) for number, perk in perks.items()}
    wants = [
        Want(
            _sort(perks[one.perk_number]),
            places[one.perk_number],
            one.uses - one.uses_taken,
            one.reference,
            ends[one.id],
        )
        for one in vouchers
    ]
    old = {
        one.reference
        for one in vouchers
        if one.issued_at <= now - KEPT and is_promised(perks[one.perk_number])
    }
    gone = reserving.prolong(session, wants, forgotten=old, actor=actor, now=now)
    return {
        one.reference
        for one in vouchers
        if one.reference in gone and is_promised(perks[one.perk_number])
    }


def release(session: Session, voucher: Voucher, *, now: datetime) -> None:
    """What is promised to a voucher is free for others at once."""
    reserving.release(session, voucher.reference, now=now)


def sort_of(perk: Perk | Row[Any]) -> Sort | None:
    """What of the stock a perk is; None where there is no end of it."""
    return Sort(perk.community_id, perk.item, perk.variant) if perk.item is not None else None


def _want(draft: Draft, stations: Sequence[Station]) -> Want:
    order = draft.order
    return Want(
        _sort(order.perk),
        _places(order.perk, stations),
        draft.uses,
        draft.reference,
        draft.window[1],
        instead_of=order.replaces if order.takes_over else None,
    )


def _sort(perk: Perk) -> Sort:
    return Sort(perk.community_id, perk.item or "", perk.variant)


def _perks(session: Session, numbers: Collection[int]) -> Sequence[Perk]:
    return session.scalars(select(Perk).where(Perk.number.in_(numbers))).all()


def _places_now(perk: Perk, stations: Sequence[Station]) -> Collection[str]:
    """Where it is promised again: nowhere, if the programme promises none of it any more."""
    return _places(perk, stations) if is_promised(perk) else ()


def _places(perk: Perk, stations: Sequence[Station]) -> Collection[str]:
    return frozenset(
        station.key
        for station in stations
        if station.community_id == perk.community_id
        and (perk.stations is None or station.key in perk.stations)
    )
