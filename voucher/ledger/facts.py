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
class VoucherOwed(Fact):
    """A voucher could not be issued yet; once it is, that has the same cause."""

    kind: ClassVar[str] = "voucher.owed"
    perk: int
    member: int
    cause: str
    reason: str


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
class VoucherSignedAnew(Fact):
    """An open voucher got another token, signed by `key`, as `revoked_key` leaked.

    Its code and window are the same. Its member is told.
    """

    kind: ClassVar[str] = "voucher.signed_anew"
    voucher: str
    member: int
    key: int
    revoked_key: int


@dataclass(frozen=True, kw_only=True)
class VoucherSignedAnewQuietly(VoucherSignedAnew):
    """As `VoucherSignedAnew`, of one that cannot be redeemed now: its member is not told.

    It was withdrawn, used up or has ended, and may come back by another move.
    """

    kind: ClassVar[str] = "voucher.signed_anew_quietly"


@dataclass(frozen=True, kw_only=True)
class VoucherSuperseded(Fact):
    """A voucher was replaced `by` another, with what was left of it."""

    kind: ClassVar[str] = "voucher.superseded"
    voucher: str
    member: int
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class VoucherRenewed(Fact):
    """A voucher that had ended was replaced `by` another, with what was left of it.

    `reason` is None where its member asked for it.
    """

    kind: ClassVar[str] = "voucher.renewed"
    voucher: str
    member: int
    by: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class VoucherRefunded(Fact):
    """So many uses were refunded: they and what was left are in the new voucher, `by`.

    That is None where the new one is owed; what was left is then in a voucher of its own, `rest`.
    Nothing is left of one that had ended. `usable` tells whether the items went back into stock.
    """

    kind: ClassVar[str] = "voucher.refunded"
    voucher: str
    member: int
    uses: int
    usable: bool
    by: str | None
    rest: str | None
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
class UsesHeld(Fact):
    """Uses are kept for a device until a moment, or until it confirms or releases them."""

    kind: ClassVar[str] = "voucher.held"
    hold: UUID
    voucher: str
    station: str
    device: str
    operator: str | None
    uses: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class HoldReleased(Fact):
    """Uses that were held are free again: nothing was handed over."""

    kind: ClassVar[str] = "hold.released"
    hold: UUID
    voucher: str
    uses: int


@dataclass(frozen=True, kw_only=True)
class ConflictFound(Fact):
    """Something was handed over that the record could not accept; `against` came first."""

    kind: ClassVar[str] = "conflict.found"
    conflict: UUID
    scan: UUID
    against: UUID | None
    voucher: str | None
    verdict: str
    uses: int
    station: str
    device: str
    operator: str | None


@dataclass(frozen=True, kw_only=True)
class ConflictResolved(Fact):
    """An organiser decided what a conflict comes to."""

    kind: ClassVar[str] = "conflict.resolved"
    conflict: UUID
    resolution: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RedemptionUndone(Fact):
    """A redemption was taken back: its uses can be redeemed again."""

    kind: ClassVar[str] = "redemption.undone"
    redemption: UUID
    voucher: str
    member: int
    uses: int
    reason: str
    station: str | None = None
    """Where it was taken back, which may be another desk; None where an organiser did."""
    device: str | None = None


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


@dataclass(frozen=True, kw_only=True)
class ShownByReference(Fact):
    """A supervisor named a voucher by its reference: its member had no code; `reason` says why.

    What came of it is told by itself.
    """

    kind: ClassVar[str] = "scan.by_reference"
    scan: UUID
    voucher: str
    verdict: str
    station: str
    device: str
    operator: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RuleOverridden(Fact):
    """A supervisor redeemed or held a voucher where or when it is not: `rules`, with commas."""

    kind: ClassVar[str] = "scan.overridden"
    scan: UUID
    voucher: str
    rules: str
    station: str
    device: str
    operator: str
    reason: str
