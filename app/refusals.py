"""The base of every error that is told to people: a stable code and one sentence."""

from typing import Any, ClassVar


class Refused(Exception):
    """A rule says no. `code` is the API's word, the text is for people, `fields` for callers."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, sentence: str, **fields: Any):
        super().__init__(sentence)
        self.fields = fields
