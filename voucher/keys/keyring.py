"""Making, reading and publishing the keys that sign vouchers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app import keyfiles
from app.config import Settings
from app.keyfiles import KeyFileRefused
from app.plugins import Plugins
from voucher.keys.models import SigningKey
from voucher.token import KeySet

MOST = 65_535
REMEMBERED_SECONDS = 5.0


@dataclass(frozen=True)
class Signing:
    """The key that signs now: its number, and anything that turns bytes into a signature."""

    number: int
    sign: Callable[[bytes], bytes]


def path_of(settings: Settings, number: int) -> Path:
    """Where the private half of a key lies."""
    return settings.key_dir / f"voucher-{number}.key"


def make_first(session: Session, settings: Settings, *, now: datetime) -> None:
    """Makes the first signing key where there is none, and checks the one that there is."""
    if session.scalar(select(func.count()).select_from(SigningKey)):
        signing(session)
        return
    number = 1
    key = keyfiles.write_new(path_of(settings, number))
    session.execute(
        insert(SigningKey),
        {
            "number": number,
            "public_key": key.public_key().public_bytes_raw(),
            "created_at": now,
        },
    )


def signing(session: Session) -> Signing:
    """The key that signs now.

    Raises `KeyFileRefused` where its private half is missing or is another's; no process ever
    makes a new one by itself, since kiosks could not know it.
    """
    row = session.scalar(
        select(SigningKey)
        .where(SigningKey.revoked_at.is_(None))
        .order_by(SigningKey.number.desc())
        .limit(1)
    )
    if row is None:
        raise KeyFileRefused("There is no signing key yet: run `keepsake migrate`.")
    memory = cast(Plugins, session.info["plugins"]).memory
    known = memory.get(("signing", row.number, row.public_key))
    if known is None:
        known = _read(session.info["settings"], row)
        memory["signing", row.number, row.public_key] = known
    return cast(Signing, known)


def key_set(session: Session) -> KeySet:
    """All public keys and revoked numbers, at most five seconds old."""
    memory = cast(Plugins, session.info["plugins"]).memory
    until, known = memory.get("key_set", (0.0, None))
    if known is None or time.monotonic() >= until:
        known = _published(session)
        memory["key_set"] = (time.monotonic() + REMEMBERED_SECONDS, known)
    return cast(KeySet, known)


def _published(session: Session) -> KeySet:
    rows = session.scalars(select(SigningKey).order_by(SigningKey.number)).all()
    return KeySet(
        {row.number: row.public_key for row in rows if row.revoked_at is None},
        frozenset(row.number for row in rows if row.revoked_at is not None),
    )


def _read(settings: Settings, row: SigningKey) -> Signing:
    path = path_of(settings, row.number)
    key = keyfiles.read(path)
    if key.public_key().public_bytes_raw() != row.public_key:
        raise KeyFileRefused(f"{path} is not the private half of signing key {row.number}.")
    return Signing(row.number, key.sign)
