"""Scans: every attempt at a voucher, with the answer it got."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Scan(Base):
    """One attempt, known by (device, attempt id). One that counted is a redemption."""

    __tablename__ = "scan"
    __table_args__ = (
        Index("uq_scan_attempt", "device_id", "attempt_id", unique=True),
        Index(
            "ix_scan_redemption",
            "voucher_id",
            "received_at",
            sqlite_where=text("verdict = 'redeemed'"),
            postgresql_where=text("verdict = 'redeemed'"),
        ),
        Index("ix_scan_recent", "community_id", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    device_id: Mapped[str]
    attempt_id: Mapped[UUID]
    asked: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the mode and of what was shown: the same attempt must ask the same."""
    mode: Mapped[str]
    verdict: Mapped[str]
    voucher_id: Mapped[int | None]
    station_id: Mapped[int]
    operator: Mapped[str | None]
    uses: Mapped[int]
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    skew_ms: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    audit_entry: Mapped[UUID | None]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What whoever took the redemption back was told; the row itself stays as it was."""


class Dispute(Base):
    """A redemption that the voucher's member says was not theirs."""

    __tablename__ = "dispute"
    __table_args__ = (Index("ix_dispute_recent", "community_id", "said_at"),)

    redemption: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    voucher_id: Mapped[int]
    member_id: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
