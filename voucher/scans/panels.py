"""The organisers' panel of the last scans: references, never a voucher's code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.console.panels import Panel
from voucher.scans.models import Scan

LAST = 10

GOOD, CALM, WARN, BAD = "good", "calm", "warn", "bad"
WORDS = {
    "redeemed": ("Redeemed", GOOD),
    "undone": ("Redeemed, then undone", CALM),
    "valid": ("Checked: valid", CALM),
    "reserved": ("Held", CALM),
    "held": ("Held by another desk", WARN),
    "identity_required": ("Identity not checked", WARN),
    "out_of_stock": ("Out of stock", WARN),
    "impossible_time": ("Impossible time", BAD),
    "revoked_device": ("Revoked device", BAD),
    "not_allowed": ("Device may only check", BAD),
    "already_redeemed": ("Already redeemed", BAD),
    "too_few_uses": ("Too few uses left", BAD),
    "void": ("Withdrawn", BAD),
    "superseded": ("Replaced", BAD),
    "refunded": ("Refunded", BAD),
    "expired": ("Too late", WARN),
    "not_yet_valid": ("Too early", WARN),
    "wrong_station": ("Wrong station", WARN),
    "closed_now": ("Closed now", WARN),
    "live_required": ("Picture, not live", WARN),
    "online_required": ("Needs a network", WARN),
    "unsupported_version": ("Newer than this server", WARN),
    "revoked_key": ("Out-of-date card", WARN),
    "malformed": ("Not a voucher", WARN),
    "unknown_voucher": ("Not known here", BAD),
    "unknown_key": ("Not one of ours", BAD),
    "bad_signature": ("Altered code", BAD),
}


@dataclass(frozen=True)
class LastScan:
    """One scan as organisers read it."""

    id: UUID
    at: datetime
    words: str
    tone: str
    perk: str | None
    reference: str | None
    station: str
    device: str
    operator: str | None


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The last scans, newest first, as they were answered."""
    rows = session.execute(
        select(Scan.id, Scan.received_at, Scan.verdict, Scan.operator, Scan.answer, Scan.undone_at)
        .where(Scan.community_id == community_id)
        .order_by(Scan.received_at.desc(), Scan.id.desc())
        .limit(LAST)
    )
    return {"scans": [_told(row) for row in rows]}


def _told(row: Row[Any]) -> LastScan:
    verdict = row.verdict if row.undone_at is None else "undone"
    words, tone = WORDS.get(verdict, (verdict.replace("_", " ").capitalize(), WARN))
    shown, place = row.answer.get("voucher") or {}, row.answer["scanned_by"]
    return LastScan(
        id=row.id,
        at=row.received_at,
        words=words,
        tone=tone,
        perk=shown.get("perk", {}).get("name"),
        reference=shown.get("reference"),
        station=place["station"],
        device=place["device"],
        operator=place.get("operator") or row.operator,
    )


SCANS = Panel(
    "scans",
    "Scans",
    20,
    "organiser/panels/scans.html",
    content,
    wide=True,
    page="scans_page.page",
)
