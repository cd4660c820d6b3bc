"""What a pickup desk does with an order: done once for each attempt, answered again the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.clock import as_text
from app.refusals import Refused
from fulfilment.orders import deeds, moving, undoing
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.orders.moves import Move, State
from fulfilment.orders.moving import By
from fulfilment.pickups.looking import OtherStation, elsewhere
from fulfilment.pickups.requests import (
    CollectRequest,
    DeedRequest,
    ReturnRequest,
    ShelfRequest,
)
from fulfilment.pickups.telling import asks_identity, one, told
from voucher.scans.follow_ups.undoing import WITHIN, UndoNotAllowed
from voucher.scans.naming import operator_of, operator_then
from voucher.scans.scanners import (
    PICKUP,
    SUPERVISOR,
    MayNotRedeem,
    Operator,
    Scanner,
    actor_of,
    check_may_undo,
)


class IdentityRequired(Refused):
    """Staff must first look who stands there, or how old they are."""

    code = "identity_required"
    status = 409


@dataclass(frozen=True)
class Asked:
    """A request at a desk, about an order whose row is locked."""

    session: Session
    order: FulfilmentOrder
    scanner: Scanner
    operator: Operator | None
    now: datetime

    @property
    def how(self) -> dict[str, Any]:
        """Who does it and when, as moves take it."""
        named = self.operator.id if self.operator else None
        actor = actor_of(self.scanner, self.operator)
        return {"by": By(actor, self.scanner.device_id, named), "now": self.now}


def check_may_hand_out(scanner: Scanner) -> None:
    """Raises `MayNotRedeem` where a device is no pickup desk."""
    if PICKUP not in scanner.may:
        raise MayNotRedeem("This device may not hand out orders. An organiser can let it.")
    if scanner.withdrawn:
        raise MayNotRedeem(f"The programme no longer has the station {scanner.station_name}.")


def collect(
    session: Session, scanner: Scanner, order_id: str, asked: CollectRequest, *, now: datetime
) -> dict[str, Any]:
    """Hands an order over, or parts of it, in the caller's transaction; returns the answer.

    Raises `IdentityRequired`, and what all deeds raise: `UnknownOrder`, `OtherStation`,
    `MayNotRedeem`, `UnknownOperator`, `OperatorNotSignedIn`, `MoveRefused`, `DeedDiffers`.
    """

    def take(at: Asked) -> Any:
        undoing.check_stands(at.session, at.order)
        _check_identity(at, asked)
        return moving.collect(at.session, at.order, asked.parts, **at.how)

    return _do(session, scanner, order_id, asked, Move.COLLECT, take, now=now)


def not_found(
    session: Session, scanner: Scanner, order_id: str, asked: DeedRequest, *, now: datetime
) -> dict[str, Any]:
    """An order, or parts of it, is not where it should lie; as `collect()`."""

    def take(at: Asked) -> Any:
        return moving.not_found(at.session, at.order, asked.parts, **at.how)

    return _do(session, scanner, order_id, asked, Move.NOT_FOUND, take, now=now)


def take_back(
    session: Session, scanner: Scanner, order_id: str, asked: ReturnRequest, *, now: datetime
) -> dict[str, Any]:
    """A member brings something back, by the rules of undoing: within ten minutes by who handed
    it over here, else by a supervisor. Raises `UndoNotAllowed`, and as `collect()`.
    """

    def take(at: Asked) -> Any:
        check_may_undo(scanner)
        _check_may_take_back(at)
        how = {"reason": asked.reason, **at.how}
        return moving.take_back(at.session, at.order, asked.parts, **how)

    return _do(session, scanner, order_id, asked, Move.RETURN, take, now=now)


def shelve(
    session: Session, scanner: Scanner, order_id: str, asked: ShelfRequest, *, now: datetime
) -> dict[str, Any]:
    """Says where an order lies. One that was awaited, missing or brought back is ready with that.

    Raises as `collect()`.
    """

    def take(at: Asked) -> None:
        lines = moving.lines_of(at.session, at.order)
        everywhere = {line.number: asked.shelf for line in lines} if asked.shelf else {}
        shelves = {**everywhere, **asked.shelves}
        moving.arrive(at.session, at.order, shelves, **at.how)

    return _do(session, scanner, order_id, asked, Move.SHELVE, take, now=now)


def _do(
    session: Session,
    scanner: Scanner,
    order_id: str,
    asked: DeedRequest,
    move: Move,
    take: Callable[[Asked], dict[int, int] | None],
    *,
    now: datetime,
) -> dict[str, Any]:
    order = moving.find(session, scanner.community_id, order_id)
    key = {"by": scanner.device_id, "attempt_id": str(asked.attempt_id)}
    wanted = asked.asked(order_id, move)
    # First, whatever the device may do by now: else who asks again, as the network lost the
    # answer, would never hear of it.
    kept = deeds.before(session, asked=wanted, **key)
    if kept is not None:
        return {**_named(session, order, kept), "replayed": True}
    check_may_hand_out(scanner)
    if order.station != scanner.station_key:
        raise OtherStation(elsewhere(session, order))
    operator = _holder(session, scanner, asked, move, now=now)
    at = Asked(session, order, scanner, operator, now)

    def answer() -> dict[str, Any]:
        about = take(at) or {}
        shown = told(session, [one(session, order)])[0]
        del shown["member"]
        return {
            "did": move,
            "quantity": sum(about.values()),
            "order": shown,
            "done_by": {
                "station": scanner.station_name,
                "device": scanner.device_name,
                "operator": operator.name if operator else None,
            },
            "server_time": as_text(now),
            "replayed": False,
        }

    named = operator.id if operator else None
    made = deeds.do_once(
        session, order, answer, move=move, asked=wanted, operator=named, now=now, **key
    )
    return _named(session, order, made)


def _holder(
    session: Session, scanner: Scanner, asked: DeedRequest, move: Move, *, now: datetime
) -> Operator | None:
    """Who did it: also who has left since, but not where a supervisor may do more than others."""
    if move == Move.RETURN:
        return operator_of(session, scanner, asked.operator, now=now)
    return operator_then(session, scanner, asked.operator, asked.done_at, now=now)


def _named(session: Session, order: FulfilmentOrder, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with the member's name, which is not kept with it."""
    member = {"display_name": one(session, order).member.display_name}
    return {**answer, "order": {**answer["order"], "member": member}}


def _check_identity(at: Asked, asked: CollectRequest) -> None:
    pickup = one(at.session, at.order)
    if asked.identity_confirmed or not asks_identity(pickup.perk):
        return
    age = pickup.perk.minimum_age
    whom = f"that this is {pickup.member.display_name}"
    whom = f"that an ID says at least {age}, and {whom}" if age else whom
    raise IdentityRequired(f"First check {whom}. Then confirm it.")


def _check_may_take_back(at: Asked) -> None:
    if at.operator is not None and at.operator.role == SUPERVISOR:
        return
    if at.order.state not in (State.PARTLY, State.COLLECTED, State.MISSING):
        return  # the table of moves says why not
    given = deeds.last(at.session, at.order, Move.COLLECT)
    mine = at.scanner.device_id, at.operator.id if at.operator else None
    if given is None or (given.by, given.operator) != mine:
        raise UndoNotAllowed("Only who handed it over, or a supervisor, can take it back here.")
    if at.now >= given.at + WITHIN:
        raise UndoNotAllowed("Ten minutes are over: ask a supervisor to take it back.")
