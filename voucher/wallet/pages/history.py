"""A voucher's history, in plain words: each step with its entry in the record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.audit import entries
from app.audit.models import AuditEntry
from app.communities.models import Station
from voucher.ledger.changes.renewing import PASSED_ON, RENEWAL
from voucher.ledger.facts import (
    ConflictFound,
    HoldReleased,
    RedemptionUndone,
    RuleOverridden,
    ScanRefused,
    ShownByReference,
    UsesHeld,
    VoucherExtended,
    VoucherIssued,
    VoucherRedeemed,
    VoucherRefunded,
    VoucherRenewed,
    VoucherRestored,
    VoucherSignedAnew,
    VoucherSignedAnewQuietly,
    VoucherSuperseded,
    VoucherVoided,
)
from voucher.ledger.models import Voucher
from voucher.scans.answering.answers import DisputeClosed
from voucher.scans.disputes.disputing import VoucherDisputed, disputes_of
from voucher.scans.models import Dispute

REFUSALS = {
    "already_redeemed": "it had been redeemed",
    "too_few_uses": "too few uses were left",
    "void": "it was withdrawn",
    "superseded": "it had been replaced",
    "refunded": "it had been refunded",
    "not_yet_valid": "it was too early",
    "expired": "it was too late, or an old picture was shown",
    "wrong_station": "it was the wrong station",
    "closed_now": "the station was closed",
    "live_required": "a picture was shown in place of the live code",
    "identity_required": "staff could not confirm who showed it",
    "out_of_stock": "nothing was left to hand over",
    "held": "somebody else was being served with it",
    "revoked_device": "the desk's device had been revoked",
    "not_allowed": "the desk's device may only check",
}
BY = {
    "member": "by you",
    "operator": "by staff",
    "device": "by staff",
    "organiser": "by an organiser",
    "partner": "by the partner",
}
COMMAND = "command-line"
NOT_FOR_MEMBERS = (ConflictFound.kind,)
"""What is between organisers and desks."""


@dataclass(frozen=True)
class Step:
    """One step: what happened and when, the entry that says so, and what can be done about it."""

    entry: UUID
    number: int | None
    """Its number in the record; None until the next seal."""
    at: datetime
    words: str
    by: str
    until: datetime | None = None
    """The new end, where it was extended."""
    redemption: UUID | None = None
    """A redemption that stands, which its member may dispute."""
    disputed_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str | None = None
    """What an organiser did about the dispute, in their words; None where those were erased."""


def steps_of(session: Session, voucher: Voucher) -> list[Step]:
    """What the record tells its member of a voucher, the newest first."""
    every = entries.about(session, voucher.community_id, voucher.reference)
    about = [one for one in every if one.kind not in NOT_FOR_MEMBERS]
    undone = {one.data["redemption"] for one in about if one.kind == RedemptionUndone.kind}
    disputed = disputes_of(session, voucher)
    places = _names(session, voucher.community_id)
    steps = [_step(one, places, undone, disputed) for one in reversed(about)]
    return [_answered(session, step, disputed) for step in steps]


def entry_of(session: Session, voucher: Voucher, entry_id: UUID) -> AuditEntry | None:
    """The entry of this id, if it is a step of this voucher."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.community_id != voucher.community_id:
        return None
    if entry.kind in NOT_FOR_MEMBERS:
        return None
    return entry if entry.subject == voucher.reference else None


def _step(
    entry: AuditEntry,
    places: Mapping[str, str],
    undone: set[str],
    disputed: Mapping[UUID, Dispute],
) -> Step:
    data, until, stands = entry.data, None, None
    if entry.kind == VoucherRedeemed.kind and data["redemption"] not in undone:
        stands = UUID(data["redemption"])
    if entry.kind == VoucherExtended.kind:
        until = datetime.fromisoformat(data["valid_until"])
    tell = WORDS.get(entry.kind)
    return Step(
        entry=entry.id,
        number=entry.number,
        at=entry.at,
        words=tell(data, places) if tell else _plainly(entry.kind),
        by=_by(entry.actor),
        until=until,
        redemption=stands,
        disputed_at=disputed[stands].said_at if stands and stands in disputed else None,
    )


def _answered(session: Session, step: Step, disputed: Mapping[UUID, Dispute]) -> Step:
    dispute = disputed.get(step.redemption) if step.redemption else None
    if dispute is None or dispute.closed_at is None:
        return step
    answer = journal.remark_text(session, dispute.answer or "")
    return replace(step, answered_at=dispute.closed_at, answer=answer)


def _issued(data: Mapping[str, Any], _places: Mapping[str, str]) -> str:
    cause, _, old = data["cause"].partition(":")
    if cause == "grant":
        return "Earned, and issued to you"
    if cause in (*PASSED_ON, RENEWAL):
        return f"Issued to you in place of {old}"
    return "Issued to you"


def _redeemed(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    times = f", {data['uses']} uses" if data["uses"] > 1 else ""
    return f"Redeemed at {places.get(data['station'], data['station'])}{times}"


def _refused(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    why = REFUSALS.get(data["verdict"], data["verdict"].replace("_", " "))
    return f"Shown at {places.get(data['station'], data['station'])} and refused: {why}"


def _refunded(data: Mapping[str, Any], _places: Mapping[str, str]) -> str:
    new, rest = data["by"], data.get("rest")
    if new is None:
        kept = f"; {rest} has what was left" if rest else ""
        return f"Refunded: you get a new one as soon as there is one{kept}"
    kept = f", and {rest} has what was left" if rest else ""
    return f"Refunded: {new} is in its place{kept}"


def _held(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    return f"Kept at {places.get(data['station'], data['station'])} while staff hand it over"


def _overridden(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    why = " and ".join(REFUSALS.get(rule, rule) for rule in data["rules"].split(","))
    where = places.get(data["station"], data["station"])
    return f"A supervisor at {where} served you all the same, though {why}"


def _by_reference(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    where = places.get(data["station"], data["station"])
    return f"A supervisor at {where} found it by your name, without its code"


NEW_CARD = "You got a new card: the key that had signed the old one is withdrawn"
WORDS: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], str]] = {
    VoucherIssued.kind: _issued,
    VoucherRedeemed.kind: _redeemed,
    ScanRefused.kind: _refused,
    RuleOverridden.kind: _overridden,
    ShownByReference.kind: _by_reference,
    RedemptionUndone.kind: lambda _data, _places: "The hand-over was taken back: it is yours again",
    VoucherExtended.kind: lambda _data, _places: "You got more time for it",
    VoucherVoided.kind: lambda _data, _places: "Withdrawn: nothing is handed over for it",
    VoucherRestored.kind: lambda _data, _places: "Good again: the withdrawal was taken back",
    VoucherSuperseded.kind: lambda data, _places: f"Replaced by {data['by']}",
    VoucherRenewed.kind: lambda data, _places: f"It had ended: {data['by']} is in its place",
    VoucherRefunded.kind: _refunded,
    VoucherSignedAnew.kind: lambda _data, _places: NEW_CARD,
    VoucherSignedAnewQuietly.kind: lambda _data, _places: NEW_CARD,
    UsesHeld.kind: _held,
    HoldReleased.kind: lambda _data, _places: "Not handed over after all: it is free again",
    DisputeClosed.kind: lambda _data, _places: "An organiser looked at what you had said",
    VoucherDisputed.kind: lambda _data, _places: "You told the organisers: this was not me",
}


def _plainly(kind: str) -> str:
    """Words for what another package records: it is told, if not nicely."""
    return kind.replace(".", " ").replace("_", " ").capitalize()


def _by(actor: str) -> str:
    kind, _, name = actor.partition(":")
    return BY["organiser"] if name == COMMAND else BY.get(kind, "")


def _names(session: Session, community_id: int) -> dict[str, str]:
    rows = session.execute(
        select(Station.key, Station.name).where(Station.community_id == community_id)
    )
    return {row.key: row.name for row in rows}
