import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher.token import KeySet, KeySetUnreadable

OURS = {
    "kty": "OKP",
    "crv": "Ed25519",
    "use": "sig",
    "alg": "EdDSA",
    "kid": "ks1-7",
    "x": "0EqyMnQrtKs6E2i9RhXk5tAiSrcaAWuvhSCjMsl3hzc",
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*OURS]), inner),
    max_leaves=6,
)


def test_the_published_set_is_written_as_it_was_read(vectors: dict[str, Any]) -> None:
    keys = KeySet.from_jwks(vectors["jwks"])
    assert sorted(keys.public) == [7, 8]
    assert keys.revoked == {5}
    assert keys.as_jwks() == vectors["jwks"]


@pytest.mark.parametrize(
    "change",
    [
        {"kid": "ks1-0"},
        {"kid": "ks1-65536"},
        {"kid": "ks1-07"},
        {"kid": "ks1-٧"},
        {"kid": "ks2-7"},
        {"kid": "KS1-7"},
        {"kid": "ks1-7\n"},
        {"kid": 7},
        {"kty": "RSA"},
        {"kty": ["OKP"]},
        {"crv": "X25519"},
        {"use": "enc"},
        {"alg": "ES256"},
        {"x": OURS["x"] + "="},
        {"x": OURS["x"][:-1]},
        {"x": OURS["x"][:-1] + "d"},
        {"x": OURS["x"].replace("E", "+", 1)},
        {"x": "ä" * 43},
        {"x": None},
    ],
)
def test_an_entry_that_is_not_ours_is_ignored(change: dict[str, Any]) -> None:
    keys = KeySet.from_jwks({"keys": [OURS | change, OURS | {"kid": "ks1-9"}]})
    assert list(keys.public) == [9]


def test_what_is_optional_or_new_in_an_entry_does_not_matter() -> None:
    bare = {name: OURS[name] for name in ("kty", "crv", "kid", "x")}
    assert list(KeySet.from_jwks({"keys": [bare | {"later": 1}], "more": {}}).public) == [7]


def test_revoked_numbers_are_read_as_json_numbers_and_nothing_else() -> None:
    document = json.loads('{"keys": [], "revoked": [5, 6.0, 7.5, true, "8", null, [9], NaN]}')
    assert KeySet.from_jwks(document).revoked == {5, 6}


@pytest.mark.parametrize(
    "document",
    [None, [], "keys", 7, {}, {"keys": None}, {"keys": {}}, {"keys": [], "revoked": None}],
)
def test_what_is_no_key_set_is_refused(document: object) -> None:
    with pytest.raises(KeySetUnreadable):
        KeySet.from_jwks(document)


@given(st.lists(anything), st.lists(anything))
def test_no_entry_whatever_breaks_the_set(entries: list[Any], revoked: list[Any]) -> None:
    keys = KeySet.from_jwks({"keys": [OURS, *entries], "revoked": revoked})
    assert list(keys.public) == [7]
