"""Cutting an export of hundreds of megabytes into its head and its messages, as it is read.

`{"guild": …, "channel": …, "messages": [ {…}, {…} ], "messageCount": 2}`: what the pieces hold is
read by who gets them. Nothing is kept but the piece that has not ended yet.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.activity.formats.ndjson import FileRefused

AT_ONCE = 1 << 18
LONGEST = 1 << 24
"""No message is longer, with all who reacted to it."""
TOKEN = re.compile(rb'[{}\[\]]|"(?:[^"\\]|\\.)*+("?)', re.DOTALL)
OPENING, CLOSING, QUOTE = b"{[", b"}]", b'"'
BETWEEN = b", \t\r\n"
IN_HEAD, IN_MESSAGES = 1, 2


class Piece(NamedTuple):
    """The head, or a message, as JSON; and where in the file it ends."""

    text: bytes
    end: int


def cut(path: Path) -> Iterator[Piece]:
    """The head of an export with an empty list of messages, then each message.

    Raises `FileRefused` where the file cannot be read, is no export, or ends too early.
    """
    cutter, read = _Cutter(), 0
    for chunk in _chunks(path):
        read += len(chunk)
        for text, left in cutter.feed(chunk):
            yield Piece(text, read - left)
        if cutter.held > LONGEST:
            raise FileRefused(f"{path}: there is no JSON export of DiscordChatExporter in it.")
    if not cutter.has_head:
        raise FileRefused(f"{path}: this is no JSON export of DiscordChatExporter.")
    if not cutter.has_ended:
        raise FileRefused(f"{path}: the file ends too early: the export was not finished.")


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes. It is not held open between: exports have thousands of threads."""
    offset = 0
    while True:
        try:
            with path.open("rb") as file:
                file.seek(offset)
                chunk = file.read(AT_ONCE)
        except OSError as error:
            why = error.strerror or error
            raise FileRefused(f"{path}: it cannot be read: {why}.") from error
        if not chunk:
            return
        offset += len(chunk)
        yield chunk


class _Cutter:
    """Follows brackets outside of texts."""

    def __init__(self) -> None:
        self._rest = b""
        self._looked = self._depth = 0
        self._word = b""
        self._in_messages = False
        self.has_head = self.has_ended = False

    @property
    def held(self) -> int:
        """How many bytes belong to a piece that has not ended."""
        return len(self._rest)

    def feed(self, chunk: bytes) -> Iterator[tuple[bytes, int]]:
        """The pieces that end in this chunk, each with how many bytes lie behind it."""
        text = self._rest + chunk
        begins, looked = 0, len(text)
        for token in TOKEN.finditer(text, self._looked):
            sign = text[token.start() : token.start() + 1]
            if sign == QUOTE:
                if not token[1]:
                    looked = token.start()
                    break
                if self._depth == IN_HEAD:
                    self._word = token[0]
            elif sign in OPENING:
                self._depth += 1
                if self._begins_messages(sign):
                    yield text[: token.end()] + b"]}", len(text) - token.end()
                    begins = token.end()
            elif self._ends_message():
                yield text[begins : token.end()].strip(BETWEEN), len(text) - token.end()
                begins = token.end()
        self._rest, self._looked = text[begins:], looked - begins

    def _begins_messages(self, sign: bytes) -> bool:
        begins = sign == b"[" and self._depth == IN_MESSAGES and self._word == b'"messages"'
        if not begins or self.has_head:
            return False
        self.has_head = self._in_messages = True
        return True

    def _ends_message(self) -> bool:
        self._depth -= 1
        if self._depth < IN_MESSAGES:
            self._in_messages = False
        self.has_ended = self.has_head and self._depth == 0
        return self._in_messages and self._depth == IN_MESSAGES
