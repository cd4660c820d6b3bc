"""When a message is tried again: the retry schedule of Standard Webhooks 1.0.0."""

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first try, after the second, …; after the tenth nothing is tried again."""


def pause_after(tries: int, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many tries, or None where that was the last.

    What a partner asked for is granted from the planned pause up to twice it, so that nobody can
    hold a message back for years. Otherwise the pause varies by a fifth, so that a partner that
    comes back is not met by everything at once.
    """
    if tries > len(PAUSES):
        return None
    planned = PAUSES[tries - 1]
    if asked is not None:
        return min(max(asked, planned), 2 * planned)
    return planned * random.uniform(0.8, 1.2)  # noqa: S311


def asked_by(retry_after: str | None, *, now: datetime) -> timedelta | None:
    """What a `Retry-After` header asks for (RFC 9110: seconds, or a date); None if nothing."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), PAUSES[-1].total_seconds() * 2))
    try:
        moment = parsedate_to_datetime(text)
        return moment - now if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
