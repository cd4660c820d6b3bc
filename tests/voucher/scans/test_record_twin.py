"""The kiosk's JavaScript judges by the record as Python does: each vector, and generated cases."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.support.node import run_node
from tests.voucher.scans import record_vectors
from voucher.scans.rules import Asked, RecordView, judge
from voucher.token import Payload

TWIN = Path(__file__).parent / "record_twin.mjs"
CASES = 2000
START = 1_800_000_000
EPOCH = datetime.fromtimestamp(0, UTC)

Case = dict[str, Any]


def by_javascript(cases: list[Case]) -> list[str]:
    verdicts: list[str] = json.loads(run_node(TWIN, given=json.dumps(cases)))
    return verdicts


def by_python(case: Case) -> str:
    payload = case["payload"]
    if payload is not None:
        payload = Payload(**payload | {"voucher": bytes.fromhex(payload["voucher"])})
    view = case["view"]
    if view is not None:
        dates = {key: moment(view[key]) for key in ("valid_from", "valid_until")}
        view = RecordView(**view | dates)
    asked = Asked(**case["asked"] | {"now": moment(case["asked"]["now"])})
    return judge(payload, view, asked)


def moment(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def test_the_twin_passes_every_vector() -> None:
    cases = json.loads(record_vectors.FILE.read_text("utf-8"))["cases"]
    assert by_javascript(cases) == [case["verdict"] for case in cases]


def test_the_twin_agrees_on_generated_cases() -> None:
    cases = [generate(Random(seed)) for seed in range(CASES)]
    wanted = [by_python(case) for case in cases]
    for case, verdict, expected in zip(cases, by_javascript(cases), wanted, strict=True):
        assert verdict == expected, case
    # What is compared is worth something only where every answer is among them.
    counts = Counter(wanted)
    assert len(counts) == 15
    assert min(counts.values()) > CASES / 200
    assert counts["ok"] > CASES / 10


def generate(random: Random) -> Case:
    """A voucher, shown or typed, at some moment; mostly one thing is wrong with it, or none."""
    signed = START, START + random.choice((60, 3600, 259_200))
    lasts_on = random.random() < 0.4
    known = (signed[0] + random.choice((-600, 0, 600)), signed[1] + 3600) if lasts_on else signed
    payload = some_payload(random, *signed)
    edges = (*signed, *known) if payload is None else (*edges_of(payload), *known)
    nudge = random.choice((-31, -30.5, -1, -0.25, 0, 0.5, 29.75, 30, 31))
    now = edges[0] + 30 if random.random() < 0.7 else random.choice(edges) + nudge
    view = record_vectors.GOOD_VIEW | {
        "valid_from": known[0] + random.choice((0, 0, 0.5)),
        "valid_until": known[1] + random.choice((0, 0, 0.25)),
        "asks_live": random.random() < 0.3,
    }
    for key in random.sample(sorted(record_vectors.VIEWS), random.choice((0, 0, 1, 1, 2))):
        view[key] = random.choice(record_vectors.VIEWS[key])
    asked = {
        "station": "popup",
        "uses": random.choice((1, 1, 1, 2, 4)),
        "now": now,
        "identity_confirmed": random.random() < 0.4,
    }
    is_known = random.random() < 0.95
    return {"payload": payload, "view": view if is_known else None, "asked": asked}


def some_payload(random: Random, begins: int, ends: int) -> Case | None:
    """None for a typed code."""
    if random.random() < 0.2:
        return None
    live = random.random() < 0.3
    if live:
        begins = random.choice((begins, begins - 120, ends - 60))
        ends = begins + 60
    return {
        "version": 1,
        "key": 7,
        "flags": random.choice((0, 1, 1, 3)) | (4 if live else 0),
        "perk": 42,
        "voucher": random.randbytes(8).hex(),
        "valid_from": begins,
        "valid_until": ends,
    }


def edges_of(payload: Case) -> tuple[int, int]:
    return payload["valid_from"], payload["valid_until"]
