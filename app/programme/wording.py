"""What is wrong with a value of a programme, in words of those who organise. Pure.

TOML has types, which pydantic takes loosely: a number in quotation marks is a text here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

WHOLE = "this should be a whole number"
NUMBER = "this should be a number"
YES_OR_NO = "this should be true or false"
TABLE = "this should be a table { … }"
DAY = "this should be a day such as 2026-09-01"
MOMENT = "this should be a moment such as 2026-12-05T10:00:00+01:00"
TOLD = {
    "extra_forbidden": "this key is not known",
    "missing": "this key is required",
    "string_type": "this should be a text in quotation marks",
    "string_pattern_mismatch": "this is not written as it must be",
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "dict_type": TABLE,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "tuple_type": "this should be a list, in [ ]",
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "timezone_aware": f"{MOMENT}, with its zone",
}
"""By pydantic's type of error."""
WRITTEN = {
    "^[a-z][a-z0-9_]{0,39}$": "this should be at most 40 lower-case letters, digits and _, "
    "beginning with a letter",
    "^[0-9]{1,20}$": "this should be an id, of digits alone",
    "^#[0-9A-Fa-f]{6}$": "this should be a colour such as #4338CA",
}
"""By the pattern that a text must fit."""
LENGTHS = {
    "string_too_short": "this should have at least {min_length} characters",
    "string_too_long": "this should have at most {max_length} characters",
    "too_short": "this should name at least {min_length}",
    "too_long": "this should name at most {max_length}",
}
"""By pydantic's type of error, with what it tells of it."""
AT_LEAST_ONE = {
    "string_too_short": "this should not be empty",
    "too_short": "this should name at least one",
}


def told(errors: Sequence[ErrorDetails]) -> Iterator[tuple[Path, str]]:
    """Where each error is, and what is wrong there. Of a list whose items are wrong it is not told
    that it has too few good ones.
    """
    for error in errors:
        where = error["loc"]
        is_told = any(other["loc"][: len(where)] == where for other in errors if other != error)
        if not (error["type"] == "too_short" and is_told):
            yield where, said_of(error)


def said_of(error: ErrorDetails) -> str:
    """What is wrong, in words."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind in LENGTHS:
        least = context.get("min_length")
        return AT_LEAST_ONE[kind] if least == 1 else LENGTHS[kind].format_map(context)
    if kind == "tuple_type" and isinstance(given, str):
        return f'this should be a list, such as ["{given}"]'
    if kind == "string_pattern_mismatch":
        return WRITTEN.get(context["pattern"], TOLD[kind])
    if kind == "literal_error":
        return f"this should be {context['expected'].replace('True', 'true')}"
    said = TOLD.get(kind, error["msg"].removeprefix("Value error, "))
    return said.replace("Input should", "this should", 1)


def mistyped(given: Any, taken: Any, where: Path = ()) -> Iterator[tuple[Path, str]]:
    """As `told()`, where a number, or true or false, was made of something else as a value that was
    `given` was `taken`.
    """
    if isinstance(given, Mapping):
        for key, value in given.items():
            inner = taken.get(key) if isinstance(taken, Mapping) else getattr(taken, key, None)
            yield from mistyped(value, inner, (*where, key))
    elif isinstance(given, list) and isinstance(taken, Sequence) and len(given) == len(taken):
        for number, (value, inner) in enumerate(zip(given, taken, strict=True)):
            yield from mistyped(value, inner, (*where, number))
    elif isinstance(taken, bool):
        if not isinstance(given, bool):
            yield where, YES_OR_NO
    elif isinstance(taken, int | float) and isinstance(given, bool | str):
        yield where, WHOLE if isinstance(taken, int) else NUMBER
