"""The file of checkpoints in the data directory: what a shortened database is compared with.

One JSON object a line, `{"size": …, "note": …}`, only ever appended to. Copy it elsewhere from
time to time: a copy that nobody here can reach makes the record provable to anybody.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from app.config import Settings
from app.refusals import Refused

FILE_NAME = "checkpoints.ndjson"


class CheckpointsRefused(Refused):
    """The file of checkpoints cannot be read; the text says which line."""

    code = "bad_checkpoints"


def path_of(settings: Settings) -> Path:
    """Where this installation appends its checkpoints."""
    return settings.data_dir / FILE_NAME


def append(path: Path, notes: Iterable[tuple[int, str]]) -> None:
    """Adds (size, note) lines and waits until they are on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for size, note in notes:
            file.write(json.dumps({"size": size, "note": note}, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[str]:
    """The notes of the file, oldest first; raises `CheckpointsRefused` with the line's number."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointsRefused(f"The checkpoints {path} cannot be read: {error}.") from error
    notes = []
    for number, line in enumerate(lines, start=1):
        try:
            notes.append(str(json.loads(line)["note"]))
        except (ValueError, TypeError, KeyError) as error:
            raise CheckpointsRefused(f"{path}, line {number} is not a checkpoint.") from error
    return notes
