"""Finding orders at a station: by state and name, or by what a member shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import uuid_utils.compat
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.models import Station
from app.installation import Installation
from app.refusals import Refused
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.orders.moves import State
from fulfilment.pickups.requests import FindRequest
from fulfilment.pickups.telling import Pickup, pickups, told
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.scans.judgement.desk import scan
from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import Scanner

GROUPS = {
    "ready": (State.READY, State.PARTLY),
    "awaited": (State.REQUESTED,),
    "not_found": (State.MISSING,),
    "done": (State.COLLECTED, State.RETURNED, State.CANCELLED),
}
"""What can be asked for, as staff think of it."""
SHOWN = 100
LOOKED_AT = 5000
"""Among how many of the newest a name is looked for: of what is done there is no end."""
REPLACED = "This card was replaced. Ask for the new one, or look by name."
HANDED_ON = ("reissue", "renewal")
"""Causes of a voucher that stands in for another one: its orders are its member's still."""


class StateUnreadable(Refused):
    """There is no such group of orders."""

    code = "unknown_state"


class NoVoucher(Refused):
    """What was shown is no voucher that counts; the sentence is the one of a scan."""

    code = "no_voucher"


class NothingToFetch(Refused):
    """Nothing was ordered with this voucher."""

    code = "nothing_to_fetch"
    status = 404


class OtherStation(Refused):
    """It is fetched elsewhere."""

    code = "wrong_station"
    status = 409


def listed(session: Session, scanner: Scanner, group: str, text: str) -> dict[str, Any]:
    """What lies at the desk's station in a state, by name; of what is done the newest first.

    `text` is the beginning of a word of the member's name, or of the order's number. Raises
    `StateUnreadable`.
    """
    if group not in GROUPS:
        known = ", ".join(GROUPS)
        raise StateUnreadable(f"There is no state {group}: choose among {known}.", key="state")
    rows = session.execute(
        pickups(scanner.community_id)
        .where(FulfilmentOrder.station == scanner.station_key)
        .where(FulfilmentOrder.state.in_(GROUPS[group]))
        .order_by(FulfilmentOrder.changed_at.desc(), FulfilmentOrder.id.desc())
        .limit(LOOKED_AT)
    )
    found = [Pickup(*row) for row in rows]
    wanted = [each for each in found if _begins(each, text)]
    if group != "done":
        wanted.sort(key=lambda each: (each.member.display_name.casefold(), each.order.id))
    return {"orders": told(session, wanted[:SHOWN]), "total": len(wanted)}


def shown(
    installation: Installation, scanner: Scanner, asked: FindRequest, *, now: datetime
) -> list[dict[str, Any]]:
    """The orders at the desk's station of the voucher that a member shows.

    Looked at as a scan that only checks: so it is kept as one, and who guesses is slowed down.
    Raises `NoVoucher`, `NothingToFetch`, `OtherStation`, and as a scan does.
    """
    request = ScanRequest(
        attempt_id=uuid_utils.compat.uuid7(),
        token=asked.token,
        code=asked.code,
        mode="check",
        scanned_at=now,
        operator=asked.operator,
    )
    answer = scan(installation, scanner, request, now=now)
    if answer["voucher"] is None:
        raise NoVoucher(answer["message"], verdict=answer["verdict"])
    with installation.reading() as session:
        found = _of_voucher(session, scanner, answer["voucher"]["reference"])
        here = [each for each in found if each.order.station == scanner.station_key]
        if not found:
            raise NothingToFetch("Nothing was ordered with this voucher.")
        if not here:
            raise OtherStation(elsewhere(session, found[0].order))
        return told(session, here)


def elsewhere(session: Session, order: FulfilmentOrder) -> str:
    """Where an order is fetched that is not fetched here, in a sentence."""
    name = session.scalar(
        select(Station.name).where(
            Station.community_id == order.community_id, Station.key == order.station
        )
    )
    return f"Order {order.number} is fetched at another station: send them to {name}."


def _of_voucher(session: Session, scanner: Scanner, reference: str) -> Sequence[Pickup]:
    """What can be fetched first, then the newest."""
    standing = session.scalar(select(Voucher.standing).where(Voucher.reference == reference))
    if standing not in (Standing.OPEN, Standing.VOID):
        # Whatever its time says: a card that was replaced may be in somebody else's hands.
        raise NoVoucher(REPLACED, verdict=standing)
    rows = session.execute(
        pickups(scanner.community_id)
        .where(FulfilmentOrder.voucher.in_(_handed_on(session, reference)))
        .order_by(FulfilmentOrder.id.desc())
    )
    found = [Pickup(*row) for row in rows]
    groups = list(GROUPS.values())
    rank = {state: place for place, group in enumerate(groups) for state in group}
    return sorted(found, key=lambda each: rank.get(State(each.order.state), len(groups)))


def _handed_on(session: Session, reference: str) -> list[str]:
    """A voucher's reference, and those of the vouchers that it stands in for."""
    chain = [reference]
    while True:
        cause = session.scalar(select(Voucher.cause).where(Voucher.reference == chain[-1]))
        kind, _, old = (cause or "").partition(":")
        if kind not in HANDED_ON or old in chain:
            return chain
        chain.append(old)


def _begins(pickup: Pickup, text: str) -> bool:
    wanted = text.strip().casefold()
    if not wanted or pickup.order.number.casefold().startswith(wanted.removeprefix("#")):
        return True
    name = pickup.member.display_name.casefold()
    return name.startswith(wanted) or any(
        word.startswith(wanted) for word in name.replace("-", " ").split()
    )
