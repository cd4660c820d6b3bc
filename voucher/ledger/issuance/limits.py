"""A member's limit: how many of a perk they get each season."""

from collections import Counter as Tally
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.settings import season_of
from app.programme.applying import current
from app.statements import among, lock
from voucher.ledger.issuance.orders import Draft, Reason
from voucher.ledger.models import OwedVoucher, Voucher
from voucher.ledger.moves import Standing
from voucher.perks.models import Perk

REPLACED = (Standing.SUPERSEDED, Standing.REFUNDED)


def refuse_past_limits(session: Session, drafts: Sequence[Draft]) -> None:
    """Refuses what a member would get past the perk's limit, in the caller's transaction.

    What was replaced counts once, by its replacement, also while that is owed; what was withdrawn
    counts. Two who issue the
    same perk at once wait for each other here, or each would see a member's last one as free.
    """
    limited: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.refusal is None and not draft.order.replaces and draft.order.perk.member_limit:
            limited.setdefault(draft.order.perk.number, []).append(draft)
    for number in sorted(limited):
        lock(session, f"keepsake.limit.{number}")
        _refuse(session, limited[number][0].order.perk, limited[number])


def _refuse(session: Session, perk: Perk, drafts: Sequence[Draft]) -> None:
    had = _had(session, perk, {draft.order.member_id for draft in drafts})
    taken = Tally((member, season(session, perk, at)) for member, at in had)
    limit = perk.member_limit or 0
    for draft in drafts:
        key = draft.order.member_id, season(session, perk, draft.order.at)
        if taken[key] >= limit:
            within = "this season" if key[1] else "ever"
            draft.refuse(Reason.LIMIT, f"A member gets {limit} of {perk.name} {within}.")
        else:
            taken[key] += 1


def season(session: Session, perk: Perk, at: datetime) -> tuple[datetime, datetime] | None:
    """The season in which a perk that is issued at a moment counts; None for all time."""
    return season_of(current(session, perk.community_id), at)


def _had(session: Session, perk: Perk, members: set[int]) -> list[tuple[int, datetime]]:
    """When members got one of a perk; what stands in for one, issued or owed, counts with it."""
    vouchers = session.execute(
        select(
            Voucher.member_id,
            Voucher.reference,
            Voucher.cause,
            Voucher.issued_at.label("at"),
            Voucher.standing.not_in(REPLACED).label("counts"),
        ).where(
            Voucher.community_id == perk.community_id,
            among(session, Voucher.member_id, sorted(members)),
            Voucher.perk_number == perk.number,
        )
    ).all()
    owed = session.execute(
        select(OwedVoucher.member_id, OwedVoucher.replaces, OwedVoucher.since.label("at")).where(
            OwedVoucher.community_id == perk.community_id,
            among(session, OwedVoucher.member_id, sorted(members)),
            OwedVoucher.perk_number == perk.number,
            OwedVoucher.replaces.is_not(None),
            OwedVoucher.settled_at.is_(None),
        )
    )
    first = _firsts({row.reference: row.cause.partition(":")[2] for row in vouchers})
    counting = [(row.member_id, row.at, first[row.reference]) for row in vouchers if row.counts]
    counting += [(row.member_id, row.at, first.get(row.replaces, row.replaces)) for row in owed]
    # In the season in which the first of them was given.
    given = {row.reference: row.at for row in vouchers}
    had = {reference: (member, given.get(reference, at)) for member, at, reference in counting}
    return list(had.values())


def _firsts(replaced: dict[str, str]) -> dict[str, str]:
    """For each voucher the one that all began with, by what each stands in for."""
    first = {}
    for reference in replaced:
        one = reference
        while replaced[one] in replaced:
            one = replaced[one]
        first[reference] = one
    return first
