"""A plain model of a voucher, and the same folded from the record and read from the ledger."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from voucher.ledger.models import Voucher

STANDINGS = {
    "voucher.voided": "void",
    "voucher.restored": "open",
    "voucher.superseded": "superseded",
    "voucher.renewed": "superseded",
    "voucher.refunded": "refunded",
}
TAKEN = {"voucher.redeemed": 1, "redemption.undone": -1}


@dataclass
class Held:
    """Uses that a device holds, by an attempt."""

    device: int
    uses: int
    until: datetime
    attempt: UUID
    confirmed: bool = False


@dataclass
class Life:
    """What a voucher should be."""

    uses: int
    ends: datetime
    taken: int = 0
    standing: str = "open"
    renewed: bool = field(default=False, compare=False)
    perk: str = field(default="pin", compare=False)
    holds: list["Held"] = field(default_factory=list, compare=False)

    @property
    def left(self) -> int:
        return self.uses - self.taken

    def held(self, now: datetime, *, but: int | None = None) -> int:
        """Uses that the other device holds; or both, where none is left out."""
        return sum(hold.uses for hold in self.holds if hold.device != but and hold.until > now)

    def make_room(self, uses: int, now: datetime, device: int) -> None:
        """A device's own holds end, oldest first, as far as another scan of it needs their uses."""
        standing = [hold for hold in self.holds if hold.until > now]
        missing = uses - (self.left - sum(hold.uses for hold in standing))
        for hold in standing:
            if missing > 0 and hold.device == device:
                hold.until = now
                missing -= hold.uses

    def verdict(self, uses: int, now: datetime, device: int, *, typed: bool) -> str:
        if not typed and now >= self.ends:  # the token's own checks come first
            return "expired"
        if self.standing != "open":
            return self.standing
        if now >= self.ends:
            return "expired"
        if self.left == 0:
            return "already_redeemed"
        held = self.held(now, but=device)
        if held and self.left - held < uses:
            return "held"
        return "redeemed" if uses <= self.left else "too_few_uses"


class Folded:
    """How all vouchers stand, by nothing but the record's entries in their order."""

    def __init__(self) -> None:
        self.lives: dict[str, Life] = {}
        self._last: UUID | None = None

    def read_on(self, session: Session) -> dict[str, Life]:
        """Takes in what was added to the record since it was read last."""
        added = select(AuditEntry.id, AuditEntry.kind, AuditEntry.data).order_by(AuditEntry.id)
        if self._last is not None:
            added = added.where(AuditEntry.id > self._last)
        for number, kind, told in session.execute(added):
            self._last = number
            self._take_in(kind, told)
        return self.lives

    def _take_in(self, kind: str, told: dict[str, Any]) -> None:
        if kind == "voucher.issued":
            ends = datetime.fromisoformat(told["valid_until"])
            self.lives[told["voucher"]] = Life(told["uses"], ends)
        elif kind in STANDINGS:
            self.lives[told["voucher"]].standing = STANDINGS[kind]
        elif kind == "voucher.extended":
            self.lives[told["voucher"]].ends = datetime.fromisoformat(told["valid_until"])
        elif kind in TAKEN:
            self.lives[told["voucher"]].taken += TAKEN[kind] * told["uses"]


def ledger(session: Session) -> dict[str, Life]:
    wanted = Voucher.reference, Voucher.uses, Voucher.valid_until, Voucher.uses_taken
    return {
        reference: Life(uses, valid_until, taken, standing)
        for reference, uses, valid_until, taken, standing in session.execute(
            select(*wanted, Voucher.standing)
        )
    }
