"""What members do in their wallet, as the record keeps it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.journal import Fact


@dataclass(frozen=True, kw_only=True)
class VoucherDisputed(Fact):
    """A member says that a redemption of their voucher was not theirs."""

    kind: ClassVar[str] = "voucher.disputed"
    voucher: str
    member: int
    redemption: UUID
    station: str
