"""Issuing vouchers, in the transaction of what they are issued for."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.config import Settings
from app.journal import Told
from app.statements import RowInsert
from voucher.keys.keyring import Signing, keep_end, signing_to_keep
from voucher.ledger.facts import VoucherIssued
from voucher.ledger.limits import refuse_past_limits
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.ledger.orders import Draft, NotIssued, Order, drafts_of
from voucher.ledger.promising import promise_stock
from voucher.ledger.windows import Window, stations_of
from voucher.perks.models import Perk
from voucher.token import Flag, Payload, mint_all, print_code

VERSION = 1
OFFLINE_OK, LIVE_REQUIRED = int(Flag.OFFLINE_OK), int(Flag.LIVE_REQUIRED)
_INSERT = RowInsert(Voucher)


class Issued(NamedTuple):
    """A voucher as it was issued."""

    reference: str
    voucher: bytes
    """Its id, of 8 bytes."""
    token: str
    valid_from: datetime
    valid_until: datetime

    @property
    def code(self) -> str:
        """The id as people read it aloud."""
        return print_code(self.voucher)


def issue(
    session: Session, perk: Perk, member_id: int, *, cause: str, actor: Actor, now: datetime
) -> Issued:
    """As `issue_all()`, for one voucher; raises `NotIssued`."""
    [outcome] = issue_all(session, [Order(perk, member_id, cause, actor, now)])
    if isinstance(outcome, NotIssued):
        raise outcome
    return outcome


def issue_all(session: Session, orders: Sequence[Order]) -> list[Issued | NotIssued]:
    """Issues a voucher for each order, in the caller's transaction, or says why it cannot.

    First come, first served, where there is not enough for all. Raises `KeyFileRefused` where
    there is no key to sign with.
    """
    if not orders:
        return []
    key = signing_to_keep(session)
    stations = stations_of(session, {order.perk.community_id for order in orders})
    drafts = drafts_of(orders, stations)
    refuse_past_limits(session, drafts)
    promise_stock(session, drafts, stations)
    good = [draft for draft in drafts if draft.refusal is None]
    rows = _rows(good, key)
    _INSERT.run(session, rows)
    journal.record_all(
        session, [_told(draft.order, row) for draft, row in zip(good, rows, strict=True)]
    )
    ends = max((row["valid_until"] for row in rows), default=None)
    if ends is not None and (key.last_until is None or key.last_until < ends):
        keep_end(session, key.number, ends)
    issued = {id(draft): _issued(row) for draft, row in zip(good, rows, strict=True)}
    return [draft.refusal or issued[id(draft)] for draft in drafts]


def scan_address(settings: Settings, token: str) -> str:
    """What the QR carries: in upper case throughout, so that it fits a smaller QR."""
    return f"{settings.public_url}/V/{token}".upper()


def _rows(drafts: Sequence[Draft], key: Signing) -> list[dict[str, Any]]:
    codes = [secrets.token_bytes(8) for _ in drafts]
    terms: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    payloads = []
    for draft, code in zip(drafts, codes, strict=True):
        perk = draft.order.perk
        # The same for most of a batch.
        alike = id(perk), id(draft.window)
        if alike not in terms:
            terms[alike] = _terms(perk, draft.window)
        flags, number, begins, ends = terms[alike]
        payloads.append(Payload(VERSION, key.number, flags, number, code, begins, ends))
    made = zip(drafts, codes, mint_all(payloads, key), strict=True)
    return [_row(draft, key.number, code, token) for draft, code, token in made]


def _terms(perk: Perk, window: Window) -> tuple[int, int, int, int]:
    """What a token says beside the key and the voucher's id."""
    flags = (OFFLINE_OK if perk.offline else 0) | (LIVE_REQUIRED if perk.live else 0)
    begins, ends = (int(moment.timestamp()) for moment in window)
    return flags, perk.number, begins, ends


def _row(draft: Draft, key_number: int, code: bytes, token: str) -> dict[str, Any]:
    order, (valid_from, valid_until) = draft.order, draft.window
    perk = order.perk
    return {
        "community_id": perk.community_id,
        "code": code,
        "reference": draft.reference,
        "perk_number": perk.number,
        "member_id": order.member_id,
        "uses": draft.uses,
        "uses_taken": 0,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "key_number": key_number,
        "token": token,
        "standing": Standing.OPEN,
        "cause": order.cause,
        "issued_at": order.at,
        "look_at": order.look_at or order.at,
    }


def _issued(row: dict[str, Any]) -> Issued:
    return Issued(
        row["reference"],
        row["code"],
        row["token"],
        row["valid_from"],
        row["valid_until"],
    )


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
