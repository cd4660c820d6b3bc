"""What is wrong with something that was sent, in words for who wrote the sender."""

from typing import NamedTuple

from pydantic import ValidationError

NOT_JSON = "not_json"
REASONS = {
    "json_invalid": NOT_JSON,
    "missing": "missing_field",
    "extra_forbidden": "unknown_key",
    "timezone_aware": "no_zone",
}
PLAIN = {
    "missing": "this key is required",
    "extra_forbidden": "this key is not known",
    "string_pattern_mismatch": "this is empty or has a NUL",
    "json_invalid": "this is not JSON",
}
"""Where pydantic's own words tell a person nothing."""


class Fault(NamedTuple):
    """The first thing that is wrong: where, the reason's stable name, and in words."""

    key: str
    """Empty for the whole."""
    reason: str
    said: str


def first_of(error: ValidationError) -> Fault:
    """The first thing that a validation found."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    said = PLAIN.get(first["type"], first["msg"].removeprefix("Value error, "))
    return Fault(key, REASONS.get(first["type"], "bad_value"), said)
