"""By what a text is known again that is not kept: a keyed hash of it."""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.formats.discord_events import Text
from app.activity.formats.models import FingerprintKey
from app.statements import insert_or, table_of

KEY_BYTES = 32
DIGEST_BYTES = 12
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})
"""Unicode's general categories of what stands for nothing by itself: controls, formats, marks."""
BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
"""Letters and symbols that are blank: fillers of Hangul, and Braille without a dot."""


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


def told_of(
    text: str, key: bytes, *, stickers: Iterable[str] = (), files: Iterable[str] = ()
) -> Text:
    """A text's length in characters that can be seen, and its fingerprint.

    Capitals, spaces, and what cannot be seen make no other text. Without one, stickers are known by
    their ids, and are no characters; files by what is said of them, and are long enough. Of what is
    empty altogether nothing is told.
    """
    if text:
        plain = _plain(text)
        return Text(len(plain), _digest(plain, key))
    if stickers := sorted(stickers):
        return Text(0, _digest("\n".join(["sticker", *stickers]), key))
    if files := sorted(files):
        return Text(None, _digest("\n".join(["file", *files]), key))
    return Text()


def _plain(text: str) -> str:
    """What of a text can be seen, with marks on letters as part of these, in one writing."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    seen = [one for one in whole if unicodedata.category(one) not in UNSEEN or one.isspace()]
    return " ".join("".join(seen).translate(BLANK).split())


def _digest(plain: str, key: bytes) -> str:
    encoded = plain.encode("utf-8", "replace")
    return hashlib.blake2b(encoded, key=key, digest_size=DIGEST_BYTES).hexdigest()
