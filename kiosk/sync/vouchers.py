"""The state of vouchers as devices are told it: a page of what changed, or of a snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.statements import table_of
from voucher.ledger.issuance.freshness import (
    CHANGES,
    ISSUED,
    Place,
    after_all_until,
    not_fresh,
    states_of,
)
from voucher.ledger.names import name_of

MOST = 10_000
"""Rows in an answer."""
ENDED = timedelta(days=1)
"""How long after its end a voucher is still in a snapshot: some devices' clocks are behind."""

_entry = table_of(AuditEntry).c
_ABOUT: Select[Any] = select(_entry.subject, _entry.kind).where(
    _entry.community_id == bindparam("community"),
    _entry.number > bindparam("after"),
    _entry.number <= bindparam("until"),
    _entry.kind.in_([*sorted(CHANGES), ISSUED]),
)


@dataclass(frozen=True)
class Page:
    """Rows, and where they lead."""

    rows: list[list[Any]]
    number: int
    """Whoever has them knows every entry of the record up to this one."""
    after: Place | None = None
    """Where the snapshot goes on; None where it is at its end."""


def snapshot(
    session: Session, community_id: int, after: Place | None, number: int, *, now: datetime
) -> Page:
    """Vouchers that are not fresh, but for those that ended more than a day ago.

    `number` was read before this, so that the rows are as it says or newer.
    """
    behind = after or after_all_until(now - ENDED)
    rows = not_fresh(session, community_id, behind, most=MOST + 1)
    told = rows[:MOST]
    on = Place(told[-1].valid_until, told[-1].id) if len(rows) > MOST else None
    return Page(_rows(told), number, on)


def changed(session: Session, community_id: int, after: int, size: int) -> Page:
    """Vouchers that entries behind `after` are about, as they stand now; `size` is the record's."""
    until = min(size, after + MOST)
    if until <= after:
        return Page([], after)
    asked = {"community": community_id, "after": after, "until": until}
    told = session.execute(_ABOUT, asked).all()
    moved = {row.subject for row in told if row.kind != ISSUED}
    states = states_of(session, community_id, {row.subject for row in told})
    return Page(_rows(row for row in states if row.reference in moved or not row.fresh), until)


def _rows(states: Iterable[Row[Any]]) -> list[list[Any]]:
    return [
        [
            name_of(row.code),
            row.standing,
            row.left,
            int(row.valid_from.timestamp()),
            int(row.valid_until.timestamp()),
        ]
        for row in states
    ]
