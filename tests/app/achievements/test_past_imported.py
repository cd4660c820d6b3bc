"""A past that is imported costs what it brings, also for who came to something too late."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.achievements.evaluation.reaching import Moments
from app.activity.event_log.taken import Taken
from tests.app.achievements.rules import community, holders, programme
from tests.support.installations import message, thread

DAY = timedelta(days=1)
END = datetime(2026, 11, 19, 23, tzinfo=UTC)
"""The first moment after the last day, in Berlin."""
AFTER = END + 9 * DAY
CALM = """
[metrics.calm]
kinds = ["message"]
limits = { cooldown_seconds = 60 }
"""
ENDED = {
    "messages": 'all = [{ metric = "message", at_least = 40 }]',
    "again": 'all = [{ metric = "message", at_least = 41 }]\nrepeat = {}',
    "steps": 'all = [{ metric = "message" }]\n'
    'tiers = [{ name = "A", at_least = 39 }, { name = "B", at_least = 45 }]',
    "places": 'all = [{ distinct = "channel", of = "message", at_least = 40 }]',
    "days": 'all = [{ distinct = "day", of = "message", at_least = 40 }]',
    "month": 'all = [{ metric = "message", at_least = 19, window = "month" }]',
    "calm": 'all = [{ metric = "calm", at_least = 40 }]',
    "streak": 'all = [{ streak = 40, of = "message" }]',
    "both": 'all = [{ metric = "message", at_least = 40 },'
    ' { metric = "thread_started", at_least = 1 }]',
}
BATCH = 5


def test_no_batch_reads_the_past_of_who_met_too_late_what_has_ended(
    tmp_path: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [f"{key}]\nends = 2026-11-19\n{one}" for key, one in ENDED.items()]
    past = [
        message(f"p{day}", "1", END - day * DAY - DAY / 2, channel=f"p{day}")
        for day in reversed(range(40))
    ]
    lately = [
        message(f"l{number}", "1", END + number * DAY / 10, channel=f"l{number}")
        for number in range(60)
    ]
    read: list[Taken] = []
    reading = Moments._of

    def counting(self: Moments, *which: Any) -> list[Taken]:
        rows = reading(self, *which)
        read.extend(rows)
        return rows

    monkeypatch.setattr(Moments, "_of", counting)
    with community(tmp_path, engine_url, programme(*tables, others=CALM)) as world:
        world.take(*lately, thread("t", "1", END - DAY), now=AFTER)
        for start in range(0, len(past), BATCH):
            had = {one[0] for one in holders(world)}
            read.clear()
            world.take(*past[start : start + BATCH], now=AFTER)
            if had == {one[0] for one in holders(world)}:
                assert not read
        assert {one[0] for one in holders(world)} == set(ENDED) - {"again"}
