"""What can keep the stage from opening."""


class StageError(Exception):
    """The stage cannot be opened; the sentence says why, `code` is for programs."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
