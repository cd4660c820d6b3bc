"""The record's own key: made once by `migrate`, read by whoever seals."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import keyfiles
from app.audit.models import AuditKey
from app.config import Settings
from app.keyfiles import KeyFileRefused

FIRST = 1


def path_of(settings: Settings, number: int = FIRST) -> Path:
    """Where the private half lies."""
    return settings.key_dir / f"record-{number}.key"


def make_first(session: Session, settings: Settings, *, now: datetime) -> None:
    """Makes the record's key where there is none; changes nothing where there is one."""
    if session.get(AuditKey, FIRST) is not None:
        return
    key = keyfiles.write_new(path_of(settings))
    session.execute(
        insert(AuditKey),
        {"number": FIRST, "public_key": key.public_key().public_bytes_raw(), "created_at": now},
    )


def private_key(session: Session, settings: Settings) -> Ed25519PrivateKey:
    """The private half; raises `KeyFileRefused` where it is missing or is another's."""
    key = keyfiles.read(path_of(settings))
    if key.public_key().public_bytes_raw() != _stored(session):
        raise KeyFileRefused(f"{path_of(settings)} is not the key that the database knows.")
    return key


def public_key(session: Session, settings: Settings) -> Ed25519PublicKey:
    """The public half: of the file where it lies here, since a database is easier to edit."""
    if path_of(settings).exists():
        return keyfiles.read(path_of(settings)).public_key()
    return Ed25519PublicKey.from_public_bytes(_stored(session))


def _stored(session: Session) -> bytes:
    stored = session.scalar(select(AuditKey.public_key).where(AuditKey.number == FIRST))
    if stored is None:
        raise KeyFileRefused("The record has no key yet: run `keepsake migrate`.")
    return stored
