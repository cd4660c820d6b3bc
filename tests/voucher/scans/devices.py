"""Devices at the pop-up, and what their staff do with what can be held."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tests.support.installations import NOON, PROGRAMME, World
from voucher.scans.requests import EndRequest
from voucher.scans.scanners import Scanner

DRINKS = (
    PROGRAMME
    + '\n[perks.drinks]\nname = "Drinks"\nuses = 3\n'
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\nstock_taken = "redemption"\n'
    + '\n[items.mug]\nname = "Mug"\n'
)


class Device:
    """A device at the pop-up, and what its staff do."""

    def __init__(self, world: World, name: str = "Door"):
        self.world = world
        self.scanner: Scanner = world.add_device(name=name)[0]

    def scan(self, mode: str, token: str, now: datetime = NOON, **more: Any) -> dict[str, Any]:
        return self.world.scan(self.scanner, now=now, mode=mode, token=token, **more)

    def hold(self, token: str, now: datetime = NOON, **more: Any) -> str:
        attempt = str(uuid4())
        answer = self.scan("hold", token, now, attempt_id=attempt, **more)
        assert answer["verdict"] == "reserved"
        return attempt

    def end(self, how: Any, attempt: str, now: datetime = NOON, **asked: Any) -> dict[str, Any]:
        with self.world.installation.unit_of_work() as session:
            request = EndRequest.read(asked)
            answer: dict[str, Any] = how(session, self.scanner, UUID(attempt), request, now=now)
        return answer
