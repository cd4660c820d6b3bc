"""A whole installation for a test: its own folder, database, keys and programme."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app import clock
from app.achievements.intake.taking_in import TakenIn, take_in
from app.activity.events import ActivityEvent
from app.actor import COMMAND_LINE
from app.communities import members, places
from app.config import Settings
from app.installation import Installation, open_installation
from app.programme.applying import apply_now, ready_community
from app.programme.loading import load
from kiosk.devices import pairing, scanners
from kiosk.operators import admitting, roster
from tests.support.prepared import prepare_as_before
from voucher.ledger.issuance.issuing import Issued, issue
from voucher.perks.settings import perk
from voucher.scans.judgement.desk import scan
from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import Scanner

PROGRAMME = """
[community]
key = "test"
name = "Test"
timezone = "Europe/Berlin"

[metrics.active_days]
kinds = ["message"]
distinct = "day"

[metrics.channels_joined]
kinds = ["message"]
distinct = "channel"

[achievements.starter]
name = "Starter"
all = [{ metric = "thread_started", at_least = 3 }]
reward = { channel = "voucher", perk = "pin" }

[achievements.explorer]
name = "Explorer"
all = [{ metric = "channels_joined", at_least = 2 }, { metric = "message", at_least = 3 }]
reward = { channel = "voucher", perk = "pin" }

[perks.pin]
name = "Pin"
stations = ["popup"]

[perks.elsewhere]
name = "Elsewhere"
stations = ["other"]

[stations.popup]
name = "Pop-up"

[stations.other]
name = "Other place"
"""

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


class World:
    """An installation with short ways to do what people do."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.community_id = ready_community(installation)

    def take(self, *events: ActivityEvent, source: str = "sample", **how: Any) -> TakenIn:
        """Takes a batch in."""
        with self.installation.unit_of_work() as session:
            how = {"now": clock.now()} | how
            return take_in(session, self.community_id, source, events, **how)

    def issue(self, perk_key: str = "pin", member: str = "1", **how: Any) -> Issued:
        """Issues a voucher by hand."""
        with self.installation.unit_of_work() as session:
            now = how.get("now") or clock.now()
            known = members.ids_of(
                session,
                self.community_id,
                how.get("source", "sample"),
                {member: how.get("name")},
                first_seen=now,
            )
            wanted = perk(session, self.community_id, perk_key)
            return issue(session, wanted, known[member], cause="test", actor=COMMAND_LINE, now=now)

    def add_device(self, station: str = "popup", name: str = "Door") -> tuple[Scanner, str]:
        """A device and its bearer token."""
        with self.installation.unit_of_work() as session:
            place = places.station(session, self.community_id, station)
            added = pairing.add(session, place, name, actor=COMMAND_LINE, now=clock.now())
        scanner = scanners.by_bearer(self.installation, added.bearer)
        assert scanner is not None
        return scanner, added.bearer

    def add_operator(self, name: str = "Mia", role: str = "steward") -> str:
        """The id of somebody who may be named as holding a device."""
        with self.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
            return roster.add(session, self.community_id, name, role, **how).id

    def admit(self, operator: str, scanner: Scanner) -> None:
        """Lets an operator sign in on a device."""
        with self.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
            admitting.admit(session, self.community_id, operator, scanner.device_id, **how)

    def draw_pin(self, operator: str) -> str:
        """A new PIN for an operator."""
        return admitting.draw_pin(
            self.installation, self.community_id, operator, actor=COMMAND_LINE
        )[1]

    def scan(self, scanner: Scanner, now: datetime | None = None, **request: Any) -> dict[str, Any]:
        """Scans, as the API would."""
        now = now or clock.now()
        body = {"attempt_id": str(uuid4()), "mode": "redeem", "scanned_at": now.isoformat()}
        asked = ScanRequest.read(body | request)
        return scan(self.installation, scanner, asked, now=now)


def make_installation(
    folder: Path,
    database_url: str,
    programme: str = PROGRAMME,
    public_url: str = "https://keepsake.example",
    **settings: Any,
) -> Installation:
    """An installation that was migrated, with its data in `folder`."""
    (folder / "programme.toml").write_text(programme, "utf-8")
    made = Settings.model_validate(
        {
            "data_dir": folder / "var",
            "programme_file": folder / "programme.toml",
            "database_address": database_url,
            "public_address": public_url,
            "discord_token": None,
            **settings,
        }
    )
    installation = open_installation(made)
    prepare_as_before(installation)
    return installation


def beside(world: World, file: Path, programme: str) -> World:
    """Another community of the same installation, with this programme in a file of its own."""
    file.write_text(programme, "utf-8")
    settings = world.installation.settings.model_copy(update={"programme_file": file})
    installation = replace(world.installation, settings=settings)
    apply_now(installation, load(file, installation.plugins))
    return World(installation)


def world_of(programme: str = PROGRAMME, *, at: datetime | None = None, **settings: Any) -> Any:
    """A fixture for a module of tests: an installation with this programme, on each engine, and the
    clock standing `at` a time once it is there.
    """

    @pytest.fixture
    def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
        installation = make_installation(tmp_path, engine_url, programme, **settings)
        with clock.standing_at(at) if at is not None else nullcontext():
            yield World(installation)
        installation.close()

    return world


def message(event_id: str, member: str = "1", at: datetime = NOON, **more: Any) -> ActivityEvent:
    """A message, in channel `c1` unless said otherwise."""
    values = {"kind": "message", "channel": "c1"} | more
    return ActivityEvent(id=event_id, member=member, at=at, **values)


def thread(event_id: str, member: str = "1", at: datetime = NOON, **more: Any) -> ActivityEvent:
    """A thread that was started."""
    return message(event_id, member, at, kind="thread_started", **more)


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
