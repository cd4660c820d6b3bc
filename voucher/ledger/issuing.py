"""Issuing vouchers, in the transaction of what they are issued for."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.config import Settings
from voucher.keys.keyring import Signing, signing
from voucher.ledger.facts import VoucherIssued
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.token import Flag, Payload, mint, print_code

REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Issued:
    """A voucher as it was issued."""

    reference: str
    code: str
    token: str
    valid_from: datetime
    valid_until: datetime


def issue(
    session: Session, perk: Perk, member_id: int, *, cause: str, actor: Actor, now: datetime
) -> Issued:
    """Issues one voucher for a perk, valid from `now` for the perk's window.

    Raises `KeyFileRefused` where there is no key to sign with.
    """
    key = signing(session)
    valid_from = now.astimezone(UTC).replace(microsecond=0)
    valid_until = valid_from + timedelta(hours=perk.window_hours)
    code = secrets.token_bytes(8)
    reference = "V-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    token = _mint(key, perk, code, valid_from, valid_until)
    row: dict[str, Any] = {
        "community_id": perk.community_id,
        "code": code,
        "reference": reference,
        "perk_number": perk.number,
        "member_id": member_id,
        "uses": perk.uses,
        "uses_taken": 0,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "key_number": key.number,
        "token": token,
        "cause": cause,
        "issued_at": now,
    }
    session.execute(insert(Voucher), row)
    fact = VoucherIssued(
        voucher=reference,
        perk=perk.number,
        member=member_id,
        valid_from=valid_from,
        valid_until=valid_until,
        cause=cause,
    )
    journal.record(session, fact, community_id=perk.community_id, actor=actor, now=now)
    return Issued(reference, print_code(code), token, valid_from, valid_until)


def scan_address(settings: Settings, token: str) -> str:
    """What the QR carries: in upper case throughout, so that it fits a smaller QR."""
    return f"{settings.public_url}/V/{token}".upper()


def _mint(
    key: Signing, perk: Perk, code: bytes, valid_from: datetime, valid_until: datetime
) -> str:
    payload = Payload(
        version=1,
        key=key.number,
        flags=Flag.OFFLINE_OK if perk.offline else Flag(0),
        perk=perk.number,
        voucher=code,
        valid_from=int(valid_from.timestamp()),
        valid_until=int(valid_until.timestamp()),
    )
    return mint(payload, key)
