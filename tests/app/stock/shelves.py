"""Small shirts in two places, and short ways to move them about."""

from datetime import datetime, timedelta
from typing import Any

from app.actor import COMMAND_LINE
from app.stock import handing_out, levels, moving, reserving
from app.stock.handing_out import Take
from app.stock.levels import Sort
from app.stock.reserving import Want
from tests.support.installations import NOON, PROGRAMME, World

SHIRTS = PROGRAMME + '\n[items.shirt]\nname = "Shirt"\nvariants = ["small", "large"]\nlow = 2\n'
SOON = NOON + timedelta(hours=1)
HOW: dict[str, Any] = {"actor": COMMAND_LINE, "now": NOON}


class Shelves:
    """Short ways to move small shirts about."""

    def __init__(self, world: World):
        self._world = world
        self.sort = Sort(world.community_id, "shirt", "small")
        self.alone = True

    def __call__(self, move: Any, *given: Any, **more: Any) -> Any:
        with self._world.installation.unit_of_work() as session:
            return move(session, *given, **HOW | more)

    def receive(self, quantity: int, place: str = "popup") -> None:
        self(moving.receive, self.sort, place, quantity, reason="a parcel")

    def reserve(
        self, *holders: str, quantity: int = 1, until: datetime = SOON, **how: Any
    ) -> set[str]:
        wants = [Want(self.sort, None, quantity, holder, until) for holder in holders]
        served: set[str] = self(reserving.reserve, wants, **how)
        return served

    def prolong(
        self, *holders: str, quantity: int = 1, until: datetime = SOON, **how: Any
    ) -> set[str]:
        wants = [Want(self.sort, None, quantity, holder, until) for holder in holders]
        gone: set[str] = self(reserving.prolong, wants, **how)
        return gone

    def take(self, holder: str, subject: str, quantity: int = 1, place: str = "popup") -> bool:
        wanted = Take(self.sort, place, quantity, holder, subject, COMMAND_LINE)
        with self._world.installation.unit_of_work() as session:
            would = handing_out.would_serve(session, wanted, now=NOON)
            [served] = handing_out.take(session, [wanted], now=NOON)
        assert self.alone is False or would == served
        return served

    def there(self, place: str = "popup", now: datetime = NOON) -> tuple[int, int]:
        """What lies there, and what of it is free."""
        with self._world.installation.reading() as session:
            for level, reserved in levels.of_community(session, self.sort.community_id, now=now):
                if (level.place, level.variant) == (place, "small"):
                    return level.on_hand, level.on_hand - reserved
        raise AssertionError(f"no level at {place}")
