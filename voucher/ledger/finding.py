"""Finding vouchers, for their member, for organisers, and for whoever delivers them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.models import Member
from app.refusals import Refused
from app.statements import among
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.perks.models import Perk
from voucher.token import CodeUnreadable, parse_code

REFERENCE = re.compile(r"V-[0-9A-Z]{1,16}")


class UnknownVoucher(Refused):
    """There is no such voucher."""

    code = "unknown_voucher"
    status = 404


@dataclass(frozen=True)
class Held:
    """A voucher with its perk and its member."""

    voucher: Voucher
    perk: Perk
    member: Member

    def state(self, now: datetime) -> str:
        """What was done with it: `void`, `superseded`, `refunded`, `redeemed`; or what follows from
        the time: `not_yet_valid`, `active`, `expired`.
        """
        if self.voucher.standing != Standing.OPEN:
            return self.voucher.standing
        if self.voucher.uses_taken >= self.voucher.uses:
            return "redeemed"
        if now < self.voucher.valid_from:
            return "not_yet_valid"
        return "active" if now < self.voucher.valid_until else "expired"

    def as_json(self, now: datetime) -> dict[str, Any]:
        """What organisers may see: the reference, never the code."""
        return {
            "reference": self.voucher.reference,
            "perk": self.perk.key,
            "state": self.state(now),
            "uses_left": self.voucher.uses - self.voucher.uses_taken,
            "valid_from": as_text(self.voucher.valid_from),
            "valid_until": as_text(self.voucher.valid_until),
            "issued_at": as_text(self.voucher.issued_at),
        }


def by_reference(session: Session, community_id: int, reference: str) -> Held:
    """The voucher of this reference; raises `UnknownVoucher`, also for what cannot be one."""
    if not is_reference(reference):
        raise UnknownVoucher("There is no such voucher.")
    return _one(session, community_id, Voucher.reference == reference.strip().upper())


def is_reference(text: str) -> bool:
    """Whether a text, as people write it, has the shape of a reference: whatever has not, such as
    one with a NUL, is not asked of the database.
    """
    return REFERENCE.fullmatch(text.strip().upper()) is not None


def by_code_or_reference(session: Session, community_id: int, text: str) -> Held:
    """The voucher of a typed code or a reference; raises `UnknownVoucher`."""
    if text.strip().upper().startswith("V-"):
        return by_reference(session, community_id, text)
    try:
        return _one(session, community_id, Voucher.code == parse_code(text))
    except CodeUnreadable as error:
        raise UnknownVoucher(f"{text} is neither a voucher's code nor a reference.") from error


def of_member(session: Session, community_id: int, member_id: int) -> list[Held]:
    """A member's vouchers, newest first."""
    rows = session.execute(
        _joined()
        .where(Voucher.community_id == community_id, Voucher.member_id == member_id)
        .order_by(Voucher.issued_at.desc(), Voucher.id.desc())
    )
    return [Held(*row) for row in rows]


def holders(
    session: Session, community_id: int, member_ids: Iterable[int], now: datetime
) -> set[int]:
    """Who of these members has a voucher that can still be redeemed, now or later."""
    return set(
        session.scalars(
            select(Voucher.member_id).where(
                Voucher.community_id == community_id,
                among(session, Voucher.member_id, set(member_ids)),
                Voucher.standing == Standing.OPEN,
                Voucher.uses_taken < Voucher.uses,
                Voucher.valid_until > now,
            )
        )
    )


def _one(session: Session, community_id: int, condition: Any) -> Held:
    row = session.execute(
        _joined().where(Voucher.community_id == community_id, condition)
    ).one_or_none()
    if row is None:
        raise UnknownVoucher("There is no such voucher.")
    return Held(*row)


def _joined() -> Any:
    return (
        select(Voucher, Perk, Member)
        .join(Perk, Perk.number == Voucher.perk_number)
        .join(Member, Member.id == Voucher.member_id)
    )
