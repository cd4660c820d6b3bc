"""Communities, people and their identities, members, and stations."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Community(Base):
    """A community: a programme, members, stations, one audit tree."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    primary_colour: Mapped[str]
    accent_colour: Mapped[str]
    quiet_hours: Mapped[str]
    """As `app.communities.quiet` reads them, in its own zone."""


class Person(Base):
    """A human being, whatever they are called elsewhere."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timezone: Mapped[str | None]
    """Where their phone says that they are; None until it said so."""


class Identity(Base):
    """What a source calls a person: (source, external id) is one person's alone."""

    __tablename__ = "identity"
    __table_args__ = (Index("ix_identity_person_id", "person_id"),)

    source: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    display_name: Mapped[str | None]


class Member(Base):
    """A person in a community."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("community_id", "person_id"),
        Index("ix_member_sought", "community_id", "sought"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    display_name: Mapped[str]
    sought: Mapped[str]
    """Their names as `app.communities.seeking` folds them, for who looks for them by a name."""
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_into: Mapped[int | None] = mapped_column(index=True)
    """The member who has all that was theirs; then nothing names this one but the record, and
    standings that were final by then."""


class Station(Base):
    """A pop-up's counter or a pickup point."""

    __tablename__ = "station"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    key: Mapped[str]
    name: Mapped[str]
    timezone: Mapped[str]
    address: Mapped[str | None]
    hours: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """When it is open, in the programme's words; None for always."""
    closed: Mapped[list[str]] = mapped_column(JSON)
    """When it is not, whatever its hours say."""
    offline_allowance: Mapped[int]
    """How many hand-overs each of its devices may make without a network."""
    offline_hours: Mapped[int]
    """For how many hours after it last synced a device may make them."""
    redeemed_when: Mapped[str]
    """`scanned`, or `confirmed`: once staff say so. A perk may say otherwise."""
    operators_required: Mapped[bool] = mapped_column(default=False)
    """Whether its devices scan only while it is known who holds them."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set when the programme no longer names it; its devices can then redeem nothing."""
