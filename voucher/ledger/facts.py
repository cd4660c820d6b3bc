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
    uses: int
    cause: str


@dataclass(frozen=True, kw_only=True)
class VoucherExtended(Fact):
    """A voucher can be redeemed for longer; `reason` is a remark's hash, as in all that follow."""

    kind: ClassVar[str] = "voucher.extended"
    voucher: str
    member: int
    was_until: datetime
    valid_until: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class VoucherVoided(Fact):
    """Nothing more is handed over for a voucher."""

    kind: ClassVar[str] = "voucher.voided"
    voucher: str
    member: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VoucherRestored(Fact):
    """A voucher that was void is open again."""

    kind: ClassVar[str] = "voucher.restored"
    voucher: str
    member: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class VoucherRenewed(Fact):
    """An open voucher got another token, signed by `key`, as `revoked_key` leaked.

    Its code and window are the same. Its member is told.
    """

    kind: ClassVar[str] = "voucher.renewed"
    voucher: str
    member: int
    key: int
    revoked_key: int


@dataclass(frozen=True, kw_only=True)
class VoucherRenewedQuietly(VoucherRenewed):
    """As `VoucherRenewed`, of one that cannot be redeemed now: its member is not told.

    It was withdrawn, used up or has ended, and may come back by another move.
    """

    kind: ClassVar[str] = "voucher.renewed_quietly"


@dataclass(frozen=True, kw_only=True)
class VoucherSuperseded(Fact):
    """A voucher was replaced `by` another, with what was left of it."""

    kind: ClassVar[str] = "voucher.superseded"
    voucher: str
    member: int
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VoucherRefunded(Fact):
    """So many uses were refunded: they and what was left are in the new voucher, `by`."""

    kind: ClassVar[str] = "voucher.refunded"
    voucher: str
    member: int
    uses: int
    by: str
    reason: str


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
class RedemptionUndone(Fact):
    """A redemption was taken back: its uses can be redeemed again."""

    kind: ClassVar[str] = "redemption.undone"
    redemption: UUID
    voucher: str
    member: int
    uses: int
    reason: str


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
