"""Issuing vouchers, in the transaction of what they are issued for."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.config import Settings
from app.journal import Told
from app.statements import RowInsert
from voucher.keys.keyring import Signing, keep_end, signing_to_keep
from voucher.ledger.facts import VoucherIssued
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.ledger.windows import Window, stations_of, window_of
from voucher.perks.models import Perk
from voucher.token import Flag, Payload, mint, print_code

_INSERT = RowInsert(Voucher)
REFERENCE_LETTERS = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTER_OF_BYTE = REFERENCE_LETTERS * 8
"""Each letter for as many of the 256 bytes."""


@dataclass(frozen=True)
class Issued:
    """A voucher as it was issued."""

    reference: str
    code: str
    token: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True)
class Order:
    """A voucher to be issued, with the perk's uses and window from `at` unless given."""

    perk: Perk
    member_id: int
    cause: str
    actor: Actor
    at: datetime
    uses: int | None = None
    window: Window | None = None


def issue(
    session: Session, perk: Perk, member_id: int, *, cause: str, actor: Actor, now: datetime
) -> Issued:
    """As `issue_all()`, for one voucher."""
    return issue_all(session, [Order(perk, member_id, cause, actor, now)])[0]


def issue_all(session: Session, orders: Sequence[Order]) -> list[Issued]:
    """Issues a voucher for each order, in the caller's transaction.

    Raises `KeyFileRefused` where there is no key to sign with.
    """
    if not orders:
        return []
    key = signing_to_keep(session)
    windows = _windows(session, orders)
    rows = [_row(*given, key) for given in zip(orders, windows, strict=True)]
    _INSERT.run(session, rows)
    journal.record_all(
        session, [_told(order, row) for order, row in zip(orders, rows, strict=True)]
    )
    ends = max(row["valid_until"] for row in rows)
    if key.last_until is None or key.last_until < ends:
        keep_end(session, key.number, ends)
    return [
        Issued(
            row["reference"],
            print_code(row["code"]),
            row["token"],
            row["valid_from"],
            row["valid_until"],
        )
        for row in rows
    ]


def scan_address(settings: Settings, token: str) -> str:
    """What the QR carries: in upper case throughout, so that it fits a smaller QR."""
    return f"{settings.public_url}/V/{token}".upper()


def _windows(session: Session, orders: Sequence[Order]) -> list[Window]:
    """Each order's window, worked out once for those of one perk and moment."""
    stations = stations_of(session, {order.perk.community_id for order in orders})
    found: dict[tuple[int, datetime], Window] = {}
    for order in orders:
        asked = order.perk.number, order.at
        if order.window is None and asked not in found:
            found[asked] = window_of(order.perk, stations, order.at)
    return [order.window or found[order.perk.number, order.at] for order in orders]


def _row(order: Order, window: Window, key: Signing) -> dict[str, Any]:
    perk = order.perk
    valid_from, valid_until = window
    code = secrets.token_bytes(8)
    return {
        "community_id": perk.community_id,
        "code": code,
        "reference": "V-" + secrets.token_bytes(8).translate(LETTER_OF_BYTE).decode(),
        "perk_number": perk.number,
        "member_id": order.member_id,
        "uses": order.uses or perk.uses,
        "uses_taken": 0,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "key_number": key.number,
        "token": _mint(key, perk, code, valid_from, valid_until),
        "standing": Standing.OPEN,
        "cause": order.cause,
        "issued_at": order.at,
    }


def _told(order: Order, row: dict[str, Any]) -> Told:
    fact = VoucherIssued(
        voucher=row["reference"],
        perk=row["perk_number"],
        member=row["member_id"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        uses=row["uses"],
        cause=row["cause"],
    )
    return Told(fact=fact, community_id=row["community_id"], actor=order.actor, at=order.at)


def _mint(
    key: Signing, perk: Perk, code: bytes, valid_from: datetime, valid_until: datetime
) -> str:
    payload = Payload(
        version=1,
        key=key.number,
        flags=_flags(perk),
        perk=perk.number,
        voucher=code,
        valid_from=int(valid_from.timestamp()),
        valid_until=int(valid_until.timestamp()),
    )
    return mint(payload, key)


def _flags(perk: Perk) -> Flag:
    flags = Flag.OFFLINE_OK if perk.offline else Flag(0)
    return flags | Flag.LIVE_REQUIRED if perk.live else flags
