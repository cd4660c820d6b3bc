"""Who should stand there: what a desk is told of a voucher's member, beside the answer."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.achievements.models import Grant
from app.clock import as_text
from app.communities.avatars import noting
from app.communities.avatars.noting import Shown
from app.communities.models import Member
from app.programme import applying
from app.refusals import Refused
from voucher.ledger.models import Voucher
from voucher.scans.follow_ups.confirming import UnknownAttempt
from voucher.scans.models import Scan
from voucher.scans.scanners import Scanner

GRANT = "grant"
REPLACES = ("reissue", "refund", "renewal")
MOST_REPLACED = 10
"""Whoever was given more new vouchers than that for one achievement is known by name."""


class NoAvatar(Refused):
    """There is no picture of who should stand there."""

    code = "no_avatar"
    status = 404


def whom(session: Session, scanner: Scanner, attempt_id: UUID) -> dict[str, Any]:
    """Whose voucher an attempt of this device showed, and for what they got it; as JSON values.

    `member` is null where it showed none that is known, `avatar` in it where there is no picture,
    `trophy` where it was given by hand. Told apart from the answer, which need not wait for it.
    Raises `UnknownAttempt`.
    """
    row = _shown_by(session, scanner, attempt_id)
    if row is None:
        return {"member": None, "trophy": None}
    grant = _grant(session, row.community_id, row.cause)
    picture = noting.shown(session, row.community_id, row.member_id)
    return {
        "member": {
            "display_name": row.display_name,
            "avatar": f"/api/v1/scans/{attempt_id}/member/avatar" if picture else None,
        },
        "trophy": _trophy(session, grant) if grant else None,
    }


def avatar(session: Session, scanner: Scanner, attempt_id: UUID) -> Shown:
    """The picture of the member whose voucher an attempt of this device showed.

    Raises `UnknownAttempt`, and `NoAvatar` where there is none or the programme wants none.
    """
    row = _shown_by(session, scanner, attempt_id)
    picture = noting.shown(session, row.community_id, row.member_id) if row else None
    if picture is None:
        raise NoAvatar("There is no picture of them.")
    return picture


def _shown_by(session: Session, scanner: Scanner, attempt_id: UUID) -> Any:
    """The voucher that an attempt of this device showed, with its member."""
    scan = session.execute(
        select(Scan.voucher_id).where(
            Scan.device_id == scanner.device_id, Scan.attempt_id == attempt_id
        )
    ).one_or_none()
    if scan is None:
        raise UnknownAttempt("This device made no such attempt.")
    return session.execute(
        select(Voucher.cause, Voucher.community_id, Voucher.member_id, Member.display_name)
        .join(Member, Member.id == Voucher.member_id)
        .where(Voucher.id == scan.voucher_id)
    ).one_or_none()


def _grant(session: Session, community_id: int, cause: str) -> Grant | None:
    """What a voucher was first issued for, through all that replaced each other since."""
    for _ in range(MOST_REPLACED):
        kind, _, name = cause.partition(":")
        if kind == GRANT and name.isdecimal():
            return session.get(Grant, int(name))
        if kind not in REPLACES:
            return None
        before = session.scalar(
            select(Voucher.cause).where(
                Voucher.reference == name, Voucher.community_id == community_id
            )
        )
        if before is None:
            return None
        cause = before
    return None


def _trophy(session: Session, grant: Grant) -> dict[str, Any] | None:
    """None for an achievement that the programme no longer names: nobody knows its words."""
    try:
        settings = applying.current(session, grant.community_id)["achievements"]
    except LookupError:
        return None
    named = settings.get(grant.achievement)
    if named is None:
        return None
    return {
        "name": named.name,
        "description": named.description,
        "earned_at": as_text(grant.granted_at),
    }
