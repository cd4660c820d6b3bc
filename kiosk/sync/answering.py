"""`sync()`: what a device must know to judge by itself, from where it left off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf, AuditTree
from app.clock import as_text
from app.installation import Installation
from app.programme.models import ProgrammeVersion
from app.statements import table_of
from kiosk.devices import syncing
from kiosk.devices.syncing import NOTHING_SAID, Said
from kiosk.sync import vouchers
from kiosk.sync.cursors import Cursor
from kiosk.sync.terms import Terms, terms_of
from kiosk.sync.vouchers import Page
from voucher.scans.scanners import Scanner

FAR = 100_000
"""So many entries behind, a snapshot is told in less time than all that has changed."""
LEAF = 16
NO_LEAF = "0" * LEAF

_tree, _leaf, _entry, _checkpoint, _programme = (
    table_of(one).c for one in (AuditTree, AuditLeaf, AuditEntry, AuditCheckpoint, ProgrammeVersion)
)
_community: BindParameter[int] = bindparam("community")
_number: BindParameter[int] = bindparam("number")
_LEAF_AT = (
    select(_leaf.hash)
    .where(_leaf.community_id == _community, _leaf.number == _number)
    .scalar_subquery()
    .label("leaf")
)
_STATE: Select[Any] = select(
    select(_tree.size).where(_tree.community_id == _community).scalar_subquery().label("size"),
    _LEAF_AT,
    select(func.max(_programme.id))
    .where(_programme.community_id == _community)
    .scalar_subquery()
    .label("programme"),
    select(_entry.at)
    .where(_entry.community_id == _community, _entry.number.is_(None))
    .order_by(_entry.id)
    .limit(1)
    .scalar_subquery()
    .label("waiting_since"),
)
_SEALED: Select[Any] = select(
    _LEAF_AT,
    select(_checkpoint.at)
    .where(_checkpoint.community_id == _community, _checkpoint.size >= _number)
    .order_by(_checkpoint.size)
    .limit(1)
    .scalar_subquery()
    .label("at"),
)


@dataclass(frozen=True)
class _Told:
    """An answer that is put together."""

    page: Page
    is_snapshot: bool
    """Whether it begins one: what the device had is to be thrown away."""


def sync(
    installation: Installation,
    scanner: Scanner,
    cursor: str | None,
    said: Said = NOTHING_SAID,
    *,
    now: datetime,
) -> dict[str, Any]:
    """What a device must know that has what `cursor` says, or nothing; the answer as JSON values.

    What it knows already is left out, and the answer is short where nothing has changed. A cursor
    that this record does not know gets a snapshot. `said` is kept, as of the device's last sync.
    """
    known, community_id = Cursor.read(cursor), scanner.community_id
    with installation.reading() as session:
        # Before anything else: what is read after it is as new as it says, or newer.
        asked = {"community": community_id, "number": known.number if known else 0}
        state = session.execute(_STATE, asked).one()
        size: int = state.size or 0
        terms = terms_of(session, scanner, state.programme)
        told = _told(session, community_id, known, state, size, terms, now)
        number = told.page.number
        sealed = session.execute(_SEALED, {"community": community_id, "number": number}).one()
    new = Cursor(number, _short(sealed.leaf), terms.uses, terms.digest, told.page.after)
    more = new.after is not None or number < size
    if not more:
        syncing.keep(installation, scanner.device_id, number, said, now=now)
    knows_terms = known is not None and not told.is_snapshot and known.terms == terms.digest
    return {
        "server_time": as_text(now),
        "cursor": str(new),
        "number": number,
        "newest_change_at": as_text(sealed.at) if sealed.at else None,
        "waiting_since": as_text(state.waiting_since) if state.waiting_since else None,
        "snapshot": told.is_snapshot,
        "more": more,
        "terms": None if knows_terms else terms.content,
        "vouchers": told.page.rows,
    }


def _told(
    session: Session,
    community_id: int,
    known: Cursor | None,
    state: Row[Any],
    size: int,
    terms: Terms,
    now: datetime,
) -> _Told:
    if known is None or not _goes_on(known, state, size, terms):
        return _Told(vouchers.snapshot(session, community_id, None, size, now=now), True)
    if known.after is not None:
        page = vouchers.snapshot(session, community_id, known.after, known.number, now=now)
        return _Told(page, False)
    return _Told(vouchers.changed(session, community_id, known.number, size), False)


def _goes_on(known: Cursor, state: Row[Any], size: int, terms: Terms) -> bool:
    """Whether the device's cursor is of this very record, and near enough to its end.

    One that is ahead, as after a backup was restored, finds no such entry, or another one.
    """
    is_ours = state.leaf is not None and known.leaf == _short(state.leaf)
    return is_ours and known.uses == terms.uses and size - known.number <= FAR


def _short(leaf: bytes | None) -> str:
    return NO_LEAF if leaf is None else leaf.hex()[:LEAF]
