from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher.token import Flag, Payload, PayloadUnsound, Window

payloads = st.builds(
    Payload,
    version=st.just(1),
    key=st.integers(1, 2**16 - 1),
    flags=st.integers(0, 255),
    perk=st.integers(0, 2**32 - 1),
    voucher=st.binary(min_size=8, max_size=8),
    valid_from=st.integers(0, 2**32 - 1),
    valid_until=st.integers(0, 2**32 - 1),
)


@given(payloads)
def test_what_is_packed_is_unpacked_again(payload: Payload) -> None:
    raw = payload.pack()
    assert len(raw) == 24
    assert Payload.unpack(raw) == payload


def test_the_bytes_lie_where_the_specification_puts_them(payload: Payload) -> None:
    assert payload.pack().hex() == "010007010000002a0123456789abcdef6a18a5006a1c9980"


@pytest.mark.parametrize(
    "change",
    [
        {"voucher": b"1234567"},
        {"voucher": b"123456789"},
        {"key": 65536},
        {"perk": -1},
        {"valid_until": 2**32},
        {"flags": 256},
    ],
)
def test_a_field_that_does_not_fit_is_refused(payload: Payload, change: dict[str, Any]) -> None:
    with pytest.raises(PayloadUnsound):
        replace(payload, **change).pack()


def test_another_length_is_not_unpacked() -> None:
    with pytest.raises(PayloadUnsound):
        Payload.unpack(bytes(23))


def test_flags_are_told_by_name(payload: Payload) -> None:
    marked = replace(payload, flags=Flag.LIVE | Flag.LIVE_REQUIRED)
    assert (marked.live, marked.live_required, marked.offline_ok) == (True, True, False)
    assert (payload.live, payload.live_required, payload.offline_ok) == (False, False, True)
    assert payload.window == Window(1_780_000_000, 1_780_259_200)


@pytest.mark.parametrize(
    ("change", "sound"),
    [
        ({}, True),
        ({"flags": 7, "valid_until": 1_780_000_120}, True),
        ({"flags": 4, "valid_until": 1_780_000_121}, False),
        ({"valid_until": 1_780_000_000}, False),
        ({"flags": 8}, False),
        ({"flags": 128}, False),
    ],
)
def test_soundness_follows_flags_and_dates(
    payload: Payload, change: dict[str, Any], sound: bool
) -> None:
    assert replace(payload, **change).sound is sound
