"""What follows from a voucher's moves: its member is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import clock, journal
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


def _some_days(_session: Session, fact: RecordedFact) -> datetime:
    return fact.at + STILL_NEWS


def _teller(
    kind: str,
    not_after: Callable[[Session, RecordedFact], datetime],
    *,
    once: bool = False,
    ahead: bool = False,
) -> Callable[[Installation, ClaimedJob], None]:
    """Lays down the notice of a fact, unless nobody can be told or it is too late for it."""

    def tell(installation: Installation, job: ClaimedJob) -> None:
        with effect_of(installation, job) as session:
            fact = journal.read(session, job.payload)
            telling.tell(
                session,
                fact.community_id,
                fact.data["member"],
                kind=kind,
                subject=fact.data["voucher"],
                occasion="" if once else str(fact.id),
                not_after=not_after(session, fact),
                now=clock.now(),
                ahead=ahead,
            )

    return tell


# The first one's name is older than the others: jobs with it may be waiting.
HANDLERS = {
    VoucherIssued.kind: JobHandler(
        "voucher.tell_member", "worker", _teller(ISSUED, _end, once=True)
    ),
    VoucherExtended.kind: JobHandler("voucher.tell_extended", "worker", _teller(EXTENDED, _end)),
    VoucherVoided.kind: JobHandler("voucher.tell_voided", "worker", _teller(VOIDED, _some_days)),
    VoucherRestored.kind: JobHandler("voucher.tell_restored", "worker", _teller(RESTORED, _end)),
    RedemptionUndone.kind: JobHandler("voucher.tell_undone", "worker", _teller(UNDONE, _some_days)),
    VoucherRedeemed.kind: JobHandler(
        "voucher.tell_redeemed", "worker", _teller(RECEIPT, _some_days, ahead=True)
    ),
    VoucherSignedAnew.kind: JobHandler(
        "voucher.tell_signed_anew", "worker", _teller(SIGNED_ANEW, _end)
    ),
}
