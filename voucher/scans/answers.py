"""What a device is told: the verdict, and what staff need to act on it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.models import Station
from voucher.ledger.names import name_of
from voucher.scans.facts import Facts, Told, as_json
from voucher.scans.models import Scan
from voucher.scans.scanners import Operator, Scanner
from voucher.scans.sentences import moment_for_staff, of_kind, sentence_for

NO_STATIONS: Mapping[str, str] = MappingProxyType({})
WRONG_STATION = "wrong_station"


class FirstRedemption(NamedTuple):
    """The redemption that came first, as that scan's answer told it."""

    at: datetime
    station: str
    device: str
    operator: str | None

    def as_json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {**self._asdict(), "at": as_text(self.at)}


def first_redemptions(session: Session, voucher_ids: Collection[int]) -> dict[int, FirstRedemption]:
    """The first scan that counted of each of these vouchers, by the voucher's id."""
    if not voucher_ids:
        return {}
    rows = session.execute(
        select(Scan.voucher_id, Scan.received_at, Scan.answer, Scan.operator)
        .where(Scan.voucher_id.in_(voucher_ids), Scan.verdict == "redeemed")
        .where(Scan.undone_at.is_(None))
        .order_by(Scan.received_at)
    )
    found: dict[int, FirstRedemption] = {}
    for row in rows:
        place = row.answer["scanned_by"]
        # Before operators were known by an id, their name stood in its place.
        by = place.get("operator") or row.operator
        first = FirstRedemption(row.received_at, place["station"], place["device"], by)
        found.setdefault(row.voucher_id, first)
    return found


def other_stations(session: Session, rows: Collection[Row[Any]]) -> dict[str, str]:
    """The names, by key, of the stations that stand and may redeem these vouchers."""
    keys = {key for row in rows for key in row.stations or ()}
    if not keys:
        return {}
    named = select(Station.key, Station.name).where(
        Station.community_id.in_({row.community_id for row in rows}),
        Station.key.in_(keys),
        Station.withdrawn_at.is_(None),
    )
    return {row.key: row.name for row in session.execute(named)}


def answer_for(
    scanner: Scanner,
    operator: Operator | None,
    row: Row[Any] | None,
    verdict: str,
    first: FirstRedemption | None,
    left: int | None,
    *,
    now: datetime,
    held_until: datetime | None = None,
    live: bool = False,
    stations: Mapping[str, str] = NO_STATIONS,
) -> dict[str, Any]:
    """The answer's part that depends on the verdict; nothing of a voucher that is not known.

    `live` where a live code was shown: that its minute is over is not that the voucher's time is.
    `stations` has the names of those where a voucher at the wrong one can be redeemed.
    """
    told = verdict if row is None else of_kind(verdict, row.kind)
    if live and _by_the_minute(row, verdict, now):
        told = f"{verdict}_live"
    where = [stations[key] for key in (row.stations if row else None) or () if key in stations]
    if verdict == WRONG_STATION and row is not None and not where:
        told = f"{verdict}_nowhere"
    known = None if row is None else Told(scanner, row, left, held_until, where, now)
    facts = known.facts(told) if known else {}
    return {
        "verdict": verdict,
        "live": live,
        "message": _message(told, known, facts, first) if known else sentence_for(told),
        "message_key": told,
        "facts": as_json(facts) if known else None,
        "voucher": _voucher(row, left),
        "member": None if row is None else {"display_name": row.display_name},
        "first_redemption": first.as_json() if first and verdict == "already_redeemed" else None,
        "hold": {"until": as_text(held_until)} if held_until else None,
        "scanned_by": {
            "station": scanner.station_name,
            "device": scanner.device_name,
            "operator": operator.name if operator else None,
        },
    }


def _by_the_minute(row: Row[Any] | None, verdict: str, now: datetime) -> bool:
    """Whether a live code is refused for its own minute, and not for the voucher's window."""
    if verdict not in ("expired", "not_yet_valid"):
        return False
    return row is None or row.valid_from <= now < row.valid_until


def _voucher(row: Row[Any] | None, left: int | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "reference": row.reference,
        # Where there was no code, the device could not tell the voucher from its synced ones.
        "sync_name": name_of(row.code),
        "perk": {
            "number": row.number,
            "name": row.name,
            "kind": row.kind,
            "hand_over": row.hand_over,
            "coupon": row.coupon,
            "staff_note": row.staff_note,
            "identity": row.identity,
            "minimum_age": row.minimum_age,
        },
        "uses": row.uses,
        "uses_left": left,
        "valid_until": as_text(row.valid_until),
    }


def _message(told: str, known: Told, facts: Facts, first: FirstRedemption | None) -> str:
    zone, now = known.scanner.station_zone, known.now
    return sentence_for(told, **known.values(facts), first=_first(first, zone, now))


def _first(first: FirstRedemption | None, zone: str, now: datetime) -> str:
    if first is None:
        return "a moment ago"
    by = f" by {first.operator}" if first.operator else ""
    when = moment_for_staff(first.at, zone, now=now)
    return f"{when} at {first.station}, device {first.device}{by}"
