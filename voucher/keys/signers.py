"""Private halves of signing keys: what a package hands over, an environment variable, a file."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy.orm import Session

from app import keyfiles
from app.config import Settings
from app.keyfiles import SEED_BYTES, KeyFileRefused
from app.plugins import Plugins
from voucher.keys.models import SigningKey
from voucher.token import SeedKey

VARIABLE = "KEEPSAKE_VOUCHER_KEY"
PEM = re.compile("-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", re.DOTALL)
HEX = re.compile("[0-9a-fA-F]{64}")

Sign = Callable[[bytes], bytes]


class Signer(Protocol):
    """What signs with a key that it never hands out, such as a hardware module.

    A package lays one for each of its keys into `plugins.signers` as it is plugged in.
    """

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the Ed25519 public key."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """The 64 bytes of the signature (RFC 8032)."""
        ...


class SignerFailed(KeyFileRefused):
    """What a package handed over did not sign; the text says which key."""

    status = 503


@dataclass(frozen=True)
class Private:
    """A private half: where it lies, and what it does."""

    lies_in: str
    """`package`, `environment` or `file`."""
    public_key: bytes
    sign: Sign


def path_of(settings: Settings, number: int) -> Path:
    """Where the private half of a key lies, if it is a file."""
    return settings.key_dir / f"voucher-{number}.key"


def given(session: Session) -> Iterator[Private]:
    """The private halves that are no files: handed over by packages, then the environment's.

    Raises `KeyFileRefused` where one is no Ed25519 key; no error ever shows a key.
    """
    plugins = cast(Plugins, session.info["plugins"])
    for signer in plugins.signers:
        yield _handed_over(cast(Signer, signer))
    secret = cast(Settings, session.info["settings"]).voucher_key
    for key in in_text(secret.get_secret_value() if secret else ""):
        yield _in_memory("environment", key)


def private_half(session: Session, row: SigningKey) -> Private:
    """The private half of a key.

    Raises `KeyFileRefused` where it is missing or is another's; no process ever makes a new one by
    itself, since kiosks could not know it.
    """
    for private in given(session):
        if private.public_key == row.public_key:
            return private
    path = path_of(session.info["settings"], row.number)
    private = _in_memory("file", keyfiles.read(path))
    if private.public_key != row.public_key:
        raise KeyFileRefused(f"{path} is not the private half of signing key {row.number}.")
    return private


def in_text(text: str) -> list[Ed25519PrivateKey]:
    """Private keys from a variable's text, parted by spaces or commas.

    Each is PEM (PKCS #8), or 32 bytes as base64 or hexadecimal, as in a key's file. Raises
    `KeyFileRefused`.
    """
    # Some ways to set a variable leave no line breaks in it.
    text = text.replace("\\n", "\n")
    bare = [word for word in re.split(r"[\s,]+", PEM.sub(" ", text)) if word]
    return [*map(_from_pem, PEM.findall(text)), *map(_from_word, bare)]


def _in_memory(lies_in: str, key: Ed25519PrivateKey) -> Private:
    signing = SeedKey(key.private_bytes_raw())
    return Private(lies_in, signing.public_key, signing.sign)


def _from_pem(text: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(text.encode("ascii"), password=None)
    except Exception:
        raise _unreadable() from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unreadable()
    return key


def _from_word(word: str) -> Ed25519PrivateKey:
    try:
        seed = bytes.fromhex(word) if HEX.fullmatch(word) else _from_base64(word)
    except ValueError:
        raise _unreadable() from None
    if len(seed) != SEED_BYTES:
        raise _unreadable()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _from_base64(word: str) -> bytes:
    padded = word.rstrip("=") + "=" * (-len(word.rstrip("=")) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_" if set("-_") & set(word) else None)
    except binascii.Error:
        raise _unreadable() from None


def _unreadable() -> KeyFileRefused:
    """Without the text: it may be a key with one letter too many."""
    return KeyFileRefused(
        f"Setting {VARIABLE} holds something that is no Ed25519 private key: give 32 bytes as "
        "base64, or PEM without a password."
    )


def _handed_over(signer: Signer) -> Private:
    try:
        raw = bytes(signer.public_key)
        public = Ed25519PublicKey.from_public_bytes(raw)
    except Exception as error:
        told = f"A signer that a package handed over has no public key ({type(error).__name__})."
        raise SignerFailed(told) from error
    name = raw.hex()[:8]

    def sign(message: bytes) -> bytes:
        try:
            signature = bytes(signer.sign(message))
        except Exception as error:
            told = f"The signer of public key {name}… did not sign ({type(error).__name__})."
            raise SignerFailed(told) from error
        # Looked at each time: a voucher that no kiosk accepts would be found out in a queue.
        try:
            public.verify(signature, message)
        except InvalidSignature:
            told = f"The signer of public key {name}… signs with another key: nothing was issued."
            raise SignerFailed(told) from None
        return signature

    return Private("package", raw, sign)
