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
from app.rows import RowInsert
from voucher.keys.keyring import Signing, keep_end, signing_to_keep
from voucher.ledger.facts import VoucherIssued
from voucher.ledger.issuance.limits import refuse_past_limits
from voucher.ledger.issuance.orders import Draft, NotIssued, Order, drafts_of
from voucher.ledger.issuance.promising import promise_stock
from voucher.ledger.issuance.windows import Window, stations_of
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
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
    issued = iter(_write(session, good, key) if good else ())
    end = max((draft.window[1] for draft in good), default=None)
    if end is not None and (key.last_until is None or key.last_until < end):
        keep_end(session, key.number, end)
    return [draft.refusal or next(issued) for draft in drafts]


def scan_address(settings: Settings, token: str) -> str:
    """What the QR carries: in upper case throughout, so that it fits a smaller QR."""
    return f"{settings.public_url}/V/{token}".upper()


def _write(session: Session, drafts: Sequence[Draft], key: Signing) -> list[Issued]:
    """Writes the vouchers, column by column: row by row took longer than the database's part."""
    letters = secrets.token_bytes(8 * len(drafts))
    codes = [letters[start : start + 8] for start in range(0, len(letters), 8)]
    tokens = mint_all(_payloads(drafts, codes, key.number), key)
    orders = [draft.order for draft in drafts]
    references = [draft.reference for draft in drafts]
    begins, ends = zip(*[draft.window for draft in drafts], strict=True)
    same = {"uses_taken": 0, "key_number": key.number, "standing": Standing.OPEN}
    columns: dict[str, Sequence[Any]] = {
        "community_id": [order.perk.community_id for order in orders],
        "code": codes,
        "reference": references,
        "perk_number": [order.perk.number for order in orders],
        "member_id": [order.member_id for order in orders],
        "uses": [draft.uses for draft in drafts],
        "valid_from": begins,
        "valid_until": ends,
        "token": tokens,
        "cause": [order.cause for order in orders],
        "issued_at": [order.at for order in orders],
        "look_at": [order.look_at or order.at for order in orders],
        **{name: [value] * len(drafts) for name, value in same.items()},
    }
    _INSERT.run_columns(session, columns)
    journal.record_all(session, [_told(draft) for draft in drafts])
    made = zip(references, codes, tokens, begins, ends, strict=True)
    return [Issued(*one) for one in made]


def _payloads(drafts: Sequence[Draft], codes: Sequence[bytes], key_number: int) -> list[Payload]:
    terms: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    payloads = []
    for draft, code in zip(drafts, codes, strict=True):
        perk = draft.order.perk
        # The same for most of a batch.
        alike = id(perk), id(draft.window)
        if alike not in terms:
            terms[alike] = _terms(perk, draft.window)
        flags, number, begins, ends = terms[alike]
        payloads.append(Payload(VERSION, key_number, flags, number, code, begins, ends))
    return payloads


def _terms(perk: Perk, window: Window) -> tuple[int, int, int, int]:
    """What a token says beside the key and the voucher's id."""
    flags = (OFFLINE_OK if perk.offline else 0) | (LIVE_REQUIRED if perk.live else 0)
    begins, ends = (int(moment.timestamp()) for moment in window)
    return flags, perk.number, begins, ends


def _told(draft: Draft) -> Told:
    order, (valid_from, valid_until) = draft.order, draft.window
    fact = VoucherIssued(
        voucher=draft.reference,
        perk=order.perk.number,
        member=order.member_id,
        valid_from=valid_from,
        valid_until=valid_until,
        uses=draft.uses,
        cause=order.cause,
    )
    return Told(fact, order.perk.community_id, order.actor, order.at)
