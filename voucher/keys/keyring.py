"""Making, reading and publishing the keys that sign vouchers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, keyfiles
from app.clock import as_text
from app.config import Settings
from app.installation import Installation
from app.keyfiles import KeyFileRefused
from app.plugins import Plugins
from app.refusals import Refused
from voucher.keys.models import SigningKey
from voucher.token import KeySet

MOST = 65_535
PUBLISHED_AHEAD = timedelta(hours=24)
"""So that kiosks have a key before they meet it, and its file can be copied to every machine."""
REMEMBERED_SECONDS = 5.0


class RotationRefused(Refused):
    """No new signing key is made now; the text says why."""

    code = "no_rotation"


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
    _make(session, settings, 1, signs_from=now, now=now)


def rotate(session: Session, settings: Settings, *, now: datetime, at_once: bool) -> SigningKey:
    """Makes the next signing key; it is published now and signs a day later, or `at_once`.

    Raises `RotationRefused` where a key waits for its time already. The one that signs until then
    goes on to verify what it signed.
    """
    current = _current(session, now)
    waiting = session.scalar(
        select(SigningKey)
        .where(SigningKey.revoked_at.is_(None))
        .where(SigningKey.number > (current.number if current else 0))
        .limit(1)
    )
    if waiting is not None and not at_once:
        raise RotationRefused(
            f"Signing key {waiting.number} is published and signs from "
            f"{as_text(waiting.signs_from)} on: another one is not needed before."
        )
    last = session.scalar(select(func.max(SigningKey.number))) or 0
    if last >= MOST:
        raise RotationRefused(f"All {MOST} numbers of signing keys have been given out.")
    signs_from = now if at_once else now + PUBLISHED_AHEAD
    return _make(session, settings, last + 1, signs_from=signs_from, now=now)


def every(session: Session) -> list[SigningKey]:
    """All keys, in the order of their numbers."""
    return list(session.scalars(select(SigningKey).order_by(SigningKey.number)))


def current_number(session: Session, *, now: datetime) -> int | None:
    """The number of the key that signs at that moment."""
    current = _current(session, now)
    return current.number if current else None


def signing(session: Session) -> Signing:
    """The key that signs now.

    Raises `KeyFileRefused` where its private half is missing or is another's; no process ever
    makes a new one by itself, since kiosks could not know it.
    """
    row = _current(session, clock.now())
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
    known = _remembered(memory)
    if known is None:
        fresh = _published(session)
        # The same object as long as it says the same.
        _, old = memory.get("key_set", (0.0, None))
        known = old if old == fresh else fresh
        memory["key_set"] = (time.monotonic() + REMEMBERED_SECONDS, known)
    return known


def remembered(installation: Installation) -> KeySet:
    """As `key_set()`, for who has no transaction yet."""
    known = _remembered(installation.plugins.memory)
    if known is None:
        with installation.reading() as session:
            known = key_set(session)
    return known


def _remembered(memory: dict[Any, Any]) -> KeySet | None:
    until, known = memory.get("key_set", (0.0, None))
    return known if time.monotonic() < until else None


def _current(session: Session, now: datetime) -> SigningKey | None:
    """Of the keys whose time has come, that of the highest number.

    Where none has, as on a machine whose clock is behind, it is the first one.
    """
    keys = session.scalars(
        select(SigningKey).where(SigningKey.revoked_at.is_(None)).order_by(SigningKey.number)
    ).all()
    due = [key for key in keys if key.signs_from <= now]
    return due[-1] if due else next(iter(keys), None)


def _make(
    session: Session, settings: Settings, number: int, *, signs_from: datetime, now: datetime
) -> SigningKey:
    key = keyfiles.write_new(path_of(settings, number))
    row = SigningKey(
        number=number,
        public_key=key.public_key().public_bytes_raw(),
        created_at=now,
        signs_from=signs_from,
    )
    session.add(row)
    session.flush()
    return row


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
