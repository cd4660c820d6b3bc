"""What a kiosk says of its clock is what the server makes of it, and believes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.support.node import run_node
from voucher.scans.judgement.claims import is_impossible
from voucher.scans.requests import Offline

TWIN = Path(__file__).parent / "clock_twin.mjs"
EPOCH = datetime.fromtimestamp(0, UTC)
START = 1_800_000_000_000
HOUR = 3_600_000
DEVICES = 500

Device = dict[str, Any]


def by_javascript(devices: list[Device]) -> list[list[dict[str, Any]]]:
    told: list[list[dict[str, Any]]] = json.loads(run_node(TWIN, given=json.dumps(devices)))
    return told


def claim(judged: dict[str, Any]) -> Offline:
    return Offline.read({"verdict": "redeemed", **judged})


def at(milliseconds: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)


def test_the_server_computes_the_moment_that_the_device_judged_by() -> None:
    for scans in by_javascript([some_device(Random(seed)) for seed in range(DEVICES)]):
        assert scans
        for scan in scans:
            assert claim(scan["judged"]).moment == at(scan["moment"])


def test_the_server_believes_what_was_uploaded_at_once() -> None:
    """Over the slowest networks, whichever way takes the time: where the clock runs true."""
    devices = [some_device(Random(seed), tampers=False) for seed in range(DEVICES)]
    for device, scans in zip(devices, by_javascript(devices), strict=True):
        for scan, now in zip(scans, device["true"], strict=True):
            assert not is_impossible(claim(scan["judged"]), at(now)), device


def test_the_server_believes_what_was_settled_whatever_happened_to_the_clock() -> None:
    devices = [some_device(Random(seed)) for seed in range(DEVICES)]
    unsettled = 0
    for device, scans in zip(devices, by_javascript(devices), strict=True):
        now = at(device["back"]["serverTime"])
        for scan in scans:
            assert not is_impossible(claim(scan["settled"]), now), device
            unsettled += is_impossible(claim(scan["judged"]), now)
    assert unsettled


def test_a_clock_that_nobody_touches_is_corrected_to_the_time_an_answer_took() -> None:
    devices = [some_device(Random(seed), tampers=False) for seed in range(DEVICES)]
    for device, scans in zip(devices, by_javascript(devices), strict=True):
        sync = device["sync"]
        took = sync["receivedAt"] - sync["sentAt"]
        for scan, true in zip(scans, device["true"], strict=True):
            assert abs(scan["moment"] - true) <= took


def some_device(random: Random, *, tampers: bool = True) -> Device:
    """One sync, some scans without a network in the next twelve hours, and the way back.

    Where somebody tampers, the clock runs fast or slow, and is set as they like.
    """
    ahead = random.choice((0, 5000, -200_000, 9 * HOUR, -START, 10**11, -(10**11), 2 * 10**11))
    there, back = random.choice((3, 900, 4000)), random.choice((3, 900, 4000))
    answered = START + there
    true = sorted(
        answered + back + random.randint(0, 12 * HOUR) for _ in range(random.randint(1, 5))
    )
    rate = random.choice((0, 0, 5e-5, -5e-5)) if tampers else 0
    shifts = (0, 0, 0, HOUR, -HOUR, 11 * 10**10, -(11 * 10**10))
    scans = [
        now + ahead + round((now - START) * rate) + (random.choice(shifts) if tampers else 0)
        for now in true
    ]
    return {
        "sync": {
            "sentAt": START + ahead,
            "receivedAt": answered + back + ahead,
            "serverTime": answered,
        },
        "scans": scans,
        "true": true,
        "back": {"serverTime": true[-1] + random.choice((0, 40, HOUR))},
    }
