"""Perks: what can be had in real life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

PICKUP = "pickup"
"""The kind of what is made to order, and fetched once it is there."""


class Perk(Base):
    """A perk of a community. Its number is signed into tokens: unique here and never reused."""

    __tablename__ = "perk"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    key: Mapped[str]
    name: Mapped[str]
    hand_over: Mapped[str | None]
    """What staff hand over, where the name does not say it."""
    kind: Mapped[str]
    """`item`, `pickup`, `priority_entry`, `early_access` or `discount`."""
    contents: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """What is fetched of a pickup, each with `item`, `variant` and `quantity`; None for itself."""
    coupon: Mapped[str | None]
    """What a discount shows to the shop."""
    redeemed_when: Mapped[str | None]
    """`scanned` or `confirmed`, whatever the station says; None where the station's word counts."""
    picture: Mapped[str | None]
    """The path of its picture, as the programme file names it."""
    staff_note: Mapped[str | None]
    """What staff must know before they hand it over."""
    identity: Mapped[bool]
    """Whether staff must confirm who stands there."""
    minimum_age: Mapped[int | None]
    """In years; staff must confirm it."""
    live: Mapped[bool]
    """Whether only the wallet page's changing code is handed something for."""
    window_hours: Mapped[int]
    uses: Mapped[int]
    stations: Mapped[list[str] | None] = mapped_column(JSON)
    """Keys of the stations that may redeem it; None for all."""
    closed: Mapped[list[str]] = mapped_column(JSON)
    """When no station hands it over, in that station's zone."""
    window_starts: Mapped[str]
    """`issue`, or `opening`: its stations' next one."""
    fixed_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fixed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Dates that are the same for every voucher, in place of hours from issue."""
    window_policy: Mapped[str]
    """`stretch` or `refuse`: what becomes of a window in which no station opens."""
    missed: Mapped[str]
    """`lost`, `ask` (an organiser) or `renew`: what a member can do who missed the window."""
    item: Mapped[str | None]
    """What of the stock it is; None where there is no end of it."""
    variant: Mapped[str]
    """Which of the item's variants; empty where it has none."""
    stock_taken: Mapped[str]
    """`issue`: one is promised with each voucher; or `redemption`."""
    member_limit: Mapped[int | None]
    """How many a member gets each season."""
    reminders: Mapped[list[int]] = mapped_column(JSON)
    """How many hours before a voucher's end its member is reminded of it."""
    partner: Mapped[str | None]
    offline: Mapped[bool]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
