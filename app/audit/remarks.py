"""What people write, kept apart from the record: an entry has a salted hash of it.

So the text can be erased, and until then anybody can check that it is the one that was meant.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.audit.models import Remark

SALT_BYTES = 16


def keep(session: Session, community_id: int, text: str, *, now: datetime) -> str:
    """Keeps a text in the caller's transaction; returns what an entry says of it."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = digest_of(salt, text)
    row = {
        "digest": digest,
        "community_id": community_id,
        "salt": salt,
        "text": text,
        "written_at": now,
    }
    session.execute(insert(Remark), row)
    return digest


def text_of(session: Session, digest: str) -> str | None:
    """The text that an entry has this hash of; None where it was erased."""
    remark = session.get(Remark, digest)
    return remark.text if remark is not None else None


def erase(session: Session, digests: Collection[str]) -> None:
    """Erases texts and their salts, in the caller's transaction; what entries say of them stays."""
    gone = update(Remark).where(Remark.digest.in_(digests)).values(text=None, salt=None)
    session.execute(gone.execution_options(synchronize_session=False))


def digest_of(salt: bytes, text: str) -> str:
    """`sha256:` and the hash of the salt with the text in UTF-8."""
    return "sha256:" + sha256(salt + text.encode()).hexdigest()
