"""What members have in their hands at one station: by reference, never by code."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.models import Member
from voucher.ledger.finding import Held
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.perks.models import Perk
from voucher.scans.answers import FirstRedemption
from voucher.scans.models import Scan
from voucher.scans.rules import OVERRIDE_AFTER, OVERRIDE_BEFORE, REDEEMED
from voucher.scans.scanners import Scanner

LATELY = timedelta(days=7)
EACH = 10
"""So many of one member's are told, those that end first before others."""


def vouchers_of(
    session: Session, scanner: Scanner, members: Collection[int], *, now: datetime
) -> dict[int, list[dict[str, Any]]]:
    """What these members can redeem at the scanner's station, a supervisor helping, and what was
    used up in the last seven days; by member.
    """
    rows = session.execute(
        select(Voucher, Perk, Member)
        .join(Perk, Perk.number == Voucher.perk_number)
        .join(Member, Member.id == Voucher.member_id)
        .where(
            Voucher.community_id == scanner.community_id,
            Voucher.member_id.in_(members),
            Voucher.standing == Standing.OPEN,
            Voucher.valid_until > now - OVERRIDE_AFTER,
            Voucher.valid_from <= now + OVERRIDE_BEFORE,
        )
        .order_by(Voucher.uses_taken >= Voucher.uses, Voucher.valid_until, Voucher.id)
    )
    here = [held for row in rows if _is_for(scanner, held := Held(*row))]
    redeemed = _redemptions(session, [held.voucher.id for held in here], now)
    found: dict[int, list[dict[str, Any]]] = {}
    for held in here:
        last = redeemed.get(held.voucher.id)
        is_left = held.voucher.uses_taken < held.voucher.uses
        theirs = found.setdefault(held.member.id, [])
        if (is_left or last is not None) and len(theirs) < EACH:
            theirs.append(_told(held, last, now))
    return found


def _is_for(scanner: Scanner, held: Held) -> bool:
    return held.perk.stations is None or scanner.station_key in held.perk.stations


def _told(held: Held, last: FirstRedemption | None, now: datetime) -> dict[str, Any]:
    voucher, perk = held.voucher, held.perk
    return {
        "reference": voucher.reference,
        "perk": {
            "number": perk.number,
            "name": perk.name,
            "kind": perk.kind,
            "identity": perk.identity,
            "minimum_age": perk.minimum_age,
        },
        "uses_left": voucher.uses - voucher.uses_taken,
        "valid_from": as_text(voucher.valid_from),
        "valid_until": as_text(voucher.valid_until),
        "state": held.state(now),
        "redeemed": last.as_json() if last else None,
    }


def _redemptions(
    session: Session, vouchers: Collection[int], now: datetime
) -> dict[int, FirstRedemption]:
    """The last redemption of each that stands, of the last seven days."""
    rows = session.execute(
        select(Scan.voucher_id, Scan.received_at, Scan.answer, Scan.operator)
        .where(Scan.voucher_id.in_(vouchers), Scan.verdict == REDEEMED)
        .where(Scan.undone_at.is_(None), Scan.received_at > now - LATELY)
        .order_by(Scan.received_at)
    )
    found: dict[int, FirstRedemption] = {}
    for row in rows:
        place = row.answer["scanned_by"]
        by = place.get("operator") or row.operator
        found[row.voucher_id] = FirstRedemption(
            row.received_at, place["station"], place["device"], by
        )
    return found
