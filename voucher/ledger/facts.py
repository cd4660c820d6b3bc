"""What the ledger tells the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.journal import Fact


@dataclass(frozen=True, kw_only=True)
class VoucherIssued(Fact):
    """A voucher was issued."""

    kind: ClassVar[str] = "voucher.issued"
    voucher: str
    perk: int
    member: int
    valid_from: datetime
    valid_until: datetime
    cause: str


@dataclass(frozen=True, kw_only=True)
class VoucherRedeemed(Fact):
    """A scan counted: something was handed over."""

    kind: ClassVar[str] = "voucher.redeemed"
    redemption: UUID
    voucher: str
    perk: int
    member: int
    station: str
    device: str
    operator: str | None
    uses: int
    scanned_at: datetime


@dataclass(frozen=True, kw_only=True)
class ScanRefused(Fact):
    """A scan was refused; `voucher` is its reference where one was recognised."""

    kind: ClassVar[str] = "scan.refused"
    scan: UUID
    verdict: str
    voucher: str | None
    station: str
    device: str
    operator: str | None
    scanned_at: datetime
