"""A device says with each sync until when it has told all: it cannot date back to before that. And
what waits there still, which organisers see.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from app import clock
from app.clock import as_text
from app.factory import create_app
from kiosk.devices import listing
from tests.support.installations import NOON, World, make_installation, minutes

SYNC = "https://keepsake.example/api/v1/sync"
BATCH = "https://keepsake.example/api/v1/scans/batch"
EVENING = NOON + timedelta(hours=8)


class Device:
    """A till that says what it likes."""

    def __init__(self, world: World, client: FlaskClient):
        self._world, self._client = world, client
        self.scanner, bearer = world.add_device()
        self._headers = {"Authorization": f"Bearer {bearer}"}

    def sync(
        self, at: datetime, told_until: datetime | str | None = None, waiting: str | None = None
    ) -> int:
        """The answer's status."""
        said = as_text(told_until) if isinstance(told_until, datetime) else told_until
        with clock.standing_at(at):
            query = {"told_until": said, "waiting": waiting}
            return self._client.get(SYNC, query_string=query, headers=self._headers).status_code

    def claim(self, moment: datetime) -> str:
        """What becomes of a hand-over of that moment, uploaded in the evening."""
        told = {"verdict": "redeemed", "synced_at": as_text(NOON), "skew_ms": 0}
        scan = {
            "attempt_id": str(uuid4()),
            "mode": "redeem",
            "token": self._world.issue(now=NOON).token,
            "scanned_at": as_text(moment),
            "offline": {**told, "judged_at": as_text(moment)},
        }
        with clock.standing_at(EVENING):
            answer = self.send([scan])["answers"][0]
        assert (answer["verdict"] == "redeemed") == (answer["conflict"] is None)
        verdict: str = answer["verdict"]
        return verdict

    @property
    def waiting(self) -> int | None:
        """What organisers are shown."""
        with self._world.installation.reading() as session:
            [one] = listing.standing(session, self._world.community_id, now=clock.now())
        return one.waiting

    def send(self, scans: list[Any], **more: Any) -> dict[str, Any]:
        body = {"scans": scans, **more}
        answer = self._client.post(BATCH, json=body, headers=self._headers)
        return cast(dict[str, Any], answer.json)


@pytest.fixture
def device(engine_url: str, tmp_path: Path) -> Iterator[Device]:
    installation = make_installation(tmp_path, engine_url)
    with clock.standing_at(NOON):
        yield Device(World(installation), create_app(installation).test_client())
    installation.close()


def test_what_was_told_by_then_cannot_be_added_to(device: Device) -> None:
    device.sync(NOON + minutes(60), told_until=NOON + minutes(60))
    assert device.claim(NOON + minutes(30)) == "impossible_time"
    assert device.claim(NOON + minutes(61)) == "redeemed"


def test_who_began_to_look_at_an_id_before_the_sync_is_believed(device: Device) -> None:
    device.sync(NOON + minutes(60), told_until=NOON + minutes(60))
    assert device.claim(NOON + minutes(55)) == "redeemed"
    assert device.claim(NOON + minutes(54)) == "impossible_time"


def test_what_still_waited_as_it_synced_is_taken(device: Device) -> None:
    device.sync(NOON + minutes(60), told_until=NOON + minutes(20))
    assert device.claim(NOON + minutes(30)) == "redeemed"


def test_it_is_not_taken_back_and_goes_no_further_than_now(device: Device) -> None:
    device.sync(NOON + minutes(60), told_until=NOON + minutes(60))
    device.sync(NOON + minutes(62), told_until=NOON)
    assert device.claim(NOON + minutes(30)) == "impossible_time"
    device.sync(NOON + minutes(90), told_until=EVENING)
    assert device.claim(NOON + minutes(92)) == "redeemed"


def test_a_till_that_says_nothing_of_it_is_believed_as_before(device: Device) -> None:
    assert device.sync(NOON + minutes(60), told_until=None) == 200
    assert device.claim(NOON + minutes(30)) == "redeemed"


def test_what_is_no_moment_is_refused(device: Device) -> None:
    for said in ("yesterday", "2026-11-18T12:00:00", "9999-12-31T23:59:59Z"):
        assert device.sync(NOON, told_until=said) == 422


def test_a_batch_that_names_another_device_is_taken_from_none(device: Device) -> None:
    assert device.send([], device=device.scanner.device_id) == {"answers": []}
    assert device.send([], device="dev_other")["title"] == "other_device"


def test_organisers_see_at_once_what_waits_on_a_device(device: Device) -> None:
    assert device.waiting is None
    device.sync(NOON, waiting="0")
    assert device.waiting == 0
    device.sync(NOON + timedelta(seconds=5), waiting="3")
    assert device.waiting == 3
    assert device.sync(NOON + timedelta(seconds=6), waiting="-1") == 422
    assert device.sync(NOON + timedelta(seconds=6), waiting="٣") == 422
    assert device.waiting == 3
