"""Scans as organisers read them: newest first, a page at a time, or all of them for a table."""

import base64
import binascii
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from voucher.ledger.models import Voucher
from voucher.scans.browsing.wanted import Wanted
from voucher.scans.models import Conflict, Scan
from voucher.scans.panels import WORDS

AT_ONCE = 50
ROWS = 1000
"""Rows that are read at once for a table of all."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = struct.Struct(">q16s")


@dataclass(frozen=True)
class Listed:
    """A scan; never with a voucher's code."""

    id: UUID
    at: datetime
    scanned_at: datetime
    verdict: str
    words: str
    tone: str
    mode: str
    perk: str
    voucher: str
    uses: int
    station: str
    device: str
    device_id: str
    operator: str
    offline: bool
    conflict: str
    """Empty; or `open`, or how it was resolved."""
    undone_at: datetime | None
    audit_entry: str
    overridden: str
    """The rules that a supervisor set aside, with commas; empty for none."""
    by_reference: bool
    """Whether a supervisor named the voucher, whose member had no code."""

    @property
    def overridden_words(self) -> str:
        """What was set aside, as organisers read it."""
        return ", ".join(WORDS[rule][0].lower() for rule in self.overridden.split(",") if rule)


@dataclass(frozen=True)
class Page:
    """Some scans, and where the next page begins; None after the last."""

    scans: list[Listed]
    after: str | None


def page(
    session: Session, community_id: int, wanted: Wanted, zone: ZoneInfo, after: str | None
) -> Page:
    """Up to 50 of the scans that are wanted, from a place that an earlier page told."""
    rows = session.execute(
        _from(_those(community_id, wanted, zone), _place(after)).limit(AT_ONCE + 1)
    ).all()
    listed = [_listed(row) for row in rows[:AT_ONCE]]
    return Page(listed, _text(listed[-1]) if len(rows) > AT_ONCE else None)


def all_of(session: Session, community_id: int, wanted: Wanted, zone: ZoneInfo) -> Iterator[Listed]:
    """All scans that are wanted, newest first, read by a thousand at a time."""
    statement, place = _those(community_id, wanted, zone), None
    while True:
        rows = session.execute(_from(statement, place).limit(ROWS)).all()
        yield from map(_listed, rows)
        if len(rows) < ROWS:
            return
        place = rows[-1].received_at, rows[-1].id


def _those(community_id: int, wanted: Wanted, zone: ZoneInfo) -> Select[Any]:
    statement: Select[Any] = (
        select(
            Scan.id,
            Scan.received_at,
            Scan.scanned_at,
            Scan.verdict,
            Scan.mode,
            Scan.uses,
            Scan.device_id,
            Scan.operator,
            Scan.self_judged,
            Scan.answer,
            Scan.undone_at,
            Scan.audit_entry,
            Scan.overridden,
            Scan.by_reference,
            Voucher.reference,
            Conflict.id.label("conflict"),
            Conflict.resolution,
        )
        .outerjoin(Voucher, Voucher.id == Scan.voucher_id)
        .outerjoin(Conflict, Conflict.scan_id == Scan.id)
        .where(Scan.community_id == community_id)
        .order_by(Scan.received_at.desc(), Scan.id.desc())
    )
    return wanted.of(statement, zone)


def _from(statement: Select[Any], place: tuple[datetime, UUID] | None) -> Select[Any]:
    if place is None:
        return statement
    at, last = place
    before = Scan.received_at < at
    return statement.where(before | ((Scan.received_at == at) & (Scan.id < last)))


def _listed(row: Row[Any]) -> Listed:
    verdict = row.verdict if row.undone_at is None else "undone"
    words, tone = WORDS.get(verdict, (verdict.replace("_", " ").capitalize(), "warn"))
    shown, place = row.answer.get("voucher") or {}, row.answer["scanned_by"]
    return Listed(
        id=row.id,
        at=row.received_at,
        scanned_at=row.scanned_at,
        verdict=verdict,
        words=words,
        tone=tone,
        mode=row.mode,
        perk=shown.get("perk", {}).get("name", ""),
        voucher=row.reference or "",
        uses=row.uses,
        station=place["station"],
        device=place["device"],
        device_id=row.device_id,
        operator=place.get("operator") or row.operator or "",
        offline=row.self_judged,
        conflict=(row.resolution or "open") if row.conflict else "",
        undone_at=row.undone_at,
        audit_entry=str(row.audit_entry or ""),
        overridden=row.overridden or "",
        by_reference=row.by_reference,
    )


def _text(last: Listed) -> str:
    micros = (last.at - EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(PLACE.pack(micros, last.id.bytes)).decode().rstrip("=")


def _place(text: str | None) -> tuple[datetime, UUID] | None:
    """The place; None for what is none, as of an address that somebody cut."""
    try:
        micros, last = PLACE.unpack(base64.urlsafe_b64decode((text or "") + "=="))
        return EPOCH + timedelta(microseconds=micros), UUID(bytes=last)
    except (binascii.Error, struct.error, OverflowError, ValueError):
        return None
