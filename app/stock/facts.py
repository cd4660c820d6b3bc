"""What stock tells the record."""

from dataclasses import dataclass
from typing import ClassVar

from app.journal import Fact


@dataclass(frozen=True, kw_only=True)
class StockChanged(Fact):
    """An organiser received, counted, moved or wrote off something; `reason` is a remark's hash.

    What is handed over is in the redemption's own fact.
    """

    kind: ClassVar[str] = "stock.changed"
    item: str
    variant: str
    place: str
    cause: str
    change: int
    on_hand: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockLow(Fact):
    """So few in a place are promised to nobody: told once, as the number is reached."""

    kind: ClassVar[str] = "stock.low"
    item: str
    variant: str
    place: str
    free: int
    low: int
