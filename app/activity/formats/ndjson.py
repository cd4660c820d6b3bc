"""Reading activity from NDJSON, one event a line, gzipped or not."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Annotated, BinaryIO, Required, cast

from pydantic import (
    AwareDatetime,
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
from app.programme.sections import Key
from app.refusals import Refused

LONGEST_LINE = 100_000
BUFFER = 1 << 16

# PostgreSQL stores no NUL in a text; and who is called by blanks alone stands nowhere.
Identifier = Annotated[
    str, StringConstraints(pattern=r"^[^\x00]*[^\x00\s][^\x00]*$", max_length=200)
]


@with_config(ConfigDict(extra="forbid"))
class Line(TypedDict, total=False):
    """One line; the keys and their meaning are those of `samples/README.md`."""

    id: Required[Identifier]
    kind: Required[Key]
    member: Required[Identifier]
    channel: Identifier | None
    thread: Identifier | None
    at: Required[AwareDatetime]
    bot: bool
    amount: Annotated[int, Field(ge=1, le=1_000_000)]
    length: Annotated[int, Field(ge=0, le=2**31 - 1)] | None
    fingerprint: Identifier | None


_read_line = TypeAdapter(Line).validator.validate_json


class FileRefused(Refused):
    """A file cannot be read to its end; the text says why. What came before it was read."""

    code = "bad_file"


@dataclass(frozen=True)
class RefusedLine:
    """A line that holds no event, with the reason's stable name and a sentence."""

    number: int
    reason: str
    sentence: str


def read(path: Path) -> Iterator[ActivityEvent | RefusedLine]:
    """Each line of a file (gzipped where its first bytes say so) as an event or a refusal.

    Empty lines are passed over. Raises `FileRefused` where the file cannot be read on.
    """
    try:
        with _open(path) as file:
            for number, line in enumerate(_lines(file), start=1):
                if not line.isspace():
                    yield parse(line, number)
    except EOFError as error:
        raise FileRefused(f"{path}: the gzip file is truncated.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused(f"{path}: the gzip file is damaged: {error}.") from error
    except OSError as error:
        raise FileRefused(f"{path}: it cannot be read: {error.strerror or error}.") from error


def parse(line: bytes, number: int) -> ActivityEvent | RefusedLine:
    """One line as an event, or why it is none."""
    if len(line) > LONGEST_LINE:
        return RefusedLine(number, "too_long", f"line {number} is longer than {LONGEST_LINE} bytes")
    try:
        told = _read_line(line)
        # As all others are, whose zone is the same object: so they compare at once.
        told["at"] = told["at"].astimezone(UTC)
        return ActivityEvent(**told)
    except ValidationError as error:
        key, reason, said = faults.first_of(error)
        where = f"line {number}, key {key}" if key else f"line {number}"
        return RefusedLine(number, reason, f"{where}: {said}")


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    if not zipped:
        return path.open("rb")
    # Its own lines are read in Python; the buffer's are not.
    return io.BufferedReader(cast(io.RawIOBase, gzip.open(path, "rb")), BUFFER)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length: one without an end must not fill the memory."""
    while line := file.readline(LONGEST_LINE + 2):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 2)
