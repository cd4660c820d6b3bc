"""What follows from a voucher's moves: its member is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import clock, journal
from app.communities.avatars import noting
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob
from app.journal import RecordedFact
from app.notices import telling
from app.plugins import JobHandler
from voucher.ledger.facts import (
    RedemptionUndone,
    VoucherExtended,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRestored,
    VoucherSignedAnew,
    VoucherVoided,
)
from voucher.ledger.finding import by_reference
from voucher.ledger.moves import Standing

ISSUED, EXTENDED = "voucher_issued", "voucher_extended"
VOIDED, RESTORED = "voucher_voided", "voucher_restored"
UNDONE = "redemption_undone"
RECEIPT = "voucher_redeemed"
REMINDER, EXPIRED = "voucher_reminder", "voucher_expired"
"""These two are told by the clock: see `voucher.reminders`."""
SIGNED_ANEW = "voucher_signed_anew"

STANDING_OF = {
    ISSUED: Standing.OPEN,
    EXTENDED: Standing.OPEN,
    VOIDED: Standing.VOID,
    RESTORED: Standing.OPEN,
    UNDONE: Standing.OPEN,
    REMINDER: Standing.OPEN,
    EXPIRED: Standing.OPEN,
    SIGNED_ANEW: Standing.OPEN,
}
"""How a voucher stands where a notice of this kind is still true."""
BY_DAY = (REMINDER, EXPIRED)
"""What waits for the morning; all else is about something that happens just now."""

STILL_NEWS = timedelta(days=7)


def _end(session: Session, fact: RecordedFact) -> datetime:
    held = by_reference(session, fact.community_id, fact.data["voucher"])
    return held.voucher.valid_until


def some_days(_session: Session, fact: RecordedFact) -> datetime:
    """Until when it is worth telling what is no matter of the voucher's window."""
    return fact.at + STILL_NEWS


def teller(
    kind: str,
    job: str,
    not_after: Callable[[Session, RecordedFact], datetime],
    *,
    once: bool = False,
    ahead: bool = False,
    also: Callable[[Session, int, datetime], None] | None = None,
) -> JobHandler:
    """A handler of this name, which lays down the notice of a fact about a `member`'s `voucher`,
    unless nobody can be told or it is too late for it. `also` is done for the member with it.
    """

    def tell(installation: Installation, claimed: ClaimedJob) -> None:
        with effect_of(installation, claimed) as session:
            fact = journal.read(session, claimed.payload)
            reference = fact.data["voucher"]
            # Not whom the fact names, who may have been merged into another member since.
            member_id = by_reference(session, fact.community_id, reference).voucher.member_id
            telling.tell(
                session,
                fact.community_id,
                member_id,
                kind=kind,
                subject=reference,
                occasion="" if once else str(fact.id),
                not_after=not_after(session, fact),
                now=clock.now(),
                ahead=ahead,
            )
            if also is not None:
                also(session, member_id, clock.now())

    return JobHandler(job, "worker", tell)


# The first one's name is older than the others: jobs with it may be waiting.
HANDLERS = {
    VoucherIssued.kind: teller(ISSUED, "voucher.tell_member", _end, once=True, also=noting.want),
    VoucherExtended.kind: teller(EXTENDED, "voucher.tell_extended", _end),
    VoucherVoided.kind: teller(VOIDED, "voucher.tell_voided", some_days),
    VoucherRestored.kind: teller(RESTORED, "voucher.tell_restored", _end),
    RedemptionUndone.kind: teller(UNDONE, "voucher.tell_undone", some_days),
    VoucherRedeemed.kind: teller(RECEIPT, "voucher.tell_redeemed", some_days, ahead=True),
    VoucherSignedAnew.kind: teller(SIGNED_ANEW, "voucher.tell_signed_anew", _end),
}
