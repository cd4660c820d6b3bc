"""What only a supervisor may ask: a voucher by its reference, and where or when it is not given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app import journal
from app.journal import Fact, Told
from app.statements import table_of
from voucher.ledger.facts import RuleOverridden, ShownByReference
from voucher.ledger.finding import is_reference
from voucher.ledger.models import Voucher
from voucher.scans.attempts import Seen
from voucher.scans.judgement.judged import Judged
from voucher.scans.scanners import Scanner, actor_of
from voucher.token import KeySet

_voucher = table_of(Voucher).c


def find(reads: Connection, scanner: Scanner, reference: str, keys: KeySet) -> Seen:
    """The voucher of a reference, as if its code had been typed; one of this community alone."""
    named = reference.strip().upper()
    wanted = select(_voucher.code).where(
        _voucher.community_id == scanner.community_id, _voucher.reference == named
    )
    code = reads.execute(wanted).scalar() if is_reference(named) else None
    return Seen(keys, code) if code is not None else Seen(keys, refusal="unknown_voucher")


def record(session: Session, judged: Sequence[Judged], *, now: datetime) -> None:
    """Tells the record who named a voucher by its reference, and what was set aside, and why."""
    told = [
        Told(
            fact=fact,
            community_id=one.shown.attempt.scanner.community_id,
            actor=actor_of(one.shown.attempt.scanner, one.shown.attempt.operator),
            at=now,
        )
        for one in judged
        if one.voucher is not None and one.shown.attempt.request.is_supervised
        for fact in _facts(session, one, one.voucher.reference, now)
    ]
    if told:
        journal.record_all(session, told)


def _facts(session: Session, one: Judged, voucher: str, now: datetime) -> list[Fact]:
    scanner, request = one.shown.attempt.scanner, one.shown.attempt.request
    about: dict[str, Any] = {
        "scan": one.shown.scan_id,
        "voucher": voucher,
        "station": scanner.station_key,
        "device": scanner.device_id,
        "operator": request.operator,
    }

    def said(text: str) -> str:
        return journal.remark(session, scanner.community_id, text, now=now)

    facts: list[Fact] = []
    if request.reference is not None and request.reason is not None:
        reason = said(request.reason)
        facts.append(ShownByReference(verdict=one.verdict, reason=reason, **about))
    if request.override is not None and one.overridden:
        reason = said(request.override.reason)
        facts.append(RuleOverridden(rules=",".join(one.overridden), reason=reason, **about))
    return facts
