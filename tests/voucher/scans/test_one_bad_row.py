"""An upload of many: what goes wrong with one of them is that one's alone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.clock import as_text
from tests.support.installations import NOON, World
from voucher.scans.judgement import judging, keeping
from voucher.scans.judgement.desk import NotJudged, scan_all
from voucher.scans.requests import ScanRequest

LATER = NOON + timedelta(hours=2)


def decided_alone(token: str) -> ScanRequest:
    at = as_text(NOON + timedelta(hours=1))
    claim = {"verdict": "redeemed", "judged_at": at, "synced_at": as_text(NOON), "skew_ms": 0}
    body = {"attempt_id": str(uuid4()), "mode": "redeem", "token": token, "scanned_at": at}
    return ScanRequest.read(body | {"offline": claim})


def test_what_goes_wrong_with_one_of_an_upload_keeps_back_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, _ = world.add_device()
    asked = [decided_alone(world.issue(now=NOON).token) for _ in range(3)]
    keep = keeping.keep

    def keeps_all_but_one(session: Any, judged: Any, **more: Any) -> Any:
        if any(one.shown.attempt.request is asked[1] for one in judged):
            raise RuntimeError("a fault of ours")
        return keep(session, judged, **more)

    monkeypatch.setattr(judging, "keep", keeps_all_but_one)
    outcomes = scan_all(world.installation, scanner, asked, now=LATER)
    told = [one["verdict"] if isinstance(one, dict) else type(one) for one in outcomes]
    assert told == ["redeemed", NotJudged, "redeemed"]
    monkeypatch.undo()
    again = scan_all(world.installation, scanner, asked, now=LATER)
    verdicts = [one["verdict"] for one in again if isinstance(one, dict)]
    assert verdicts == ["redeemed"] * 3
