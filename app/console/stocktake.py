"""The organisers' page of stock: what lies where, what was done with it, and forms to change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.audit.reasons import read_reason
from app.console import forms, stock
from app.console.frame import frame
from app.console.stock import Lying
from app.http import admits, installation
from app.refusals import Refused
from app.stock import moving
from app.stock.levels import Sort
from app.stock.models import StockLevel, StockMovement
from app.stock.movements import Cause

LAST = 30
MOST = 1_000_000
CHANGES: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "count": ("Counted", moving.count),
    "receive": ("Came in", moving.receive),
    "write_off": ("Lost or broken", moving.write_off),
    "move": ("Carried elsewhere", moving.move),
}
WORDS = {
    Cause.REDEEMED: "handed over",
    Cause.UNDONE: "hand-over undone",
    Cause.RETURNED: "came back, good",
    Cause.FAULTY: "came back, faulty",
    Cause.CHARGED: "handed over, taken off afterwards",
    Cause.RECEIVED: "came in",
    Cause.COUNTED: "counted",
    Cause.MOVED: "carried",
    Cause.WRITTEN_OFF: "lost or broken",
}

blueprint = Blueprint("stocktake", __name__, url_prefix="/console/stock")


class ChangeUnreadable(Refused):
    """A field of the form holds what it cannot mean."""

    code = "change_unreadable"


@dataclass(frozen=True)
class Moved:
    """A movement, as organisers read it."""

    at: datetime
    item: str
    variant: str
    place: str
    change: int
    on_hand: int
    words: str
    by: str
    """What kind of one did it: an organiser, an operator, a device."""


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """All levels, each with a form, and the last movements."""
    return _page()


@blueprint.post("")
@admits("organiser")
def change() -> AnyResponse:
    """Does what a level's form says; what refuses it is told on the page, with what was typed."""
    return forms.answer(_change, _page, "stocktake.page")


def _change(session: Session, ours: int, how: dict[str, Any]) -> None:
    form = request.form
    named = CHANGES.get(form.get("change", ""))
    if named is None:
        raise ChangeUnreadable("Choose what happened.", key="change")
    sort = Sort(ours, form.get("item", ""), form.get("variant", ""))
    places = [form.get("place", "")]
    if named[1] is moving.move:
        places.append(form.get("to", ""))
    if any("\x00" in text for text in (*sort[1:], *places)):
        raise ChangeUnreadable("A field holds what nobody can type.")
    reason = read_reason(form.get("reason", ""))
    quantity = _quantity(form.get("quantity", ""), least=0 if named[1] is moving.count else 1)
    named[1](session, sort, *places, quantity, reason=reason, **how)


def _quantity(text: str, least: int) -> int:
    if text.isascii() and text.isdigit() and least <= int(text[:8]) <= MOST:
        return int(text[:8])
    raise ChangeUnreadable(f"Write how many, as a whole number from {least}.", key="quantity")


def _page(complaint: str = "") -> str:
    ours = frame().community.id
    with installation().reading() as session:
        lying = stock.lying(session, ours, clock.now())
        moved = _moved(session, ours, lying)
    return forms.render(
        "organiser/stock.html",
        complaint,
        lying=lying,
        places={one.place_key: one.place for one in lying},
        moved=moved,
        changes={key: words for key, (words, _) in CHANGES.items()},
    )


def _moved(session: Session, community_id: int, lying: list[Lying]) -> list[Moved]:
    items = {one.item_key: one.item for one in lying}
    places = {one.place_key: one.place for one in lying}
    rows = session.execute(
        select(StockMovement, StockLevel)
        .join(StockLevel, StockLevel.id == StockMovement.level_id)
        .where(StockLevel.community_id == community_id)
        .order_by(StockMovement.id.desc())
        .limit(LAST)
    )
    return [
        Moved(
            movement.at,
            items.get(level.item, level.item),
            level.variant,
            places.get(level.place, level.place),
            movement.change,
            movement.on_hand,
            WORDS.get(Cause(movement.cause), movement.cause),
            movement.actor.partition(":")[0],
        )
        for movement, level in rows
    ]
