"""CloudEvents are read strictly; what is wrong with one is said of that one."""

import json
from typing import Any

import pytest

from app.activity.formats.cloudevents import (
    BATCH,
    MOST,
    ONE,
    CloudEvent,
    NoCloudEvents,
    NotReadable,
    RefusedEvent,
    TooManyEvents,
    parse,
    read_request,
)

EVENT = {
    "specversion": "1.0",
    "id": "post-1",
    "source": "forum",
    "type": "post",
    "subject": "ann",
    "time": "2026-11-18T12:00:00+01:00",
}
DATA = {
    "channel": "c1",
    "thread": "t1",
    "amount": 3,
    "length": 40,
    "fingerprint": "f",
    "other": "bob",
    "member_name": "Ann",
}


def test_each_key_of_an_event_has_its_meaning() -> None:
    read = parse(EVENT | {"data": DATA, "datacontenttype": "application/json"}, 0)
    assert isinstance(read, CloudEvent)
    event = read.event
    assert (read.source, event.id, event.kind, event.member) == ("forum", "post-1", "post", "ann")
    assert event.at.isoformat() == "2026-11-18T12:00:00+01:00"
    assert {key: getattr(event, key) for key in DATA} == DATA


def test_a_leap_second_is_the_last_one_of_its_minute() -> None:
    read = parse(EVENT | {"time": "2016-12-31T23:59:60.5Z"}, 0)
    assert isinstance(read, CloudEvent)
    assert read.event.at.isoformat() == "2016-12-31T23:59:59.500000+00:00"


@pytest.mark.parametrize(
    ("change", "reason", "told"),
    [
        ({"specversion": "0.3"}, "bad_value", "event 7, key specversion: Input should be '1.0'"),
        ({"id": 5}, "bad_value", "event 7, key id: Input should be a valid string"),
        ({"id": ""}, "bad_value", "event 7, key id: this is empty or has a NUL"),
        ({"id": "a\0b"}, "bad_value", "event 7, key id: this is empty or has a NUL"),
        ({"subject": " "}, "bad_value", "event 7, key subject: this is empty or has a NUL"),
        ({"subject": None}, "bad_value", "event 7, key subject: Input should be a valid string"),
        ({"subject": "x" * 201}, "bad_value", "event 7, key subject: String should have at most"),
        ({"time": "2026-11-18T12:00:00"}, "bad_value", "event 7, key time: this is no time by RFC"),
        ({"time": "2026-11-18"}, "bad_value", "event 7, key time: this is no time by RFC 3339"),
        ({"time": 1794999600}, "bad_value", "event 7, key time: this is no time by RFC 3339"),
        ({"time": "2026-13-18T12:00:00Z"}, "bad_value", "event 7, key time: "),
        ({"data": {"amount": "3"}}, "bad_value", "event 7, key data.amount: Input should be"),
        ({"data": {"amount": True}}, "bad_value", "event 7, key data.amount: Input should be"),
        ({"data": {"amount": 0}}, "bad_value", "event 7, key data.amount: Input should be greater"),
        ({"data": {"length": 2**31}}, "bad_value", "event 7, key data.length: Input should be"),
        ({"data": {"text": "!"}}, "unknown_key", "event 7, key data.text: this key is not known"),
        ({"data": "text"}, "bad_value", "event 7, key data: "),
        ({"data_base64": "AA=="}, "not_json", "event 7, key data_base64: data must be JSON"),
        ({"datacontenttype": "text/xml"}, "not_json", "event 7, key datacontenttype: data must"),
        ({"Subject": "ann"}, "unknown_key", "event 7, key Subject: attributes are named"),
    ],
)
def test_what_is_wrong_is_said_with_the_index_and_the_key(
    change: dict[str, Any], reason: str, told: str
) -> None:
    refused = parse(EVENT | change, 7)
    assert isinstance(refused, RefusedEvent)
    assert refused.reason == reason
    assert refused.sentence.startswith(told), refused.sentence


@pytest.mark.parametrize("key", sorted(EVENT))
def test_every_attribute_is_needed(key: str) -> None:
    refused = parse({name: value for name, value in EVENT.items() if name != key}, 0)
    assert isinstance(refused, RefusedEvent)
    assert refused.sentence == f"event 0, key {key}: this key is required"


def test_extension_attributes_are_passed_over() -> None:
    assert isinstance(parse(EVENT | {"traceparent": "00-0af7", "dataschema": "x"}, 0), CloudEvent)


def test_what_is_no_object_is_refused_alone() -> None:
    body = json.dumps([EVENT, "event", EVENT | {"id": "2"}]).encode()
    first, second, third = read_request(f"{BATCH}; charset=utf-8", [], body)
    assert isinstance(first, CloudEvent)
    assert second == RefusedEvent(None, "not_an_object", "event 1: this is no JSON object")
    assert isinstance(third, CloudEvent)


def test_binary_mode_has_its_attributes_in_headers() -> None:
    headers = [(f"Ce-{key.title()}", value) for key, value in EVENT.items() if key != "subject"]
    headers += [("ce-subject", "J%C3%BCrgen%20%22x%22"), ("ce-extra", '"a \\"b\\""')]
    [read] = read_request("application/json", headers, json.dumps(DATA).encode())
    assert isinstance(read, CloudEvent)
    assert (read.event.member, read.event.amount) == ('Jürgen "x"', 3)
    [bare] = read_request("", headers, b"")
    assert isinstance(bare, CloudEvent)
    assert bare.event.amount == 1


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        (ONE, b"{", NotReadable),
        (ONE, b'{"id": NaN}', NotReadable),
        (BATCH, b"{}", NotReadable),
        (BATCH, json.dumps([EVENT] * (MOST + 1)).encode(), TooManyEvents),
        ("application/json", b"{}", NoCloudEvents),
        ("", b"", NoCloudEvents),
    ],
)
def test_a_request_without_events_is_refused_as_a_whole(
    kind: str, body: bytes, error: type[NotReadable]
) -> None:
    with pytest.raises(error) as raised:
        read_request(kind, [], body)
    assert type(raised.value) is error


def test_binary_mode_takes_no_other_data_than_json_and_no_other_text_than_utf_8() -> None:
    headers = [(f"ce-{key}", value) for key, value in EVENT.items()]
    with pytest.raises(NoCloudEvents):
        read_request("text/xml", headers, b"<a/>")
    with pytest.raises(NotReadable):
        read_request("", [*headers, ("ce-subject", "%FF")], b"")
