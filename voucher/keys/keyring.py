"""The keys that sign vouchers, for those who sign and those who verify."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.installation import Installation
from app.keyfiles import KeyFileRefused
from app.plugins import Plugins
from app.statements import lock
from voucher.keys import life, signers
from voucher.keys.life import PUBLIC, State, state_of
from voucher.keys.models import SigningKey
from voucher.keys.signers import Sign
from voucher.token import KeySet

REMEMBERED_SECONDS = 5.0
"""How late a process may learn that a key was revoked."""
IN_USE = "signing keys"
"""The name of the lock between those who issue and who revokes."""
DAY = timedelta(days=1)

_EVERY = select(SigningKey).order_by(SigningKey.number)


@dataclass(frozen=True)
class Signing:
    """The key that signs now: its number, and anything that turns bytes into a signature."""

    number: int
    sign: Sign
    last_until: datetime | None
    """Until when it was known that something it signed lasts."""


def every(session: Session) -> list[SigningKey]:
    """All keys, in the order of their numbers."""
    return list(session.scalars(_EVERY))


def current_number(session: Session, *, now: datetime) -> int | None:
    """The number of the key that signs at that moment."""
    current = life.current(every(session), now)
    return current.number if current else None


def signing(session: Session) -> Signing:
    """The key that signs now.

    Raises `KeyFileRefused` where its private half is missing or is another's.
    """
    row = life.current(every(session), clock.now())
    if row is None:
        raise KeyFileRefused("There is no signing key yet: run `keepsake migrate`.")
    memory = cast(Plugins, session.info["plugins"]).memory
    sign: Sign | None = memory.get(("signing", row.number, row.public_key))
    if sign is None:
        sign = signers.private_half(session, row).sign
        memory["signing", row.number, row.public_key] = sign
    return Signing(row.number, sign, row.last_until)


def signing_to_keep(session: Session) -> Signing:
    """As `signing()`, for what is kept in the caller's transaction.

    Whoever revokes the key waits until that ends, and so finds all that it signed.
    """
    lock(session, IN_USE, shared=True)
    return signing(session)


def keep_end(session: Session, number: int, until: datetime) -> None:
    """Keeps that something this key signed lasts until then, in the caller's transaction."""
    midnight = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    whole = midnight if midnight == until else midnight + DAY
    shorter = or_(SigningKey.last_until.is_(None), SigningKey.last_until < until)
    session.execute(
        update(SigningKey)
        .where(SigningKey.number == number, shorter)
        .values(last_until=whole)
        .execution_options(synchronize_session=False)
    )


def key_set(session: Session, *, anew: bool = False) -> KeySet:
    """All public keys and revoked numbers, at most five seconds old, or read `anew`."""
    memory = cast(Plugins, session.info["plugins"]).memory
    known = None if anew else _remembered(memory)
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


def _published(session: Session) -> KeySet:
    keys, now = every(session), clock.now()
    states = {key.number: state_of(key, keys, now) for key in keys}
    return KeySet(
        {key.number: key.public_key for key in keys if states[key.number] in PUBLIC},
        frozenset(number for number, state in states.items() if state == State.REVOKED),
    )
