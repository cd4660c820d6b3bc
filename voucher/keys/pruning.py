"""Deleting the private halves that will never sign again."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app import keyfiles
from app.keyfiles import KeyFileRefused
from voucher.keys import keyring, life
from voucher.keys.life import Keys, State
from voucher.keys.models import SigningKey
from voucher.keys.signers import path_of

FOR_SLOW_CLOCKS = timedelta(days=1)
"""How long after it was replaced a machine whose clock is behind may still sign with a key."""


def spent_files(session: Session, *, now: datetime) -> list[Path]:
    """The files on this machine of keys that sign no more.

    What a key signed is verified by its public half, which stays in the database: a private half
    that signs no more is nothing but something to lose. Raises `KeyFileRefused` where a file holds
    another key than its name says.
    """
    keys = keyring.every(session)
    paths = [(key, path_of(session.info["settings"], key.number)) for key in keys]
    spent = [(key, path) for key, path in paths if path.exists() and _is_spent(key, keys, now)]
    for key, path in spent:
        if keyfiles.read(path).public_key().public_bytes_raw() != key.public_key:
            raise KeyFileRefused(
                f"{path} is not the private half of signing key {key.number}: look what it is."
            )
    return [path for _, path in spent]


def _is_spent(key: SigningKey, keys: Keys, now: datetime) -> bool:
    state = life.state_of(key, keys, now)
    if state in (State.REMOVED, State.REVOKED):
        return True
    replaced = life.replaced_at(key, keys)
    return state == State.VERIFYING and replaced is not None and replaced + FOR_SLOW_CLOCKS <= now
