"""A movement's row: what changed where, and why."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from app.rows import RowInsert
from app.stock.levels import Level
from app.stock.models import StockMovement

INSERT = RowInsert(StockMovement)


class Cause(StrEnum):
    """Why what lies somewhere changed."""

    REDEEMED = "redeemed"
    UNDONE = "undone"
    RETURNED = "returned"
    """A faulty item that came back and can be handed out again."""
    FAULTY = "faulty"
    """A faulty item that came back and cannot."""
    CHARGED = "charged"
    """Handed over without the record's consent, and taken off afterwards."""
    RECEIVED = "received"
    COUNTED = "counted"
    MOVED = "moved"
    WRITTEN_OFF = "written_off"


def movement(
    level: Level,
    change: int,
    cause: Cause,
    actor: str,
    now: datetime,
    *,
    reserved: int = 0,
    subject: str = "",
    holder: str = "",
) -> dict[str, Any]:
    """The row of a change that the level has seen already."""
    return {
        "level_id": level.id,
        "at": now,
        "change": change,
        "on_hand": level.on_hand,
        "reserved": reserved,
        "cause": cause,
        "subject": subject,
        "holder": holder,
        "actor": actor,
    }
