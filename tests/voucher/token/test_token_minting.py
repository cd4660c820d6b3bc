from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from voucher.token import (
    CannotSign,
    KeySet,
    Payload,
    PayloadUnsound,
    SeedKey,
    TokenVerdict,
    VoucherSigner,
    mint,
    verify,
)

SEED = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
KEYS = KeySet(dict.fromkeys(range(1, 65536, 13), PRIVATE.public_key().public_bytes_raw()))


class Box:
    """What a hardware key looks like from here: it signs, and shows nothing."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def sign(self, message: bytes, /) -> bytes:
        self.seen.append(message)
        return PRIVATE.sign(message)


@given(
    key=st.sampled_from(sorted(KEYS.public)),
    flags=st.sampled_from([0, 1, 4, 5, 6, 7]),
    perk=st.integers(0, 2**32 - 1),
    voucher=st.binary(min_size=8, max_size=8),
    start=st.integers(0, 2**32 - 200),
    lasts=st.integers(1, 120),
)
def test_what_is_minted_verifies_and_says_the_same(
    key: int, flags: int, perk: int, voucher: bytes, start: int, lasts: int
) -> None:
    payload = Payload(1, key, flags, perk, voucher, start, start + lasts)
    text = mint(payload, PRIVATE)
    assert len(text) == 143
    answer = verify(f"HTTPS://PASS.EXAMPLE.ORG/V/{text}", KEYS, start)
    assert (answer.verdict, answer.payload) == (TokenVerdict.OK, payload)


def test_a_seed_a_private_key_and_a_box_sign_alike(payload: Payload) -> None:
    box = Box()
    assert mint(payload, SEED) == mint(payload, PRIVATE) == mint(payload, box)
    assert box.seen[0].startswith(b"keepsake.voucher.v1:AEAA")


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=200))
def test_a_seed_makes_the_signatures_that_openssl_makes(seed: bytes, message: bytes) -> None:
    ours, theirs = SeedKey(seed), Ed25519PrivateKey.from_private_bytes(seed)
    assert ours.sign(message) == theirs.sign(message)
    assert ours.public_key == theirs.public_key().public_bytes_raw()
    assert seed.hex() not in repr(ours)


@given(st.lists(st.text("AB7Z2"), max_size=20))
def test_many_are_signed_as_each_by_itself(bodies: list[str]) -> None:
    signer = VoucherSigner(KeySet(), SeedKey(SEED))
    assert signer.sign_all(bodies) == [signer.sign(body).decode() for body in bodies]


def test_itsdangerous_own_unsign_accepts_a_token(payload: Payload) -> None:
    keys = KeySet({7: PRIVATE.public_key().public_bytes_raw()})
    text = mint(payload, PRIVATE)
    assert VoucherSigner(keys).unsign(text) == text.partition(".")[0].encode()
    assert not VoucherSigner(keys).validate(text[:-2] + "AA")


@pytest.mark.parametrize(
    "change", [{"flags": 16}, {"valid_until": 1}, {"flags": 4}, {"version": 2}, {"key": 0}]
)
def test_what_no_verifier_would_accept_is_not_signed(
    payload: Payload, change: dict[str, Any]
) -> None:
    box = Box()
    with pytest.raises(PayloadUnsound):
        mint(replace(payload, **change), box)
    assert not box.seen


def test_a_short_seed_is_refused(payload: Payload) -> None:
    with pytest.raises(CannotSign):
        mint(payload, SEED[:31])


def test_a_box_that_answers_with_something_else_is_refused(payload: Payload) -> None:
    class Broken(Box):
        def sign(self, message: bytes, /) -> bytes:
            return super().sign(message)[:-1]

    with pytest.raises(CannotSign):
        mint(payload, Broken())


def test_a_signer_without_a_key_only_verifies(keys: KeySet) -> None:
    with pytest.raises(CannotSign):
        VoucherSigner(keys).sign("AEAA")
