"""The published test vectors, and the keys they were signed with."""

import json
from pathlib import Path
from typing import Any

import pytest

from voucher.token import KeySet, Payload

VECTORS = Path(__file__).parents[2] / "vectors" / "voucher-tokens.json"


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """The file that the kiosk's JavaScript passes as well."""
    return dict(json.loads(VECTORS.read_text()))


@pytest.fixture(scope="session")
def keys(vectors: dict[str, Any]) -> KeySet:
    """The key set of the vectors: 7 and 8 are published, 5 is revoked."""
    return KeySet.from_jwks(vectors["jwks"])


@pytest.fixture(scope="session")
def seed(vectors: dict[str, Any]) -> bytes:
    """The seed of key 7."""
    return bytes.fromhex(vectors["private_seeds_hex"]["7"])


@pytest.fixture(scope="session")
def payload() -> Payload:
    """A static voucher for three days that a device may accept offline."""
    voucher = bytes.fromhex("0123456789abcdef")
    return Payload(1, 7, 1, 42, voucher, 1_780_000_000, 1_780_259_200)
