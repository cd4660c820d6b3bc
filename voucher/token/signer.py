"""itsdangerous' Signer with an Ed25519 algorithm, base32 signatures and a key by its number."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from itsdangerous import Signer
from itsdangerous.encoding import want_bytes
from itsdangerous.signer import SigningAlgorithm

from voucher.token import base32
from voucher.token.keyset import KeySet
from voucher.token.layout import VERSION, Payload
from voucher.token.seed import SeedKey
from voucher.token.verdicts import CannotSign, PayloadUnsound

SALT = b"keepsake.voucher.v1"
SIGNATURE_BYTES = 64


class CanSign(Protocol):
    """Whatever makes Ed25519 signatures: a private key, or a box that keeps one."""

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64 bytes of the signature."""
        ...


@lru_cache(maxsize=256)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


class Ed25519(SigningAlgorithm):
    """RFC 8032 signatures: made by what it was given, checked by a raw public key."""

    def __init__(self, signing: CanSign | None = None) -> None:
        """Without something that signs, it only verifies."""
        self.signing = signing

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Sign; the key is not needed, since what signs may never hand it out."""
        if self.signing is None:
            raise CannotSign("no signing key was given")
        signature = self.signing.sign(value)
        if len(signature) != SIGNATURE_BYTES:
            raise CannotSign(f"an Ed25519 signature has 64 bytes, not {len(signature)}")
        return signature

    def verify_signature(self, key: bytes, value: bytes, sig: bytes) -> bool:
        """Check against a public key of 32 bytes."""
        try:
            _public_key(key).verify(sig, value)
        except (InvalidSignature, ValueError):
            return False
        return True


class VoucherSigner(Signer):
    """Signs and checks a token's body; ``sign`` and ``unsign`` are itsdangerous' own.

    The salt is the message's prefix, since an Ed25519 key cannot be derived from it. One key
    is asked, by the number in the payload; itsdangerous' own list would try all of them.
    """

    def __init__(self, keys: KeySet, signing: CanSign | None = None) -> None:
        """Check with the set's keys, and sign with ``signing`` if there is any."""
        super().__init__(b"", salt=SALT, key_derivation="none", algorithm=Ed25519(signing))
        self.keys = keys

    def get_signature(self, value: str | bytes) -> bytes:
        """Return the signature's base32 text."""
        # No key is derived: what signs never hands one out.
        signature = self.algorithm.get_signature(b"", self._message(value))
        return base32.encode(signature).encode()

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Say whether the key that the body names has signed it."""
        try:
            number = Payload.unpack(base32.decode(want_bytes(value).decode("ascii"))).key
            signature = base32.decode(want_bytes(sig).decode("ascii"))
        except ValueError:
            return False
        key = self.keys.public.get(number)
        return key is not None and self.algorithm.verify_signature(
            key, self._message(value), signature
        )

    def sign_all(self, bodies: Sequence[str]) -> list[str]:
        """As ``sign`` for each, in a fraction of the time that it takes beside the signatures."""
        sign, prefix = self.algorithm.get_signature, self._message("")
        signatures = [sign(b"", prefix + body.encode()) for body in bodies]
        sep = self.sep.decode()
        spelled = base32.encode_all(signatures)
        return [f"{body}{sep}{text}" for body, text in zip(bodies, spelled, strict=True)]

    def _message(self, value: str | bytes) -> bytes:
        return self.salt + b":" + want_bytes(value)


def mint(payload: Payload, key: bytes | CanSign) -> str:
    """Sign a payload and return the token's 143 characters; errors as in ``mint_all``."""
    return mint_all([payload], key)[0]


def mint_all(payloads: Iterable[Payload], key: bytes | CanSign) -> list[str]:
    """Sign payloads with one key and return their tokens, of 143 characters each.

    ``key`` is a seed of 32 bytes or anything with ``sign(bytes) -> bytes``. Raises PayloadUnsound
    for a payload that no verifier would accept, CannotSign where the key is no use.
    """
    raws = [_sound(payload) for payload in payloads]
    return VoucherSigner(KeySet(), _signing(key)).sign_all(base32.encode_all(raws))


def _sound(payload: Payload) -> bytes:
    if payload.version != VERSION or payload.key < 1 or not payload.sound:
        raise PayloadUnsound("version, key number, flags or dates break the format's rules")
    return payload.pack()


def _signing(key: bytes | CanSign) -> CanSign:
    return SeedKey(key) if isinstance(key, bytes) else key
