"""Taking or holding the uses of attempts that are good, and what is handed out for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.stock import handing_out, reserving
from app.stock.handing_out import Take
from app.stock.levels import locked
from app.stock.reserving import Want
from voucher.ledger import redeeming
from voucher.ledger.issuance.promising import sort_of
from voucher.ledger.models import Voucher
from voucher.scans import holds
from voucher.scans.judgement.judged import Judged
from voucher.scans.judgement.verdicts import (
    may_be_held,
    may_override,
    overridden,
    stock_for,
    verdict_of,
)
from voucher.scans.looking import look_up
from voucher.scans.rules import OK, OVERRIDABLE, REDEEMED, RESERVED, VALID
from voucher.scans.scanners import actor_of
from voucher.scans.stocking import wanted_by_hold

HELD_FOR = timedelta(minutes=2)
OUT_OF_STOCK = "out_of_stock"

_Groups = dict[tuple[datetime, int], set[int]]
"""The vouchers that one statement takes from, by the moment and the uses."""


def decide(session: Session, looked_at: Sequence[Judged], *, now: datetime) -> list[Judged]:
    """Takes or holds the uses, and what is handed out for them, of those that are `ok`.

    Most are redemptions of vouchers that nobody holds: theirs are taken by one statement.
    """
    quick = _groups(one for one in looked_at if _is_quick(one, now))
    taken = {one.voucher.id for one in looked_at if one.voucher and _is_taken(one)}
    one_by_one = taken.difference(*quick.values())
    if len(taken) > 1 and (len(quick) > 1 or one_by_one):
        # More than one statement takes them. Before any of the stock, which a hold that ends gives
        # back: so does who moves a voucher.
        redeeming.lock_all(session, taken)
    if len(taken) > 1 and one_by_one:
        sorts = {sort_of(one.voucher) for one in looked_at if one.voucher and _is_taken(one)}
        if some := {sort for sort in sorts if sort is not None}:
            locked(session, some, now=now)
    left = _take_quickly(session, quick)
    decided = [_decide_one(session, one, left, now=now) for one in looked_at]
    return _hand_out(session, decided, now=now)


def _is_taken(one: Judged) -> bool:
    return one.verdict == OK and one.shown.attempt.request.mode != "check"


def _is_quick(one: Judged, now: datetime) -> bool:
    row, mode = one.voucher, one.shown.attempt.request.mode
    if row is None or one.verdict != OK or mode != "redeem":
        return False
    # The quick way asks for the window as well.
    return one.shown.attempt.request.override is None and not may_be_held(row, now)


def _groups(quick: Iterable[Judged]) -> _Groups:
    wanted: _Groups = {}
    for one in quick:
        if one.voucher is not None:
            key = one.shown.now, one.shown.attempt.request.uses
            wanted.setdefault(key, set()).add(one.voucher.id)
    return wanted


def _take_quickly(session: Session, quick: _Groups) -> dict[int, int]:
    """What is left of each voucher whose uses were taken, by its id."""
    left: dict[int, int] = {}
    for (now, uses), vouchers in sorted(quick.items()):
        left |= redeeming.take_uses(session, vouchers, uses, now=now)
    return left


def _decide_one(session: Session, one: Judged, left: dict[int, int], *, now: datetime) -> Judged:
    row, mode = one.voucher, one.shown.attempt.request.mode
    if row is None or one.verdict != OK:
        return _refused(session, one, now=now)
    if mode == "check":
        return one._replace(verdict=VALID, left=row.uses - row.uses_taken)
    if mode == "redeem" and row.id in left:
        return one._replace(verdict=REDEEMED, left=left[row.id])
    return _decide_locked(session, one, now=now)


def _refused(session: Session, one: Judged, *, now: datetime) -> Judged:
    row = one.voucher
    if row is None:
        return one
    until = None
    if one.verdict == "held":
        others = holds.by_others(session, row.id, one.shown.attempt.scanner.device_id, now=now)
        until = max((hold.until for hold in others), default=None)
    may: tuple[str, ...] = ()
    if one.verdict in OVERRIDABLE and one.shown.attempt.request.offline is None:
        may = may_override(session, one.shown, row, now)
    left = row.uses - row.uses_taken
    return one._replace(left=left, held_until=until, may_override=may)


def _decide_locked(session: Session, one: Judged, *, now: datetime) -> Judged:
    """With the voucher's row locked: nobody else takes, holds, confirms or releases meanwhile."""
    shown, scanner = one.shown, one.shown.attempt.scanner
    if one.voucher is None:
        raise RuntimeError("only a known voucher can be taken from")
    voucher = redeeming.locked(session, one.voucher.id)
    known = look_up(session, [], [shown.code])
    row = known.vouchers[scanner.community_id, shown.code or b""]
    verdict = verdict_of(session, shown, row, now=now)
    if verdict != OK:
        return _refused(session, one._replace(voucher=row, verdict=verdict), now=now)
    uses = shown.attempt.request.uses
    holds.make_room(session, voucher, scanner.device_id, uses, now=now)
    left, aside = voucher.uses - voucher.uses_taken, overridden(session, shown, row, now)
    if shown.attempt.request.mode == "redeem":
        redeeming.take_locked(session, voucher, uses)
        return Judged(shown, row, REDEEMED, left - uses, overridden=aside)
    until = now + HELD_FOR
    holds.mark(session, voucher, now=now, also_until=until)
    return Judged(shown, row, RESERVED, left, until, overridden=aside)


def _hand_out(session: Session, decided: Sequence[Judged], *, now: datetime) -> list[Judged]:
    """Takes from stock what was redeemed; where it lacks, the uses are free again."""
    takes: dict[int, Take] = {}
    for place, one in enumerate(decided):
        if one.verdict == REDEEMED and one.voucher is not None:
            wanted = stock_for(one.voucher, one.shown)
            if wanted is not None:
                takes[place] = wanted
    wants = {place: want for place, one in enumerate(decided) if (want := _wanted(one))}
    if takes and wants:
        # All at once: whoever else wants some of both waits here, and holds none of them.
        sorts = {one.sort for one in takes.values()} | {one.sort for one in wants.values()}
        locked(session, sorts, now=now)
    served = dict(zip(takes, handing_out.take(session, list(takes.values()), now=now), strict=True))
    kept = _keep(session, [decided[place] for place in wants], list(wants.values()), now)
    done = []
    for place, one in enumerate(decided):
        if place in wants and wants[place].holder not in kept and one.voucher is not None:
            holds.mark(session, session.get_one(Voucher, one.voucher.id), now=now)
            one = one._replace(verdict=OUT_OF_STOCK, held_until=None, overridden=())
        elif not served.get(place, True) and one.voucher is not None:
            uses = one.shown.attempt.request.uses
            redeeming.put_back(session, one.voucher.id, uses)
            left = (one.left or 0) + uses
            one = one._replace(verdict=OUT_OF_STOCK, left=left, overridden=())
        done.append(one)
    return done


def _keep(
    session: Session, held: Sequence[Judged], wants: Sequence[Want], now: datetime
) -> set[str]:
    """Keeps what holds will hand out, as far as it is not kept for the vouchers there already."""
    if not held:
        return set()
    attempt = held[-1].shown.attempt
    actor = actor_of(attempt.scanner, attempt.operator)
    return reserving.reserve(session, wants, actor=actor, now=now)


def _wanted(one: Judged) -> Want | None:
    """What is to be kept for a hold."""
    if one.voucher is None or one.verdict != RESERVED or one.held_until is None:
        return None
    request, station = one.shown.attempt.request, one.shown.attempt.scanner.station_key
    hold = holds.promise_of(one.shown.scan_id)
    return wanted_by_hold(one.voucher, station, request.uses, hold=hold, until=one.held_until)
