"""Each limit stops who farms, and only the limit does: without it the farming pays."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.activity.limits import memory as memories
from app.activity.limits.judging import OWN, Judge, Offered
from app.activity.limits.memory import Key, Memory
from app.activity.limits.settings import LimitSettings
from app.activity.windows import Calendar

START = datetime(2026, 3, 28, 9, tzinfo=UTC)
BERLIN = Calendar("Europe/Berlin", {})


def event(number: int, at: datetime, **more: Any) -> Offered:
    values: dict[str, Any] = {
        "amount": 1,
        "channel": "c1",
        "length": 40,
        "fingerprint": None,
        "other": None,
    }
    return Offered(Key(at.timestamp(), "test", f"{number:04}"), at, **(values | more))


def every(seconds: float, count: int, **more: Any) -> list[Offered]:
    """So many events, one every so many seconds."""
    return [event(i, START + timedelta(seconds=seconds * i), **more) for i in range(count)]


def verdicts(limits: LimitSettings, events: Sequence[Offered], **how: Any) -> list[str | None]:
    judge, memory = Judge(limits, BERLIN), Memory()
    return [judge.judge(memory, one, how.get("account")).reason for one in events]


def paced(*minutes: tuple[int, int]) -> list[Offered]:
    """So many minutes, with so many events in each, evenly: one pace after the other."""
    found: list[Offered] = []
    start = START
    for count, in_each in minutes:
        for number in range(count * in_each):
            at = start + timedelta(seconds=60 * number / in_each)
            found.append(event(len(found), at))
        start += timedelta(minutes=count)
    return found


USUAL = {"times": 4, "at_least": 10}
FARMING: list[Any] = [
    ("cooldown_seconds", 60, every(20, 12), "cooldown", 4),
    ("per_hour", 5, every(60, 30), "hour_full", 5),
    ("per_day", 7, every(600, 40), "day_full", 7),
    ("minimum_length", 5, every(60, 6, length=2), "too_short", 0),
    ("repeated_hours", 2, every(60, 6, fingerprint="again"), "repeated", 1),
    ("same_member_per_day", 2, every(60, 6, other="friend"), "same_member", 2),
    ("own", False, every(60, 6, other=OWN), "own", 0),
    ("channel", {"share": 0.5, "of_last": 10}, every(60, 30), "channel_share", 10),
    ("account_days", 3, every(6 * 3600, 12), "account_too_new", 4),
    ("member_days", 2, every(3600, 60), "member_too_new", 12),
    ("burst", {"times": 2, "at_least": 5}, every(1, 30), "burst", 4),
    # Nine in each minute, however long it goes on: one flooded minute lets no more pass.
    ("burst", USUAL, paced((40, 40)), "burst", 40 * 9),
    ("burst", USUAL, paced((1, 9), (40, 40)), "burst", 41 * 9),
    # Who is lively may be livelier, and less and less so the longer that lasts.
    ("burst", USUAL, paced((30, 9), (60, 26)), "burst", 1366),
    ("burst", USUAL, paced((60, 10)), "burst", 60 * 9),
    ("quiet_hours", "10:00-12:00", every(600, 18), "quiet_hours", 6),
]
"""Who farms: a limit, what they do, why it does not count, and how much of it does."""
ACCOUNT_MADE = START.timestamp() - 86_400
"""Their account is a day old as they begin."""


@pytest.mark.parametrize(
    ("name", "value", "events", "reason", "counted"),
    FARMING,
    ids=[f"{one[0]}-{len(one[2])}" for one in FARMING],
)
def test_a_limit_stops_who_farms_and_without_it_the_farming_pays(
    name: str, value: Any, events: list[Offered], reason: str, counted: int
) -> None:
    found = verdicts(LimitSettings.model_validate({name: value}), events, account=ACCOUNT_MADE)
    assert found.count(None) == counted
    assert {one for one in found if one is not None} == {reason}
    off = LimitSettings.model_validate({"cooldown_seconds": 1})
    assert verdicts(off, events, account=ACCOUNT_MADE).count(None) == len(events)


def test_every_limit_has_somebody_who_farms_without_it() -> None:
    assert {one[0] for one in FARMING} == set(LimitSettings.model_fields)


@pytest.mark.parametrize(
    ("limits", "more", "counted"),
    [
        ({"per_day": 40}, {}, [(30, None), (10, "day_full"), (0, "day_full")]),
        ({"per_hour": 45}, {}, [(30, None), (15, "hour_full"), (0, "hour_full")]),
        (
            {"same_member_per_day": 31, "per_day": 100},
            {"other": "friend"},
            [(30, None), (1, "same_member"), (0, "same_member")],
        ),
        # What is full first is why.
        ({"per_hour": 50, "per_day": 40}, {}, [(30, None), (10, "day_full"), (0, "day_full")]),
    ],
)
def test_of_an_amount_counts_what_there_is_room_for(
    limits: dict[str, int], more: dict[str, Any], counted: list[tuple[int, str | None]]
) -> None:
    judge, memory = Judge(LimitSettings.model_validate(limits), BERLIN), Memory()
    offered = every(60, 3, amount=30, **more)
    assert [judge.judge(memory, one, None) for one in offered] == counted


def test_an_account_must_be_old_enough_where_its_age_is_known() -> None:
    limits = LimitSettings(account_days=3)
    events = every(86_400, 5)
    too_new = "account_too_new"
    assert verdicts(limits, events, account=ACCOUNT_MADE) == [too_new, too_new, None, None, None]
    assert verdicts(limits, events) == [None] * 5


def test_a_full_day_ends_at_the_communitys_midnight_also_where_the_clock_changes() -> None:
    before = datetime(2026, 3, 28, 22, 59, tzinfo=UTC)  # 23:59 in Berlin
    events = [event(i, before + timedelta(minutes=i)) for i in range(2)]
    # The 29th has 23 hours there.
    events += [event(9, datetime(2026, 3, 29, 21, 59, tzinfo=UTC))]
    events += [event(10, datetime(2026, 3, 29, 22, 1, tzinfo=UTC))]
    found = verdicts(LimitSettings(per_day=1), events)
    assert found == [None, None, "day_full", None]


def test_an_hour_is_the_clocks_own() -> None:
    india = Judge(LimitSettings(per_hour=1), Calendar("Asia/Kolkata", {}))
    memory = Memory()
    # 09:29 and 09:31 in UTC are 14:59 and 15:01 there.
    moments = [START.replace(minute=29), START.replace(minute=31), START.replace(minute=50)]
    found = [india.judge(memory, event(i, at), None).reason for i, at in enumerate(moments)]
    assert found == [None, None, "hour_full"]


def test_who_floods_each_day_does_not_make_it_their_habit() -> None:
    limits = LimitSettings.model_validate({"burst": {"times": 2, "at_least": 5}})
    events = [
        event(100 * day + i, START + timedelta(days=day, seconds=i))
        for day in range(20)
        for i in range(30)
    ]
    judge, memory = Judge(limits, BERLIN), Memory()
    found = [judge.judge(memory, one, None).reason for one in events]
    assert found[-1] == "burst"
    assert memory.past == [1] * 19


def test_a_lively_talk_is_no_burst() -> None:
    limits = LimitSettings.model_validate({"burst": {"times": 4, "at_least": 10}})
    events = [
        event(100 * minute + i, START + timedelta(minutes=minute, seconds=8 * i))
        for minute in range(30)
        for i in range(7)
    ]
    assert set(verdicts(limits, events)) == {None}


def test_who_is_lively_may_be_livelier_for_a_minute() -> None:
    limits = LimitSettings.model_validate({"burst": USUAL})
    assert set(verdicts(limits, paced((30, 6), (1, 18), (30, 6), (1, 18)))) == {None}


def test_what_is_remembered_is_read_as_it_was_written() -> None:
    limits = LimitSettings.model_validate(
        {
            "cooldown_seconds": 5,
            "repeated_hours": 1,
            "same_member_per_day": 3,
            "channel": {"share": 0.5, "of_last": 5},
            "burst": {},
        }
    )
    judge, memory = Judge(limits, BERLIN), Memory()
    for one in every(3, 9, fingerprint="f", other="o"):
        judge.judge(memory, one, None)
        memory = memories.read(memory.written())
    assert memories.read(memory.written()) == memory
    assert memory.last == Key(START.timestamp() + 24, "test", "0008")


def test_a_metric_that_names_no_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="name at least one limit"):
        LimitSettings.model_validate({})
