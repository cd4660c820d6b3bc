"""Private Ed25519 keys as files that only their owner may read."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.refusals import Refused

SEED_BYTES = 32


class KeyFileRefused(Refused):
    """A private key cannot be read or written; the text says which file and what to do."""

    code = "no_key"


def write_new(path: Path) -> Ed25519PrivateKey:
    """Makes a key and keeps its seed at `path` with mode 0600; never overwrites a file."""
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileRefused(
            f"{path} exists already, though the database does not know this key: move it away."
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes_raw().hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def read(path: Path) -> Ed25519PrivateKey:
    """The key kept at `path`; raises `KeyFileRefused` where it is missing or unreadable."""
    try:
        seed = bytes.fromhex(path.read_text("ascii").strip())
    except FileNotFoundError as error:
        raise KeyFileRefused(
            f"The private key {path} is missing: put it back from a copy, "
            "or point KEEPSAKE_DATA_DIR at the folder that has it."
        ) from error
    except (OSError, ValueError) as error:
        raise KeyFileRefused(f"The private key {path} cannot be read: {error}.") from error
    if len(seed) != SEED_BYTES:
        raise KeyFileRefused(f"The private key {path} does not hold {SEED_BYTES} bytes.")
    return Ed25519PrivateKey.from_private_bytes(seed)
