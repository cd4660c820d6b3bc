"""Reading a programme file: errors name the file, the table and the key."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.plugins import Plugins
from app.programme import wording
from app.programme.lines import line_of
from app.refusals import Refused


class ProgrammeRefused(Refused):
    """The programme file cannot be used; each sentence names the file, the table and the key."""

    code = "bad_programme"

    def __init__(self, sentences: list[str]):
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class LoadedProgramme:
    """A validated programme, with the text that it came from."""

    path: Path
    text: str
    sections: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the file's text."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def community_key(self) -> str:
        """The key of the community it is for."""
        key: str = self.sections["community"].key
        return key


def load(path: Path, plugins: Plugins) -> LoadedProgramme:
    """Reads and validates a file; raises `ProgrammeRefused` with every error found."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        sentence = f"{path}: there is no such programme file; KEEPSAKE_PROGRAMME names another."
        raise ProgrammeRefused([sentence]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProgrammeRefused([f"{path}: it cannot be read: {error}."]) from error
    return LoadedProgramme(path, text, parse(text, plugins, name=str(path)))


def parse(text: str, plugins: Plugins, *, name: str, is_in_force: bool = False) -> dict[str, Any]:
    """The validated sections of a programme's text; `name` stands in front of each error.

    What `is_in_force` was checked by the version of the code that applied it: what a later one
    would refuse beyond that each table is in order goes on as it is, until it is changed.
    """
    content = _read(text, name)
    errors = [
        f"{_at(name, text, [section])}: [{section}]: this table is not known; known are "
        f"{', '.join(sorted(plugins.sections))}."
        for section in content
        if section not in plugins.sections
    ]
    programme: dict[str, Any] = {}
    for section in plugins.sections.values():
        try:
            programme[section.name] = section.validate(content.get(section.name))
        except ValidationError as error:
            found = wording.told(error.errors())
            errors += [_sentence(name, text, section.name, *one) for one in found]
    if not errors and not is_in_force:
        errors = [
            _sentence(name, text, section, *one)
            for section, taken in programme.items()
            for one in wording.mistyped(content.get(section), taken)
        ]
    if not errors and not is_in_force:
        errors = [
            f"{_at(name, text, [section.name, *key.split('.')])}: "
            f"[{section.name}{_dotted(key)}]: {sentence}"
            for section in plugins.sections.values()
            for key, sentence in section.check(programme)
        ]
    if errors:
        raise ProgrammeRefused(errors)
    return programme


def _read(text: str, name: str) -> dict[str, Any]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeRefused([f"{name}: this is not TOML: {error}."]) from error
    except (ValueError, RecursionError) as error:
        told = "a number in it is too long, or its brackets are nested too deep"
        raise ProgrammeRefused([f"{name}: this cannot be read: {told}."]) from error
    # TOML allows it as an escape; PostgreSQL stores none.
    if where := _with_nul(content):
        raise ProgrammeRefused([f"{name}: {where}: a text must not contain \\u0000."])
    return content


def _at(name: str, text: str, path: Sequence[str]) -> str:
    """The file, with the line where that is known."""
    line = line_of(text, path)
    return name if line is None else f"{name}, line {line}"


def _sentence(name: str, text: str, section: str, where: wording.Path, said: str) -> str:
    """What is wrong with a value as a sentence with file, line, table and key."""
    # In brackets are the kinds of criteria, which nobody wrote.
    location = [str(part) for part in where if not str(part).startswith("[")]
    name = _at(name, text, [section, *location])
    if not location:
        return f"{name}: [{section}]: {said}."
    # All but the last part names the table, unless the error is about a whole table.
    table = ".".join([section, *location[:-1]])
    return f"{name}: [{table}], key {location[-1]}: {said}."


def _with_nul(content: Any, path: str = "") -> str | None:
    """Where a text contains NUL, as `table.key`, or None."""
    if isinstance(content, str):
        return path if "\x00" in content else None
    children: Iterable[tuple[Any, Any]] = ()
    if isinstance(content, dict):
        if any("\x00" in key for key in content):
            return f"a key of {path or 'the file'}"
        children = content.items()
    elif isinstance(content, list):
        children = ((None, one) for one in content)
    found = (
        _with_nul(one, path if key is None else f"{path}.{key}".lstrip("."))
        for key, one in children
    )
    return next((where for where in found if where), None)


def _dotted(key: str) -> str:
    return f".{key}" if key else ""
