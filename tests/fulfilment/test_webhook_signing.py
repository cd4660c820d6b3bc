"""Signatures by Standard Webhooks 1.0.0, held against the reference library."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from fulfilment.webhooks.signing import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    SignatureRefused,
    new_secret,
    sign,
    verify,
)

# The example of the specification's own text.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(**changed: str) -> dict[str, str]:
    found = sign(SECRET, MESSAGE, BODY, at=AT)
    return found | {f"webhook-{name}": text for name, text in changed.items()}


def test_the_specifications_example_is_signed_alike() -> None:
    assert headers() == {ID: MESSAGE, TIMESTAMP: "1614265330", SIGNATURE: EXPECTED}


@given(body=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_we_sign_the_reference_verifies_and_the_other_way_round(body: str) -> None:
    secret, now = new_secret(), datetime.now(UTC)
    ours = sign(secret, "msg_1", body.encode(), at=now)
    Webhook(secret).verify(body, ours, json_parse=False)
    theirs = ours | {SIGNATURE: Webhook(secret).sign("msg_1", now, body)}
    verify(secret, theirs, body.encode(), now=now)


def test_secrets_are_new_each_time_and_long_enough() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_") and len(first) > 32


def test_a_right_signature_among_others_counts() -> None:
    several = f"v1a,AAAA v1,{'A' * 43}= {EXPECTED}"
    verify(SECRET, headers(signature=several), BODY, now=AT)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_five_minutes_are_tolerated(minutes: int) -> None:
    verify(SECRET, headers(), BODY, now=AT + timedelta(minutes=minutes))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_more_than_five_minutes_are_not(seconds: int) -> None:
    with pytest.raises(SignatureRefused, match="five minutes"):
        verify(SECRET, headers(), BODY, now=AT + timedelta(seconds=seconds))


def test_another_body_is_refused() -> None:
    with pytest.raises(SignatureRefused):
        verify(SECRET, headers(), BODY + b" ", now=AT)


def test_another_secret_is_refused() -> None:
    with pytest.raises(SignatureRefused):
        verify(new_secret(), headers(), BODY, now=AT)


def test_another_id_is_refused() -> None:
    with pytest.raises(SignatureRefused):
        verify(SECRET, headers(id="msg_2"), BODY, now=AT)


@pytest.mark.parametrize(
    "signature",
    ["", " ", "v1", "v1,", "v1,é", "v1,!!!!", "v1;AAAA", "v2," + EXPECTED[3:], EXPECTED[3:], ",,"],
)
def test_malformed_signatures_are_refused(signature: str) -> None:
    with pytest.raises(SignatureRefused):
        verify(SECRET, headers(signature=signature), BODY, now=AT)


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "+1614265330", "٣", "9" * 400])
def test_malformed_timestamps_are_refused(timestamp: str) -> None:
    with pytest.raises(SignatureRefused):
        verify(SECRET, headers(timestamp=timestamp), BODY, now=AT)
