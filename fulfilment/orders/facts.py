"""What orders tell the record."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.journal import Fact


@dataclass(frozen=True, kw_only=True)
class OrderCreated(Fact):
    """A redemption became an order to a partner."""

    kind: ClassVar[str] = "order.created"
    order: str
    redemption: UUID
    voucher: str
    perk: int
    partner: str
    uses: int
    station: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Fact):
    """An order is void, as its redemption was undone."""

    kind: ClassVar[str] = "order.cancelled"
    order: str
    redemption: UUID
    voucher: str
    partner: str
