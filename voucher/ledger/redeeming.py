"""Redeeming and taking it back: one conditional UPDATE decides, whoever else scans just now."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.models import Community
from app.statements import table_of
from voucher.ledger import moves
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move, MoveRefused, Standing

UP_TO_A_MINUTE = timedelta(minutes=1) - timedelta.resolution
"""Added to a moment, it is told by the minute and never too early."""

_voucher = table_of(Voucher).c
_asked_for = bindparam("asked_for", type_=_voucher.uses.type)
_now = bindparam("now", type_=_voucher.valid_from.type)

_named = _voucher.id.in_(bindparam("vouchers", expanding=True))
_TAKE = (
    update(table_of(Voucher))
    .where(
        moves.may(Move.REDEEM),
        _voucher.uses_taken + _asked_for <= _voucher.uses,
        _voucher.valid_from <= _now,
        _voucher.valid_until > _now,
        or_(_voucher.held_until.is_(None), _voucher.held_until <= _now),
    )
    .values(uses_taken=_voucher.uses_taken + _asked_for)
    .returning(_voucher.id, (_voucher.uses - _voucher.uses_taken).label("left"))
)
# An UPDATE alone locks rows as it finds them, in whatever order they lie. It still looks at each
# anew, with all its conditions, where somebody changed it while this one waited.
_IN_ORDER = (
    select(_voucher.id).where(_named).order_by(_voucher.id).with_for_update(key_share=True)
).cte("in_order")
_TAKE_ONE, _TAKE_SEVERAL = _TAKE.where(_named), _TAKE.where(_voucher.id == _IN_ORDER.c.id)


_GIVE = (
    update(table_of(Voucher))
    .where(_voucher.id == bindparam("voucher_id"))
    .values(uses_taken=_voucher.uses_taken - bindparam("given", type_=_voucher.uses.type))
)


class BeingHandedOut(MoveRefused):
    """Some of the voucher's uses are held for somebody just now; `until` says how long at most."""

    code: ClassVar[str] = "being_handed_out"


def take_uses(
    session: Session, vouchers: Collection[int], uses: int, *, now: datetime
) -> dict[int, int]:
    """Takes `uses` of each voucher that has them left and `now` in its window.

    Their rows are locked in the order of their ids, until the caller's commit. One of which uses
    may be held is for `take_locked()`. Returns those vouchers' ids with what is left of each; the
    others are as they were.
    """
    if not vouchers:
        return {}
    asked = {"vouchers": sorted(vouchers), "asked_for": uses, "now": now}
    is_alone = len(vouchers) == 1 or session.get_bind().dialect.name == "sqlite"
    rows = session.connection().execute(_TAKE_ONE if is_alone else _TAKE_SEVERAL, asked)
    return {row.id: row.left for row in rows}


def lock_all(session: Session, vouchers: Collection[int]) -> None:
    """Locks the rows of several vouchers, in the order of their ids, until the caller's commit."""
    rows = select(_voucher.id).where(_voucher.id.in_(sorted(vouchers))).order_by(_voucher.id)
    session.execute(rows.with_for_update())


def locked(session: Session, voucher_id: int) -> Voucher:
    """The voucher, with its row locked until the caller's commit: who takes, holds, confirms or
    releases uses of it waits.

    What others hold is to be read after this, in a statement of its own: only that sees what they
    committed while it waited.
    """
    return session.get_one(Voucher, voucher_id, with_for_update=True, populate_existing=True)


def take_locked(session: Session, voucher: Voucher, uses: int) -> None:
    """Takes uses of a voucher that is locked and was judged since."""
    voucher.uses_taken += uses
    session.flush()


def mark_held(session: Session, voucher: Voucher, until: datetime | None) -> None:
    """Lets whoever redeems a voucher that is locked look for holds, until this moment; None where
    there are none.
    """
    voucher.held_until = until
    session.flush()


def lock_unless_held(session: Session, voucher: Voucher, *, now: datetime) -> None:
    """As `locked()`, for a move that gives what is left to another voucher.

    What somebody holds would be handed over and be left there as well: so it raises
    `BeingHandedOut` while uses of an open voucher are held.
    """
    locked(session, voucher.id)
    until = voucher.held_until
    if voucher.standing != Standing.OPEN or until is None or until <= now:
        return
    zone = ZoneInfo(session.get_one(Community, voucher.community_id).timezone)
    minute = (until + UP_TO_A_MINUTE).astimezone(zone)
    raise BeingHandedOut(
        f"{voucher.reference} is being handed out just now: try again in two minutes, at "
        f"{minute:%H:%M}.",
        until=as_text(until),
    )


def put_back(session: Session, voucher_id: int, uses: int) -> None:
    """Gives back uses that this transaction took, where something else was missing for them."""
    session.execute(_GIVE, {"voucher_id": voucher_id, "given": uses})


def give_back(session: Session, voucher: Voucher, uses: int, *, now: datetime) -> None:
    """Makes uses that were taken free again; raises `MoveRefused` where the table forbids it."""
    moves.change(
        session,
        voucher,
        Move.UNDO,
        {"uses_taken": Voucher.uses_taken - uses},
        now=now,
        only_if=(Voucher.uses_taken >= uses,),
        otherwise=f"has fewer than {uses} uses that were redeemed",
    )
