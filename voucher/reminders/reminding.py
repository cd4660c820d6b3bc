"""Looking at vouchers whose time has come: their members are reminded, or told that it is over."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app import clock
from app.clock import as_text
from app.communities.quiet import night_at
from app.installation import Installation
from app.notices import telling
from app.notices.telling import Message
from voucher.ledger import looking
from voucher.ledger.followers import EXPIRED, REMINDER
from voucher.reminders.moments import ENDED, Moment, moments

EVERY = 10.0
AT_ONCE = 200
"""Vouchers in one transaction: on SQLite nobody else writes meanwhile."""


def remind_due(installation: Installation) -> int:
    """Looks at all vouchers that are due; returns how many notices were laid down."""
    told = 0
    while True:
        with installation.unit_of_work() as session:
            looked, laid = look(session, now=clock.now(), most=AT_ONCE)
        told += laid
        if looked < AT_ONCE:
            return told


def look(session: Session, *, now: datetime, most: int) -> tuple[int, int]:
    """Looks at up to `most` vouchers, in the caller's transaction; returns how many it looked at,
    and how many notices it laid down.

    Told of is the last moment that has come since the voucher was to be looked at: that which was
    waited for, or one that passed while nobody looked and is still of use. What was over before the
    voucher was moved, or issued by an import, is never told.
    """
    rows = looking.due(session, now=now, most=most)
    again: dict[int, datetime | None] = {}
    messages: list[Message] = []
    for row in rows:
        every = moments_of(row) if row.open else []
        messages += [_message(row, one) for one in _last_come(every, row.look_at, now)]
        again[row.id] = min((one.at for one in every if one.at > now), default=None)
    looking.look_again(session, again)
    return len(rows), len(telling.lay_down(session, messages, now=now))


def moments_of(row: Row[Any]) -> list[Moment]:
    """When this voucher's member is to be told something."""
    begins = max(row.valid_from, row.issued_at)
    nights = partial(night_at, row.quiet_hours, row.timezone)
    return moments(begins, row.valid_until, row.reminders, nights)


def _last_come(every: list[Moment], since: datetime, now: datetime) -> list[Moment]:
    """The last moment from `since` on that has come, unless it is too late for it; never two."""
    return [one for one in every if since <= one.at <= now < one.not_after][-1:]


def _message(row: Row[Any], moment: Moment) -> Message:
    """Keyed by the end that it tells of: after an extension it is another one."""
    end, ended = as_text(row.valid_until), moment.hours == ENDED
    return Message(
        community_id=row.community_id,
        member_id=row.member_id,
        kind=EXPIRED if ended else REMINDER,
        subject=row.reference,
        occasion=end if ended else f"{moment.hours} h before {end}",
        not_after=moment.not_after,
    )
