"""What the record says of attempts, and taking or holding the uses of those that are good."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.communities import hours
from app.stock import handing_out, reserving
from app.stock.handing_out import Take
from app.stock.levels import locked
from app.stock.reserving import Want
from voucher.ledger import redeeming
from voucher.ledger.models import Voucher
from voucher.ledger.promising import sort_of
from voucher.scans import holds
from voucher.scans.attempts import Shown
from voucher.scans.judged import Judged
from voucher.scans.looking import look_up
from voucher.scans.rules import (
    OK,
    OVERRIDABLE,
    REDEEMED,
    RESERVED,
    VALID,
    Asked,
    RecordView,
    judge,
    set_aside,
)
from voucher.scans.scanners import Scanner, actor_of
from voucher.scans.stocking import stock_of, wanted_by_hold
from voucher.token.reading import take_apart

HELD_FOR = timedelta(minutes=2)
STAFF_LOOK = ("identity_required", "live_required")
"""What staff who look who it is can answer."""
OUT_OF_STOCK = "out_of_stock"

_Groups = dict[tuple[datetime, int], set[int]]
"""The vouchers that one statement takes from, by the moment and the uses."""


def verdict_of(session: Session, one: Shown, row: Row[Any] | None, *, now: datetime) -> str:
    """`ok`, or why not, by the token's checks and then the record's."""
    view = None if row is None else _view(session, one, row, now)
    return judge(one.seen.payload, view, _asked(one))


def _asked(one: Shown) -> Asked:
    request = one.attempt.request
    aside = frozenset(request.override.rules if request.override else ())
    station = one.attempt.scanner.station_key
    return Asked(station, request.uses, one.now, request.identity_confirmed, aside)


def _may_override(session: Session, one: Shown, row: Row[Any], now: datetime) -> tuple[str, ...]:
    """What a supervisor would have to set aside; nothing where something else is against it."""
    view, asked = _view(session, one, row, now), replace(_asked(one), aside=frozenset(OVERRIDABLE))
    would = judge(one.seen.payload, view, asked)
    return set_aside(view, asked) if would == OK or would in STAFF_LOOK else ()


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


def _view(session: Session, one: Shown, row: Row[Any], now: datetime) -> RecordView:
    scanner, request = one.attempt.scanner, one.attempt.request
    shut = (*scanner.station_closed, *row.closed)
    checked = _stock(row, one) if request.mode == "check" else None
    return RecordView(
        uses_left=row.uses - row.uses_taken,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        stations=row.stations,
        standing=row.standing,
        is_open=hours.is_open(scanner.station_hours, shut, scanner.station_zone, one.now),
        held=_held(session, row, scanner, now),
        asks_identity=row.identity or row.minimum_age is not None,
        asks_live=row.live and take_apart(row.token).payload.live_required,
        in_stock=checked is None or handing_out.would_serve(session, checked, now=now),
    )


def _held(session: Session, row: Row[Any], scanner: Scanner, now: datetime) -> int:
    if not _may_be_held(row, now):
        return 0
    return sum(hold.uses for hold in holds.by_others(session, row.id, scanner.device_id, now=now))


def _may_be_held(row: Row[Any], now: datetime) -> bool:
    return row.held_until is not None and row.held_until > now


def _is_taken(one: Judged) -> bool:
    return one.verdict == OK and one.shown.attempt.request.mode != "check"


def _is_quick(one: Judged, now: datetime) -> bool:
    row, mode = one.voucher, one.shown.attempt.request.mode
    if row is None or one.verdict != OK or mode != "redeem":
        return False
    # The quick way asks for the window as well.
    return one.shown.attempt.request.override is None and not _may_be_held(row, now)


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
        may = _may_override(session, one.shown, row, now)
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
    left, aside = voucher.uses - voucher.uses_taken, _overridden(session, shown, row, now)
    if shown.attempt.request.mode == "redeem":
        redeeming.take_locked(session, voucher, uses)
        return Judged(shown, row, REDEEMED, left - uses, overridden=aside)
    until = now + HELD_FOR
    holds.mark(session, voucher, now=now, also_until=until)
    return Judged(shown, row, RESERVED, left, until, overridden=aside)


def _overridden(session: Session, one: Shown, row: Row[Any], now: datetime) -> tuple[str, ...]:
    if one.attempt.request.override is None:
        return ()
    return set_aside(_view(session, one, row, now), _asked(one))


def _hand_out(session: Session, decided: Sequence[Judged], *, now: datetime) -> list[Judged]:
    """Takes from stock what was redeemed; where it lacks, the uses are free again."""
    takes: dict[int, Take] = {}
    for place, one in enumerate(decided):
        if one.verdict == REDEEMED and one.voucher is not None:
            wanted = _stock(one.voucher, one.shown)
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


def _stock(row: Row[Any], one: Shown) -> Take | None:
    scanner, uses = one.attempt.scanner, one.attempt.request.uses
    actor = actor_of(scanner, one.attempt.operator)
    return stock_of(row, scanner.station_key, uses, subject=one.scan_id, actor=actor)


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
