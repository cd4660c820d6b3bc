import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher.token import base32


@given(st.binary(max_size=100))
def test_what_is_encoded_is_decoded_again(raw: bytes) -> None:
    assert base32.decode(base32.encode(raw)) == raw


@given(st.binary(max_size=200))
def test_it_is_the_standard_librarys_spelling_without_its_padding(raw: bytes) -> None:
    assert base32.encode(raw) == base64.b32encode(raw).decode().rstrip("=")


@given(
    st.integers(0, 70).flatmap(lambda n: st.lists(st.binary(min_size=n, max_size=n), max_size=40))
)
def test_many_are_spelled_as_each_by_itself(raws: list[bytes]) -> None:
    assert base32.encode_all(raws) == [base32.encode(raw) for raw in raws]


def test_bytes_of_unlike_lengths_are_not_spelled_together() -> None:
    with pytest.raises(ValueError, match="one length"):
        base32.encode_all([b"12345", b"1234"])


@given(st.text("AB7Z2", max_size=20))
def test_only_the_standard_librarys_own_spelling_is_read(text: str) -> None:
    try:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raw = None
    if raw is not None and base64.b32encode(raw).decode().rstrip("=") == text:
        assert base32.decode(text) == raw
    else:
        with pytest.raises(ValueError, match="base32"):
            base32.decode(text)


@pytest.mark.parametrize("text", ["aa", "A1", "AA======", "AA\n", " AA", "A_A", "+AA", "٢٢", "AÄ"])
def test_what_is_outside_the_alphabet_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base32"):
        base32.decode(text)
