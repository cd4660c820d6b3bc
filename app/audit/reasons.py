"""Why somebody does what the record will tell: `--reason`, and the field of a form."""

from collections.abc import Callable
from typing import Any

import click

from app.database import can_be_kept
from app.refusals import Refused

MOST_LETTERS = 1000


class ReasonMissing(Refused):
    """The text says nothing, or cannot be kept."""

    code = "reason_missing"
    status = 422


def read_reason(text: str) -> str:
    """The text without the spaces around it; raises `ReasonMissing`."""
    text = text.strip()
    if not text or len(text) > MOST_LETTERS or not can_be_kept(text):
        raise ReasonMissing(f"Say why, in at most {MOST_LETTERS} characters.")
    return text


class Reason(click.ParamType[str]):
    """A text that says something."""

    name = "text"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The text without the spaces around it."""
        try:
            return read_reason(str(value))
        except ReasonMissing as missing:
            self.fail(str(missing), param, ctx)


reason_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--reason",
    required=True,
    type=Reason(),
    help="Why, in words: kept apart from the record, which has a hash of it.",
)
