"""Checkpoints as signed notes.

The form is C2SP's: `signed-note` and `tlog-checkpoint` (https://c2sp.org). The body is the tree's
origin, its size, its root in base64, and one extension line with the time of sealing.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.clock import as_text

KEY_NAME = "keepsake-record"
ED25519 = b"\x01"


class NoteRefused(Exception):
    """A text is no checkpoint signed by the record's key; the text says why."""


@dataclass(frozen=True)
class Checkpoint:
    """What a signed note says: at this time, the tree of this size had this root."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def body(self) -> str:
        """The signed text."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{as_text(self.at)}\n"


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note."""
    body = checkpoint.body()
    signature = _key_hash(key.public_key()) + key.sign(body.encode())
    return f"{body}\n— {KEY_NAME} {base64.b64encode(signature).decode()}\n"


def read(note: str, key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note that `key` signed; raises `NoteRefused` for any other text."""
    body, separator, signature_line = note.rpartition("\n\n")
    prefix = f"— {KEY_NAME} "
    if not separator or not signature_line.startswith(prefix):
        raise NoteRefused("this is not a signed checkpoint")
    try:
        signature = base64.b64decode(signature_line.removeprefix(prefix).strip(), validate=True)
        if signature[:4] != _key_hash(key):
            raise NoteRefused("it was signed by another key")
        key.verify(signature[4:], (body + "\n").encode())
        origin, size, root, at = body.split("\n")
        return Checkpoint(
            origin, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at)
        )
    except InvalidSignature as error:
        raise NoteRefused("its signature does not fit") from error
    except (ValueError, binascii.Error) as error:
        raise NoteRefused("this is not a signed checkpoint") from error


def _key_hash(key: Ed25519PublicKey) -> bytes:
    name = KEY_NAME.encode()
    return sha256(name + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]
