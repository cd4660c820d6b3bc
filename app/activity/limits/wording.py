"""Limits in words, made from their data. Pure."""

from collections.abc import Callable
from typing import Any

from app.activity.limits.settings import LimitSettings

_SAID: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("cooldown_seconds", lambda count: f"not within {count:,} s of the last one that counted"),
    ("per_hour", lambda count: f"at most {count:,} an hour"),
    ("per_day", lambda count: f"at most {count:,} a day"),
    ("minimum_length", lambda count: f"texts of at least {_several(count, 'character')}"),
    ("repeated_hours", lambda count: f"no text again within {count} h"),
    ("same_member_per_day", lambda count: f"at most {count:,} a day with the same member"),
    ("channel", lambda one: f"at most {one.share:.0%} of the last {one.of_last} in one channel"),
    ("account_days", lambda count: f"from accounts of at least {_several(count, 'day')}"),
    ("member_days", lambda count: f"from members of at least {_several(count, 'day')}"),
    (
        "burst",
        lambda one: f"no more than {one.times:g} times the usual in a minute, from {one.at_least}",
    ),
    ("quiet_hours", lambda hours: f"not from {hours.replace('-', ' to ')}"),
)


def _several(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def in_words(limits: LimitSettings) -> list[str]:
    """What counts and what does not, each limit in a few words."""
    said = [words(value) for name, words in _SAID if (value := getattr(limits, name)) is not None]
    return said if limits.own else [*said, "not with oneself"]
