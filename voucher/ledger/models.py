"""Vouchers: what was issued to whom, until when, how much of it is used, and what is owed."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Voucher(Base):
    """A voucher. *Active*, *expired* and the like follow from its dates and are not stored."""

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("reference"),
        Index("ix_voucher_member", "community_id", "member_id"),
        Index("ix_voucher_end", "community_id", "valid_until", "id"),
        Index(
            "ix_voucher_look",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    code: Mapped[bytes] = mapped_column(LargeBinary(8))
    """The voucher's id in its token. A bearer secret: never logged, never in a fact."""
    reference: Mapped[str]
    """What everybody but its member and who scans it calls it."""
    perk_number: Mapped[int]
    member_id: Mapped[int]
    uses: Mapped[int]
    uses_taken: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    key_number: Mapped[int]
    token: Mapped[str]
    was_signed_by: Mapped[int | None]
    """The key that its token was signed by before, where that key was revoked and the token made
    anew: pictures of the old one no longer scan."""
    standing: Mapped[str] = mapped_column(default="open")
    """What was done with it: see `moves.Standing`."""
    stood_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When `standing` last changed; None where it never did."""
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its end was last moved; None where it is the one that it was issued with."""
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when some of its uses may be held for somebody; None where none ever were."""
    cause: Mapped[str]
    """`grant:ID`, `reissue:V-…`, `refund:V-…`, `renewal:V-…`, or who issued it by hand."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When to look what its member is to be told next: nothing from before that is told any more.
    See `voucher.ledger.looking`."""


class OwedVoucher(Base):
    """A voucher that somebody has a right to and that could not be issued yet."""

    __tablename__ = "owed_voucher"
    __table_args__ = (
        Index("ix_owed_voucher_due", "settled_at", "try_at"),
        Index("ix_owed_voucher_member", "community_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    perk_number: Mapped[int]
    member_id: Mapped[int]
    uses: Mapped[int | None]
    """None for as many as the perk has when it is issued."""
    cause: Mapped[str]
    """As the voucher will have it."""
    replaces: Mapped[str | None]
    """The reference of the voucher that it stands in for."""
    reason: Mapped[str]
    """See `orders.Reason`: why it could not be issued when last tried."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it is tried again, unless something happens before."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voucher: Mapped[str | None]
    """The reference of what was issued."""
