"""Live codes: a new one every 30 seconds, each good for a minute, minted ahead for the phone.

A screenshot of one is worthless a minute and a half later, also to a kiosk without a network. They
are minted only inside the voucher's window as the record has it, while it stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.clock import as_text
from app.config import Settings
from app.refusals import Refused
from app.statements import insert_or
from voucher.keys.keyring import Signing, current_number, signing
from voucher.ledger.finding import Held
from voucher.ledger.issuance.issuing import scan_address
from voucher.ledger.models import Voucher
from voucher.token import Flag, Payload, mint_all
from voucher.token.reading import take_apart
from voucher.wallet.models import LiveBatch

EVERY, LASTS = 30, 60
"""Seconds from one code to the next, and for which each is good."""
OPEN = ("active", "not_yet_valid")
MOST, WITHIN = 12, timedelta(minutes=10)
"""How many batches of a voucher are given out in that time."""


class NotLive(Refused):
    """The voucher shows no live codes: it needs none, or nothing is handed over for it now."""

    code: ClassVar[str] = "not_live"
    status: ClassVar[int] = 409


class TooManyBatches(Refused):
    """Live codes of this voucher were asked for too often."""

    code: ClassVar[str] = "too_many_requests"
    status: ClassVar[int] = 429


@dataclass(frozen=True)
class Batch:
    """Live codes in a row: the first from `begins` on (Unix seconds), each next one 30 s later."""

    reference: str
    key: int
    """The number of the key that signed them: once another one signs, they are fetched anew."""
    begins: int
    tokens: list[str]
    prefix: str
    """What a QR has before the token."""
    now: datetime

    def as_json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "voucher": self.reference,
            "key": self.key,
            "server_time": as_text(self.now),
            "begins": self.begins,
            "every": EVERY,
            "lasts": LASTS,
            "prefix": self.prefix,
            "tokens": self.tokens,
        }


def signed_by(session: Session, every: Iterable[Held], *, now: datetime) -> dict[str, Any]:
    """By which keys a wallet's codes are signed, for the page to notice that one leaked: `signing`
    is the one that signs live codes now, `vouchers` has that of each one's own code.
    """
    shown = [held.voucher for held in every if held.state(now) in OPEN]
    return {
        "signing": current_number(session, now=now),
        "vouchers": {voucher.reference: voucher.key_number for voucher in shown},
    }


def needs_live(voucher: Voucher) -> bool:
    """Whether its token demands a live code: what the perk said as it was issued counts."""
    return take_apart(voucher.token).payload.live_required


def count_batch(session: Session, held: Held, *, now: datetime) -> None:
    """Counts a batch that is asked for against the limit, in the caller's transaction.

    It is committed before anything is minted: that takes a while, in which nobody is kept from
    writing, and what fails is counted. Raises `NotLive` and `TooManyBatches`.
    """
    _refuse_unless_live(held, now)
    _count(session, held.voucher.id, now)


def mint_batch(session: Session, settings: Settings, held: Held, *, now: datetime) -> Batch:
    """Live codes from now on, for as long as a phone keeps them; raises `NotLive`."""
    _refuse_unless_live(held, now)
    key = signing(session)
    begins, tokens = _mint_all(key, held.voucher, timedelta(hours=settings.live_hours), now)
    prefix = scan_address(settings, "")
    return Batch(held.voucher.reference, key.number, begins, tokens, prefix, now)


def _refuse_unless_live(held: Held, now: datetime) -> None:
    state = held.state(now)
    if not needs_live(held.voucher) or state not in OPEN:
        raise NotLive("There are no live codes for this voucher now.", state=state)


def _mint_all(
    key: Signing, voucher: Voucher, ahead: timedelta, now: datetime
) -> tuple[int, list[str]]:
    signed = take_apart(voucher.token).payload
    opens, closes = (int(one.timestamp()) for one in (voucher.valid_from, voucher.valid_until))
    begins = max(int(now.timestamp()), opens) // EVERY * EVERY
    ends = min(int((now + ahead).timestamp()), closes)
    payloads = (
        Payload(
            version=signed.version,
            key=key.number,
            flags=signed.flags | Flag.LIVE,
            perk=signed.perk,
            voucher=voucher.code,
            valid_from=max(start, opens),
            valid_until=min(start + LASTS, closes),
        )
        for start in range(begins, ends, EVERY)
    )
    return begins, mint_all(payloads, key)


def _count(session: Session, voucher_id: int, now: datetime) -> None:
    fresh = {"voucher_id": voucher_id, "begun_at": now, "taken": 0}
    session.execute(insert_or(session, LiveBatch).on_conflict_do_nothing(), fresh)
    row = session.get_one(LiveBatch, voucher_id, with_for_update=True)
    if now >= row.begun_at + WITHIN:
        row.begun_at, row.taken = now, 0
    if row.taken >= MOST:
        raise TooManyBatches("Live codes were asked for too often. Wait a few minutes.")
    row.taken += 1
