"""A device and those who hold it, by HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.clock import as_text
from app.factory import create_app
from kiosk.devices import permitting
from tests.support.installations import World
from voucher.scans.conflicts import conflicts

SITE = "https://keepsake.example"


class Desk:
    """A device at the pop-up, unless said otherwise, with its bearer token."""

    def __init__(self, world: World, name: str = "Door", *, station: str = "popup"):
        self.world = world
        self.scanner, self.bearer = world.add_device(station, name)
        self.id = self.scanner.device_id
        self._client: FlaskClient = create_app(world.installation).test_client()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.bearer}"}
        path = path if path.startswith("/kiosk") else f"/api/v1{path}"
        answer = self._client.open(SITE + path, method=method, json=body, headers=headers)
        return answer.status_code, answer.get_json()

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        """Whatever is there, also where it is no JSON."""
        known = {"Authorization": f"Bearer {self.bearer}"} | (headers or {})
        return self._client.get(f"{SITE}/api/v1{path}", headers=known)

    def page(self) -> str:
        """The kiosk's page, as this device gets it."""
        headers = {"Authorization": f"Bearer {self.bearer}"}
        return self._client.get(f"{SITE}/kiosk/", headers=headers).get_data(as_text=True)

    def sign_in(self, operator: str, pin: str, **more: Any) -> tuple[int, dict[str, Any]]:
        body = {"operator": operator, "pin": pin, **more}
        return self.ask("POST", "/operators/sign-in", body)

    def sign_out(self) -> int:
        return self.ask("POST", "/operators/sign-out", {})[0]

    def holder(self) -> str | None:
        held = self.ask("GET", "/operators")[1]["signed_in"]
        return str(held["id"]) if held else None

    def scan(self, **asked: Any) -> tuple[str, dict[str, Any]]:
        """The attempt's id, and the verdict or the problem."""
        attempt = asked.setdefault("attempt_id", str(uuid4()))
        body = {"mode": "redeem", "scanned_at": as_text(clock.now())} | asked
        return attempt, self.ask("POST", "/scans", body)[1]

    def told(self, **asked: Any) -> str:
        """The verdict, or what kept it from one."""
        answer = self.scan(**asked)[1]
        return str(answer.get("verdict") or answer["title"])

    def end(self, attempt: str, how: str, **asked: Any) -> str:
        answer = self.ask("POST", f"/scans/{attempt}/{how}", asked)[1]
        return str(answer.get("verdict") or answer["title"])


def claim(minutes_ago: float = 0, verdict: str = "redeemed") -> dict[str, Any]:
    """What a device decided by itself so long ago."""
    at = as_text(clock.now() - timedelta(minutes=minutes_ago))
    return {"offline": {"verdict": verdict, "judged_at": at, "synced_at": at, "skew_ms": 0}}


def allow(world: World, device: str, *may: str) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        permitting.allow(session, world.community_id, device, may, **how)


def revoke(world: World, device: str) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        permitting.revoke(session, world.community_id, device, **how)


def reasons(world: World) -> list[str]:
    """Why organisers have something to look at."""
    with world.installation.reading() as session:
        return [one["reason"] for one in conflicts.unresolved(session, world.community_id)]


def entries(world: World, kind: str) -> list[dict[str, Any]]:
    """What the record says of this kind."""
    with world.installation.reading() as session:
        rows = select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.at)
        return [one.data for one in session.scalars(rows)]
