"""New tokens for vouchers whose signing key was revoked: same code, same window, another key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Told
from app.statements import table_of
from voucher.keys.keyring import Signing, keep_end, signing_to_keep
from voucher.ledger.facts import VoucherSignedAnew, VoucherSignedAnewQuietly
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.token import mint
from voucher.token.reading import take_apart

BATCH = 300
COMING_BACK = (Standing.OPEN, Standing.VOID)
"""How a voucher stands that can be redeemed, or may be again after a move."""

_voucher = table_of(Voucher).c
_SIGN_ANEW = (
    update(table_of(Voucher))
    .where(_voucher.id == bindparam("which"))
    .values(
        token=bindparam("new_token"),
        key_number=bindparam("new_key"),
        was_signed_by=bindparam("old_key"),
    )
)


@dataclass(frozen=True)
class SignedAnew:
    """What one batch came to."""

    last: int
    """The id to go on after."""
    told: int
    quietly: int


def sign_some_anew(
    session: Session, key_number: int, *, after: int, actor: Actor, now: datetime
) -> SignedAnew | None:
    """Signs up to `BATCH` vouchers of a revoked key anew, in the caller's transaction.

    Those past the id `after`; None where there are no more. All that are open or void get a token
    by the key that signs now, so that none comes back with a dead one; the members of those that
    can be redeemed now or later are told. Raises `KeyFileRefused` where nothing can sign.
    """
    rows = session.execute(_of_key(key_number, after)).all()
    if not rows:
        return None
    key = signing_to_keep(session)
    changes = [
        {
            "which": row.id,
            "new_token": _minted_anew(row, key),
            "new_key": key.number,
            "old_key": key_number,
        }
        for row in rows
    ]
    session.execute(_SIGN_ANEW, changes)
    keep_end(session, key.number, max(row.valid_until for row in rows))
    told = [_told(row, key, actor, now) for row in rows]
    journal.record_all(session, told)
    quietly = sum(isinstance(one.fact, VoucherSignedAnewQuietly) for one in told)
    return SignedAnew(rows[-1].id, len(rows) - quietly, quietly)


def signed_anew_and_open(session: Session, key_number: int, *, now: datetime) -> Sequence[str]:
    """References of vouchers that a revoked key had signed, and that can be redeemed now or later
    by a token that was made since.
    """
    anew = select(Voucher.reference).where(Voucher.was_signed_by == key_number, _is_open(now))
    return session.scalars(anew.order_by(Voucher.id)).all()


def _is_open(now: datetime) -> ColumnElement[bool]:
    return (
        (Voucher.standing == Standing.OPEN)
        & (Voucher.uses_taken < Voucher.uses)
        & (Voucher.valid_until > now)
    )


def _of_key(key_number: int, after: int) -> Any:
    return (
        select(table_of(Voucher))
        .where(_voucher.key_number == key_number, _voucher.id > after)
        .where(_voucher.standing.in_(COMING_BACK))
        .order_by(_voucher.id)
        .limit(BATCH)
        # Whoever takes a move with one of them meanwhile waits, and so do we.
        .with_for_update()
    )


def _minted_anew(row: Any, key: Signing) -> str:
    """The token with what it said before, but for the key, and the window as the record has it."""
    payload = replace(
        take_apart(row.token).payload,
        key=key.number,
        valid_from=int(row.valid_from.timestamp()),
        valid_until=int(row.valid_until.timestamp()),
    )
    return mint(payload, key)


def _told(row: Any, key: Signing, actor: Actor, now: datetime) -> Told:
    is_open = row.standing == Standing.OPEN and row.uses_taken < row.uses and row.valid_until > now
    fact = (VoucherSignedAnew if is_open else VoucherSignedAnewQuietly)(
        voucher=row.reference, member=row.member_id, key=key.number, revoked_key=row.key_number
    )
    return Told(fact=fact, community_id=row.community_id, actor=actor, at=now)
