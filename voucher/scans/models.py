"""Scans: every attempt at a voucher, with the answer it got; holds, and conflicts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

GUESSED = ("malformed", "bad_signature", "unknown_key", "unknown_voucher")
"""Verdicts that tell of somebody who guesses."""
GUESSES = f"NOT self_judged AND verdict IN ({', '.join(repr(verdict) for verdict in GUESSED)})"


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
        Index(
            "ix_scan_guess",
            "device_id",
            "received_at",
            sqlite_where=text(GUESSES),
            postgresql_where=text(GUESSES),
        ),
        Index("ix_scan_recent", "community_id", "received_at"),
        Index(
            "ix_scan_overridden",
            "community_id",
            "received_at",
            sqlite_where=text("overridden IS NOT NULL"),
            postgresql_where=text("overridden IS NOT NULL"),
        ),
        Index(
            "ix_scan_by_reference",
            "community_id",
            "received_at",
            sqlite_where=text("by_reference"),
            postgresql_where=text("by_reference"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    device_id: Mapped[str]
    attempt_id: Mapped[UUID]
    asked: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the mode and of what was shown: the same attempt must ask the same."""
    mode: Mapped[str]
    verdict: Mapped[str]
    """What it came to: a hold that was confirmed is `redeemed`, whatever it was answered first."""
    self_judged: Mapped[bool]
    """Whether the verdict is the device's own: it was offline."""
    voucher_id: Mapped[int | None]
    station_id: Mapped[int]
    operator: Mapped[str | None]
    uses: Mapped[int]
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    skew_ms: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    audit_entry: Mapped[UUID | None]
    by_reference: Mapped[bool] = mapped_column(default=False)
    """Whether a supervisor named the voucher by its reference: its member had no code."""
    overridden: Mapped[str | None]
    """The rules that a supervisor set aside for it, with commas."""
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What whoever took the redemption back was told; the row itself stays as it was. Of a refused
    attempt: what whoever took back the redemption that it ran into was told."""
    refund_answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What whoever refunded the voucher that was shown was told."""


class MemberSearch(Base):
    """A supervisor looked for members: kept for an hour, for who asks too often."""

    __tablename__ = "member_search"
    __table_args__ = (Index("ix_member_search_operator", "operator", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operator: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Hold(Base):
    """Uses that are kept for a device while staff hand something over: by a scan of mode `hold`.

    It counts until `until` unless it was ended, so nothing must clean it up.
    """

    __tablename__ = "scan_hold"
    __table_args__ = (
        Index("ix_scan_hold_voucher", "voucher_id", "until"),
        Index(
            "ix_scan_hold_confirmed",
            "ended_at",
            sqlite_where=text("ended_as = 'confirmed'"),
            postgresql_where=text("ended_as = 'confirmed'"),
        ),
    )

    scan_id: Mapped[UUID] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    voucher_id: Mapped[int]
    device_id: Mapped[str]
    uses: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_as: Mapped[str | None]
    """`confirmed`, `conflict`, `released`, or `displaced` by a later one of the same device."""
    ended_by: Mapped[str | None]
    """Who held the device as it was confirmed or released."""
    end_answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What whoever confirmed or released it was told."""


class Conflict(Base):
    """A hand-over that the record could not accept: it happened, and an organiser looks at it."""

    __tablename__ = "scan_conflict"
    __table_args__ = (
        Index("uq_scan_conflict_scan", "scan_id", unique=True),
        Index("ix_scan_conflict_open", "community_id", "resolved_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    scan_id: Mapped[UUID]
    """Where something was handed over."""
    against_scan_id: Mapped[UUID | None]
    """The redemption that had come first, where that is why."""
    voucher_id: Mapped[int | None]
    uses: Mapped[int]
    reason: Mapped[str]
    """The verdict that the record gives, or why the device is not believed: `impossible_time`,
    `revoked_device`, `not_allowed`."""
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str | None]
    """`accepted`, `voided` or `charged`."""


class Dispute(Base):
    """A redemption that the voucher's member says was not theirs."""

    __tablename__ = "dispute"
    __table_args__ = (
        Index("ix_dispute_recent", "community_id", "said_at"),
        Index("ix_dispute_voucher", "voucher_id"),
    )

    redemption: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    voucher_id: Mapped[int]
    member_id: Mapped[int]
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None]
    """What was done about it: the hash of a remark."""
