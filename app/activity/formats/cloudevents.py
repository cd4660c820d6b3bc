"""Reading activity from CloudEvents 1.0 over HTTP: structured, in batches, and in binary mode.

The specification: https://github.com/cloudevents/spec/tree/v1.0.2/cloudevents, and there
`bindings/http-protocol-binding.md` and `formats/json-format.md`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Required
from urllib.parse import unquote

import orjson
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    with_config,
)
from typing_extensions import TypedDict

from app.activity.events import ActivityEvent
from app.activity.formats import faults
from app.activity.formats.ndjson import Identifier
from app.refusals import Refused

MOST = 1_000
"""Events in a request."""
ONE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
PREFIX = "ce-"
JSON = re.compile(r"application/([a-z0-9.+-]+\+)?json(;.*)?", re.ASCII | re.IGNORECASE)
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
ATTRIBUTE = re.compile(r"[a-z0-9]{1,40}", re.ASCII)


def _written_out(value: Any) -> Any:
    if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
        raise ValueError("this is no time by RFC 3339 with its zone, as 2026-12-05T10:00:00Z")
    # RFC 3339 has leap seconds, which no clock of ours has.
    return f"{value[:17]}59{value[19:]}" if value[17:19] == "60" else value


DisplayName = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]+$", strip_whitespace=True, max_length=100)
]


@with_config(ConfigDict(extra="forbid"))
class Data(TypedDict, total=False):
    """What an event tells beside its attributes: as lines of activity have it."""

    channel: Identifier | None
    thread: Identifier | None
    amount: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    length: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] | None
    fingerprint: Identifier | None
    other: Identifier | None
    member_name: DisplayName | None


@with_config(ConfigDict(extra="ignore"))
class Attributes(TypedDict, total=False):
    """An event; extension attributes are passed over."""

    specversion: Required[Literal["1.0"]]
    id: Required[Identifier]
    source: Required[Identifier]
    type: Required[Identifier]
    subject: Required[Identifier]
    time: Required[Annotated[AwareDatetime, BeforeValidator(_written_out)]]
    data: Data | None


_read = TypeAdapter(Attributes).validate_python


class NotReadable(Refused):
    """The request as a whole holds no events that could be read."""

    code = "bad_request"


class NoCloudEvents(NotReadable):
    """The request's content type is none of those that events come in."""

    code: ClassVar[str] = "not_cloudevents"
    status: ClassVar[int] = 415


class TooManyEvents(NotReadable):
    """There are more events in the request than one may have; none was looked at."""

    code: ClassVar[str] = "too_many_events"
    status: ClassVar[int] = 413


class RefusedEvent(NamedTuple):
    """One that cannot be read: its id as far as it has one, why by name, and in a sentence."""

    id: str | None
    reason: str
    sentence: str


class CloudEvent(NamedTuple):
    """One that was read, with what it says of where it comes from."""

    source: str
    event: ActivityEvent

    @property
    def id(self) -> str:
        """The event's own id."""
        return self.event.id


def read_request(
    content_type: str, headers: Iterable[tuple[str, str]], body: bytes
) -> list[CloudEvent | RefusedEvent]:
    """The events of a request, in its order; one that is wrong takes no other with it.

    Raises `NotReadable` where it has no events that can be told apart.
    """
    kind = content_type.partition(";")[0].strip().lower()
    attributes = {name.lower(): value for name, value in headers}
    if kind == BATCH:
        every = _json(body)
        if not isinstance(every, list):
            raise NotReadable("A batch is a JSON list of events.")
        if len(every) > MOST:
            raise TooManyEvents(f"A request has at most {MOST} events; this one has {len(every)}.")
        return [parse(one, index) for index, one in enumerate(every)]
    if kind == ONE:
        return [parse(_json(body), 0)]
    if f"{PREFIX}specversion" in attributes:
        return [_binary(content_type, attributes, body)]
    raise NoCloudEvents(
        f"Send events as {ONE}, as {BATCH}, or with their attributes in {PREFIX}… headers."
    )


def parse(content: Any, index: int) -> CloudEvent | RefusedEvent:
    """One event of a request, or why it is none."""
    if not isinstance(content, dict):
        return RefusedEvent(None, "not_an_object", f"event {index}: this is no JSON object")
    given = content.get("id")
    event_id = given if isinstance(given, str) else None
    if wrong := _wrong_form(content):
        key, reason, told = wrong
        return RefusedEvent(event_id, reason, f"event {index}, key {key}: {told}")
    try:
        read = _read(content)
    except ValidationError as error:
        return RefusedEvent(event_id, *_said(error, index))
    event = ActivityEvent(
        id=read["id"],
        kind=read["type"],
        member=read["subject"],
        at=read["time"],
        **(read.get("data") or {}),
    )
    return CloudEvent(read["source"], event)


def _wrong_form(content: dict[str, Any]) -> tuple[str, str, str] | None:
    """Key, reason and sentence for what no event of ours has, whatever its values are."""
    for key in content:
        if key != "data_base64" and ATTRIBUTE.fullmatch(key) is None:
            return key[:40], "unknown_key", "attributes are named by lower case and digits alone"
    kind = content.get("datacontenttype")
    if "data_base64" in content:
        return "data_base64", "not_json", "data must be JSON"
    if kind is not None and (not isinstance(kind, str) or JSON.fullmatch(kind) is None):
        return "datacontenttype", "not_json", "data must be JSON, as application/json"
    return None


def _said(error: ValidationError, index: int) -> tuple[str, str]:
    key, reason, said = faults.first_of(error)
    return reason, f"event {index}, key {key}: {said}"


def _binary(
    content_type: str, attributes: Mapping[str, str], body: bytes
) -> CloudEvent | RefusedEvent:
    try:
        content: dict[str, Any] = {
            name.removeprefix(PREFIX): _plain(value)
            for name, value in attributes.items()
            if name.startswith(PREFIX)
        }
    except UnicodeDecodeError as error:
        raise NotReadable("A header's value is no UTF-8 in percent-encoding.") from error
    if body:
        if JSON.fullmatch(content_type) is None:
            raise NoCloudEvents("The body of an event in binary mode is JSON, as application/json.")
        content["data"] = _json(body)
    return parse(content, 0)


def _plain(value: str) -> str:
    """A header's value as it was meant: quoted in part or whole, and percent-encoded."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return unquote(value, errors="strict")


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotReadable(f"The body is not JSON: {error}.") from error
