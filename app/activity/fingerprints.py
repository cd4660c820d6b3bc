"""By what a text is known again that is not kept: a keyed hash of it."""

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.discord_events import Text
from app.activity.models import FingerprintKey
from app.statements import insert_or, table_of

KEY_BYTES = 32
DIGEST_BYTES = 12


def key_of(session: Session, community_id: int) -> bytes:
    """A community's key, made when it is first asked for; in the caller's transaction."""
    table = table_of(FingerprintKey)
    found = select(table.c.key).where(table.c.community_id == community_id)
    key = session.scalar(found)
    if key is None:
        new = insert_or(session, table).values(
            community_id=community_id, key=secrets.token_bytes(KEY_BYTES)
        )
        # Another process may have been first.
        session.execute(new.on_conflict_do_nothing())
        key = session.scalar(found)
    return bytes(key or b"")


def told_of(text: str, key: bytes) -> Text:
    """A text's length in characters and its fingerprint; nothing of one that is empty.

    Capitals and spaces make no other text.
    """
    if not text:
        return Text()
    plain = " ".join(text.casefold().split())
    digest = hashlib.blake2b(plain.encode("utf-8", "replace"), key=key, digest_size=DIGEST_BYTES)
    return Text(len(text), digest.hexdigest())
