"""What orders tell the record."""

from dataclasses import dataclass
from typing import Any, ClassVar
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
    """An order is stopped: its redemption was undone, or its voucher withdrawn or refunded."""

    kind: ClassVar[str] = "order.cancelled"
    order: str
    redemption: UUID
    voucher: str
    partner: str
    because: str = "undone"
    """`undone`, `void` or `refunded`."""


@dataclass(frozen=True, kw_only=True)
class OrderReinstated(Fact):
    """An order that was cancelled stands again, as its voucher was restored."""

    kind: ClassVar[str] = "order.reinstated"
    order: str
    redemption: UUID
    voucher: str
    partner: str


@dataclass(frozen=True, kw_only=True)
class OrderMoved(Fact):
    """Something was done with an order at its station; `state` is what that led to."""

    order: str
    voucher: str
    partner: str
    station: str
    state: str
    lines: list[dict[str, Any]]
    """Which lines it is about, and how many of each: `{"line": 1, "quantity": 2}`."""
    device: str | None
    operator: str | None
    """Both None where the partner did it."""


@dataclass(frozen=True, kw_only=True)
class OrderReady(OrderMoved):
    """It lies at its station and waits for its member, also once more."""

    kind: ClassVar[str] = "order.ready"


@dataclass(frozen=True, kw_only=True)
class OrderShelved(OrderMoved):
    """It lies on another shelf."""

    kind: ClassVar[str] = "order.shelved"


@dataclass(frozen=True, kw_only=True)
class OrderCollected(OrderMoved):
    """All of it, or a part, was handed to the member."""

    kind: ClassVar[str] = "order.collected"


@dataclass(frozen=True, kw_only=True)
class OrderNotFound(OrderMoved):
    """It should lie at its station, and was not found there."""

    kind: ClassVar[str] = "order.not_found"


@dataclass(frozen=True, kw_only=True)
class OrderReturned(OrderMoved):
    """The member brought it back; `reason` is a remark's hash."""

    kind: ClassVar[str] = "order.returned"
    reason: str
