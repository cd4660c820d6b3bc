"""What a partner reports, by a message signed as ours to them are: an order came to its station."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.refusals import Refused
from fulfilment.orders import deeds, moving
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.orders.moves import Move, State
from fulfilment.orders.moving import By, UnknownOrder
from fulfilment.orders.shelves import Shelf
from fulfilment.partners.models import Partner
from fulfilment.webhooks.models import WebhookEndpoint
from fulfilment.webhooks.signing import ID, SignatureRefused, verify
from voucher.scans.requests import first_mistake

LONGEST_ID = 200


class ReportUnreadable(Refused):
    """The message is signed as it should be, but it is none that we understand."""

    code = "unreadable_message"


class LinePart(BaseModel):
    """Where one line lies."""

    line: Annotated[int, Field(ge=1, le=100)]
    shelf: Shelf


class ReadyPart(BaseModel):
    """`data` of `order.ready`."""

    order_id: Annotated[str, Field(max_length=64)]
    shelf: Shelf | None = None
    """Where all lines lie that are not named."""
    lines: Annotated[tuple[LinePart, ...], Field(max_length=100)] = ()


class Report(BaseModel):
    """A partner's message."""

    type: Literal["order.ready"]
    timestamp: AwareDatetime
    data: ReadyPart


def sender(
    session: Session, key: str, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> Partner:
    """The partner of this key, who signed the message; raises `SignatureRefused` for all others."""
    rows = session.execute(
        select(Partner, WebhookEndpoint.secret)
        .join(WebhookEndpoint, WebhookEndpoint.partner_id == Partner.id)
        .where(Partner.key == key, Partner.withdrawn_at.is_(None))
    ).all()
    refused = SignatureRefused("No signature fits this message.")
    for partner, secret in rows:
        try:
            verify(secret, headers, body, now=now)
        except SignatureRefused as error:
            refused = error
        else:
            return partner
    raise refused


def read(body: bytes) -> Report:
    """The report in a body; raises `ReportUnreadable` with the first key that is wrong."""
    try:
        return Report.model_validate_json(body)
    except ValidationError as error:
        sentence, key = first_mistake(error)
        raise ReportUnreadable(sentence, key=key) from error


def take(
    session: Session, partner: Partner, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> dict[str, Any]:
    """Does what a partner reports, once for each `webhook-id`; returns the answer.

    A report counts for what is awaited; else only if it is younger than what a desk did, and never
    for what was fetched or came back, which lies with the desk: then nothing changes. Raises
    `ReportUnreadable`, `UnknownOrder`, `MoveRefused`, `DeedDiffers`.
    """
    report, message_id = read(body), headers[ID]
    if len(message_id) > LONGEST_ID or not message_id.isprintable():
        raise ReportUnreadable(f"{ID} has at most {LONGEST_ID} characters that can be seen.")
    data = report.data
    order = moving.find(session, partner.community_id, data.order_id)
    if order.partner_id != partner.id:
        raise UnknownOrder("There is no such order to fetch.")
    # Not by the key, which another community's partner may have as well.
    by = f"{deeds.PARTNER}{partner.id}"
    asked = deeds.hash_of(order.id, report.type, data.model_dump(mode="json"))
    kept = deeds.before(session, by, message_id, asked)
    if kept is not None:
        return kept

    def arrive() -> dict[str, Any]:
        lines = moving.lines_of(session, order)
        shelves = {line.number: data.shelf for line in lines} if data.shelf else {}
        shelves |= {one.line: one.shelf for one in data.lines}
        if not _tells_nothing_new(session, order, report):
            actor = By(Actor("partner", partner.key))
            moving.arrive(session, order, shelves, with_returned=False, by=actor, now=now)
        return {"order_id": order.id, "number": order.number, "state": order.state}

    how: dict[str, Any] = {"by": by, "attempt_id": message_id, "asked": asked, "now": now}
    return deeds.do_once(session, order, arrive, move=Move.READY, **how)


def _tells_nothing_new(session: Session, order: FulfilmentOrder, report: Report) -> bool:
    """Whether a desk knows better: it came late, or it is about what is the desk's by now."""
    if order.state in (State.REQUESTED, State.CANCELLED):
        return False
    if order.state in (State.COLLECTED, State.RETURNED):
        return True
    known = deeds.last_by_desk(session, order)
    return known is not None and report.timestamp <= known.at
