"""The programme that a form brings: uploaded, typed, from the machine's file, or an earlier one."""

from pathlib import Path

from flask import request

from app.console.frame import frame
from app.http import installation
from app.programme import history
from app.programme.loading import LoadedProgramme, ProgrammeRefused, load, parse
from app.refusals import Refused

MOST_BYTES = 256 * 1024
TYPED = Path("the text")


class ProgrammeUnreadable(Refused):
    """What was sent is no text of a programme at all."""

    code = "programme_unreadable"
    status = 422


def text_of(data: bytes) -> str:
    """A text with plain ends of lines, as a file is read; raises `ProgrammeUnreadable`."""
    if len(data) > MOST_BYTES:
        raise ProgrammeUnreadable(f"A programme has at most {MOST_BYTES // 1024} KiB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProgrammeUnreadable("This file is no text in UTF-8.") from error
    # Forms send CR LF, whatever was typed.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def given() -> tuple[Path, str]:
    """What the form brings: what it is called, and its text; raises `ProgrammeUnreadable`."""
    form, file = request.form, request.files.get("file")
    if form.get("take") == "file":
        programme = load(installation().settings.programme_file, installation().plugins)
        return programme.path, programme.text
    if number := form.get("version", ""):
        return TYPED, _earlier(number)
    if file is not None and file.filename:
        name = Path(file.filename.replace("\\", "/")).name
        return Path(name), text_of(file.read(MOST_BYTES + 1))
    text = text_of(form.get("text", "").encode("utf-8", "replace"))
    if not text.strip():
        raise ProgrammeUnreadable("Choose a file, or write the programme into the field.")
    return TYPED, text


def programme_of(path: Path, text: str) -> LoadedProgramme:
    """The validated programme, which must be one for this console's community.

    Raises `ProgrammeRefused`.
    """
    name, ours = "The text" if path == TYPED else path.name, frame().community
    sections = parse(text, installation().plugins, name=name)
    if sections["community"].key != ours.key:
        raise ProgrammeRefused(
            [f"[community], key key: this console is of {ours.key}, and a key never changes."]
        )
    return LoadedProgramme(path, text, sections)


def _earlier(number: str) -> str:
    with installation().reading() as session:
        is_number = number.isascii() and number.isdecimal() and len(number) < 19
        found = history.version(session, frame().community.id, int(number)) if is_number else None
        if found is None:
            raise ProgrammeUnreadable("There is no such earlier programme.")
        return found.content
