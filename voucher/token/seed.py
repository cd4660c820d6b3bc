"""A private key in memory that signs by libsodium: in half of the time that OpenSSL takes for it.

Who issues ten thousand vouchers, or twelve hours of live codes for each phone in a queue, waits
for signatures before all else. Both make the same 64 bytes (RFC 8032).
"""

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from voucher.token.verdicts import CannotSign

SEED_BYTES, SIGNATURE_BYTES = 32, 64


class SeedKey:
    """An Ed25519 key, from its seed of 32 bytes; raises CannotSign for another length."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise CannotSign(f"an Ed25519 seed has {SEED_BYTES} bytes, not {len(seed)}")
        self.public_key, self._secret = crypto_sign_seed_keypair(seed)
        """The 32 bytes that verifiers have; and what signs, which is never shown."""

    def sign(self, message: bytes, /) -> bytes:
        """The 64 bytes of the signature."""
        return crypto_sign(message, self._secret)[:SIGNATURE_BYTES]
