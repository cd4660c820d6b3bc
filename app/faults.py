"""What went wrong around us, a full disk or a database that is away, as one sentence for people."""

import errno

from sqlalchemy.exc import OperationalError, ProgrammingError

from app.refusals import Refused

DISK_FULL = "The disk is full: make room and start again. What was accepted before is kept."


def sentence_of(error: Exception) -> str | None:
    """What a person can do about an error; None for one that nobody foresaw."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DISK_FULL
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {(error.strerror or str(error)).lower()}."
    if isinstance(error, OperationalError | ProgrammingError):
        said = (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]
        if "disk is full" in said or "No space left" in said:
            return DISK_FULL
        if "no such table" in said or "does not exist" in said:
            return f"The database lacks a table ({said}): run `keepsake migrate`."
        return f"The database refused: {said}."
    return None
