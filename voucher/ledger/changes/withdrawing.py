"""Voiding a voucher, as after fraud, and restoring it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from voucher.ledger import moves
from voucher.ledger.facts import VoucherRestored, VoucherVoided
from voucher.ledger.issuance import promising
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move


def void(session: Session, voucher: Voucher, *, reason: str, actor: Actor, now: datetime) -> None:
    """Nothing more is handed over for it, in the caller's transaction; raises `MoveRefused`.

    What was promised to it from stock is free for others.
    """
    moves.change(session, voucher, Move.VOID, {}, now=now)
    promising.release(session, voucher, now=now)
    remark = journal.remark(session, voucher.community_id, reason, now=now)
    fact = VoucherVoided(voucher=voucher.reference, member=voucher.member_id, reason=remark)
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)


def restore(
    session: Session, voucher: Voucher, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Takes the voiding back; its window is as it was.

    Raises `MoveRefused`, and `OutOfStock` where what was promised to it has gone to others.
    """
    moves.change(session, voucher, Move.RESTORE, {}, now=now)
    if voucher.valid_until > now:
        promising.prolong(session, voucher, actor=actor, now=now)
    remark = journal.remark(session, voucher.community_id, reason, now=now)
    fact = VoucherRestored(voucher=voucher.reference, member=voucher.member_id, reason=remark)
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)
