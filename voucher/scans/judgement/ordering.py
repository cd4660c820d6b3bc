"""One order of locks for attempts that are judged together: scans, vouchers, stock, each by id."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.stock import levels
from app.stock.levels import Sort
from voucher.ledger import redeeming
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.attempts import Shown
from voucher.scans.holds import promise_of
from voucher.scans.looking import look_up
from voucher.scans.models import Scan


def apart(waiting: Sequence[Shown]) -> tuple[list[Shown], list[Shown]]:
    """Those who can be judged together, and the rest: no attempt and no voucher stands twice."""
    seen: set[object] = set()
    together: list[Shown] = []
    rest: list[Shown] = []
    for one in waiting:
        own = {one.attempt.key} | ({one.code} if one.code is not None else set())
        (rest if own & seen else together).append(one)
        seen |= own
    return together, rest


def lock_first(session: Session, waiting: Sequence[Shown], *, now: datetime) -> None:
    """Locks all that these attempts may change, before the first of them changes anything.

    Who confirms, undoes or moves has a scan's row first, then its voucher's, then the stock's: so a
    batch that would come back to a scan or a voucher after stock has all of them before. One in
    which no attempt was kept before and no voucher is shown twice does not, and needs nothing here.
    """
    kept = _claimed_again(session, waiting)
    _, rest = apart(waiting)
    if not kept and not any(_changes(one) for one in rest):
        return
    scans = session.execute(
        select(Scan.id, Scan.voucher_id)
        .where(Scan.id.in_(kept))
        .order_by(Scan.id)
        .with_for_update()
    ).all()
    codes = {one.code for one in waiting if one.code is not None and _changes(one)}
    vouchers = session.execute(
        select(Voucher.id, Voucher.reference, Voucher.community_id, Perk.item, Perk.variant)
        .join(Perk, Perk.number == Voucher.perk_number)
        .where(Voucher.community_id.in_({one.attempt.scanner.community_id for one in waiting}))
        .where(or_(Voucher.code.in_(codes), Voucher.id.in_({one.voucher_id or 0 for one in scans})))
    ).all()
    redeeming.lock_all(session, {row.id for row in vouchers})
    sorts = {Sort(row.community_id, row.item, row.variant) for row in vouchers if row.item}
    holders = {row.reference for row in vouchers} | {promise_of(one.id) for one in scans}
    levels.locked(session, sorts, now=now, holders=holders)


def _claimed_again(session: Session, waiting: Sequence[Shown]) -> list[object]:
    """The scans of attempts that were kept before, and are claimed as handed over now."""
    claims = [one.attempt for one in waiting if one.attempt.request.claims_hand_over]
    return [row.id for row in look_up(session, claims, []).attempts.values()] if claims else []


def _changes(one: Shown) -> bool:
    return one.attempt.request.mode != "check"
