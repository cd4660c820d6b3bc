"""`--reason`: why somebody does what the record will tell."""

from collections.abc import Callable
from typing import Any

import click


class Reason(click.ParamType[str]):
    """A text that says something."""

    name = "text"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The text without the spaces around it."""
        text = str(value).strip()
        if not text or "\x00" in text or len(text) > 1000 or not _is_unicode(text):
            self.fail("say why, in at most 1000 characters", param, ctx)
        return text


def _is_unicode(text: str) -> bool:
    """Bytes of an argument that are no UTF-8 come as half surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


reason_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--reason",
    required=True,
    type=Reason(),
    help="Why, in words: kept apart from the record, which has a hash of it.",
)
