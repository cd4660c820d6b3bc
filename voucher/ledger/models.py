"""Vouchers: what was issued to whom, until when, and how much of it is used."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Voucher(Base):
    """A voucher. *Active*, *expired* and the like follow from its dates and are not stored."""

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("reference"),
        Index("ix_voucher_member", "community_id", "member_id"),
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
    renewed_from: Mapped[int | None]
    """The key that its token was signed by before, where that key was revoked and the token made
    anew: pictures of the old one no longer scan."""
    standing: Mapped[str] = mapped_column(default="open")
    """What was done with it: see `moves.Standing`."""
    stood_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When `standing` last changed; None where it never did."""
    cause: Mapped[str]
    """`grant:ID`, `reissue:V-…`, `refund:V-…`, or who issued it by hand."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
