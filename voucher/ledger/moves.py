"""The moves of a voucher: one table of what may follow what, and the one way to take one."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from app.refusals import Refused
from app.statements import table_of
from voucher.ledger.models import Voucher


class Standing(StrEnum):
    """What was done with a voucher. What time does to it is not stored: see `finding.Held`."""

    OPEN = "open"
    VOID = "void"
    SUPERSEDED = "superseded"
    REFUNDED = "refunded"


class Move(StrEnum):
    """What can be done with a voucher that was issued."""

    REDEEM = "redeem"
    UNDO = "undo"
    EXTEND = "extend"
    VOID = "void"
    RESTORE = "restore"
    SUPERSEDE = "supersede"
    RENEW = "renew"
    REFUND = "refund"


class Rule(NamedTuple):
    """From where a move may be taken, and where it leads."""

    before: Standing
    after: Standing


ALLOWED = {
    Move.REDEEM: Rule(Standing.OPEN, Standing.OPEN),
    Move.UNDO: Rule(Standing.OPEN, Standing.OPEN),
    Move.EXTEND: Rule(Standing.OPEN, Standing.OPEN),
    Move.VOID: Rule(Standing.OPEN, Standing.VOID),
    Move.RESTORE: Rule(Standing.VOID, Standing.OPEN),
    Move.SUPERSEDE: Rule(Standing.OPEN, Standing.SUPERSEDED),
    Move.RENEW: Rule(Standing.OPEN, Standing.SUPERSEDED),
    Move.REFUND: Rule(Standing.OPEN, Standing.REFUNDED),
}

PARTICIPLES = {
    Move.UNDO: "undone",
    Move.EXTEND: "extended",
    Move.VOID: "withdrawn",
    Move.RESTORE: "restored",
    Move.SUPERSEDE: "replaced",
    Move.RENEW: "renewed",
    Move.REFUND: "refunded",
}
TOLD = {
    Standing.OPEN: "is not withdrawn",
    Standing.VOID: "is withdrawn",
    Standing.SUPERSEDED: "was replaced",
    Standing.REFUNDED: "was refunded",
}


class MoveRefused(Refused):
    """The table does not allow it, or the voucher has nothing left for it.

    `why` is the move with how the voucher stands, as `refund_void`, or `refund_uses`.
    """

    code = "move_refused"
    status = 409


def may(move: Move) -> ColumnElement[bool]:
    """The condition on a voucher's row under which the table allows a move."""
    # The table's column: with the model's, each statement that has it would take the ORM's way.
    return table_of(Voucher).c.standing == ALLOWED[move].before


def change(
    session: Session,
    voucher: Voucher,
    move: Move,
    values: dict[str, Any],
    *,
    now: datetime,
    only_if: Iterable[ColumnElement[bool]] = (),
    otherwise: str = "",
) -> None:
    """Takes a move by one conditional UPDATE, so that of two at once one is refused.

    `voucher` is as it stands afterwards. Raises `MoveRefused`: by the table, or with `otherwise`
    where the voucher does not meet `only_if`.
    """
    rule = ALLOWED[move]
    values = {"look_at": now if rule.after == Standing.OPEN else None, **values}
    if rule.after != rule.before:
        values = {**values, "standing": rule.after, "stood_since": now}
    taken = session.execute(
        update(Voucher)
        .where(Voucher.id == voucher.id, may(move), *only_if)
        .values(values)
        .returning(Voucher.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(voucher)
    if taken is not None:
        return
    if voucher.standing != rule.before:
        told = TOLD[Standing(voucher.standing)]
        sentence = f"{voucher.reference} {told}: it cannot be {PARTICIPLES[move]}."
        raise MoveRefused(sentence, why=f"{move}_{voucher.standing}")
    raise MoveRefused(f"{voucher.reference} {otherwise}.", why=f"{move}_uses")
