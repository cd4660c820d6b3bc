"""Codes by which people show that an account elsewhere is theirs, and guesses at them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class LinkCode(Base):
    """A code that was shown to somebody: to a member, or to who has an account of a source."""

    __tablename__ = "link_code"
    __table_args__ = (
        Index("ix_link_code_member", "community_id", "member_id"),
        Index("ix_link_code_account", "community_id", "source", "external_id"),
    )

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    member_id: Mapped[int | None]
    """Whom it was shown to; None where it was shown elsewhere."""
    source: Mapped[str | None]
    external_id: Mapped[str | None]
    """The account that it was shown to; None where it was shown to a member."""
    display_name: Mapped[str | None]
    """What that account is called there."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnlinkedAccount(Base):
    """An account that a person unlinked, and for whom still counts what it did by then: another one
    of that source is not linked to them, in whichever of their communities.
    """

    __tablename__ = "unlinked_account"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    account_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    unlinked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkGuess(Base):
    """How many codes somebody entered lately that were none."""

    __tablename__ = "link_guess"

    community_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    guesser: Mapped[str] = mapped_column(primary_key=True)
    """A hash: the number of a member or the name of an account elsewhere cannot be told from it."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the time began in which they are counted."""
    wrong: Mapped[int]
