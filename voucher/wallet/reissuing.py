"""A member's own reissue: the phone is lost, or somebody else has the code."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from app.actor import Actor
from app.refusals import Refused
from voucher.ledger.changes import replacing
from voucher.ledger.changes.renewing import PASSED_ON, RENEWAL
from voucher.ledger.finding import Held, UnknownVoucher, by_reference, of_member
from voucher.ledger.issuance.issuing import Issued
from voucher.wallet import closing

MOST = 3
"""How often a voucher is replaced, by whomever, before a member has to ask an organiser."""
REASON = "replaced by its member in the wallet"
CAUSE = "reissue"


class ReplacedOften(Refused):
    """The voucher has been replaced so often that an organiser has to look at it."""

    code: ClassVar[str] = "replaced_often"
    status: ClassVar[int] = 409


def reissue(
    session: Session, held: Held, *, actor: Actor, now: datetime, browser: str = ""
) -> Issued:
    """Replaces a member's voucher, in the caller's transaction, and signs them out everywhere but
    in the browser whose cookie carries the secret `browser`: whoever has their phone, or came in by
    a link of theirs, would see the new code as well.

    Raises `ReplacedOften` where it comes from three reissues already, and `MoveRefused`.
    """
    if times_replaced(session, held) >= MOST:
        raise ReplacedOften(
            f"This voucher was replaced {MOST} times already. Ask an organiser to do it once more."
        )
    new = replacing.reissue(session, held.voucher, reason=REASON, actor=actor, now=now)
    closing.close(session, held.member, actor=actor, now=now, but=browser)
    return new


def times_replaced(session: Session, held: Held) -> int:
    """How many reissues lead to this voucher, counted up to the limit."""
    count, voucher = 0, held.voucher
    while count < MOST and voucher.cause.startswith(f"{CAUSE}:"):
        count += 1
        try:
            before = voucher.cause.partition(":")[2]
            voucher = by_reference(session, voucher.community_id, before).voucher
        except UnknownVoucher:
            break
    return count


def successor(session: Session, held: Held) -> Held | None:
    """What was issued in a voucher's place, or None."""
    kinds = (*PASSED_ON, RENEWAL)
    causes = {f"{kind}:{held.voucher.reference}" for kind in kinds}
    others = of_member(session, held.voucher.community_id, held.voucher.member_id)
    return next((other for other in others if other.voucher.cause in causes), None)
