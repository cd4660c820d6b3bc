"""What the record says of attempts: verdicts, and what a supervisor sets aside or could."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.communities import hours
from app.stock import handing_out
from app.stock.handing_out import Take
from voucher.scans import holds
from voucher.scans.attempts import Shown
from voucher.scans.rules import OK, OVERRIDABLE, Asked, RecordView, judge, set_aside
from voucher.scans.scanners import Scanner, actor_of
from voucher.scans.stocking import stock_of
from voucher.token.reading import take_apart

STAFF_LOOK = ("identity_required", "live_required")
"""What staff who look who it is can answer."""


def verdict_of(session: Session, one: Shown, row: Row[Any] | None, *, now: datetime) -> str:
    """`ok`, or why not, by the token's checks and then the record's."""
    view = None if row is None else _view(session, one, row, now)
    return judge(one.seen.payload, view, _asked(one))


def _asked(one: Shown) -> Asked:
    request = one.attempt.request
    aside = frozenset(request.override.rules if request.override else ())
    station = one.attempt.scanner.station_key
    return Asked(station, request.uses, one.now, request.identity_confirmed, aside)


def may_override(session: Session, one: Shown, row: Row[Any], now: datetime) -> tuple[str, ...]:
    """What a supervisor would have to set aside; nothing where something else is against it."""
    view, asked = _view(session, one, row, now), replace(_asked(one), aside=frozenset(OVERRIDABLE))
    would = judge(one.seen.payload, view, asked)
    return set_aside(view, asked) if would == OK or would in STAFF_LOOK else ()


def overridden(session: Session, one: Shown, row: Row[Any], now: datetime) -> tuple[str, ...]:
    """What its supervisor sets aside that is against it; nothing where none does."""
    if one.attempt.request.override is None:
        return ()
    return set_aside(_view(session, one, row, now), _asked(one))


def stock_for(row: Row[Any], one: Shown) -> Take | None:
    """What has to lie at its station; None for a perk of which there is no end."""
    scanner, uses = one.attempt.scanner, one.attempt.request.uses
    actor = actor_of(scanner, one.attempt.operator)
    return stock_of(row, scanner.station_key, uses, subject=one.scan_id, actor=actor)


def _view(session: Session, one: Shown, row: Row[Any], now: datetime) -> RecordView:
    scanner, request = one.attempt.scanner, one.attempt.request
    shut = (*scanner.station_closed, *row.closed)
    checked = stock_for(row, one) if request.mode == "check" else None
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
    if not may_be_held(row, now):
        return 0
    return sum(hold.uses for hold in holds.by_others(session, row.id, scanner.device_id, now=now))


def may_be_held(row: Row[Any], now: datetime) -> bool:
    """Whether somebody may hold uses of it just now."""
    return row.held_until is not None and row.held_until > now
