"""On which line of a programme's text something stands, so that who mends it finds it. Pure."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_KEY = re.compile(r"^\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)\s*[.=]")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line, from 1, of what a path of keys leads to, or of the nearest table around it.

    None where not even its table has a header, or the text is too odd to tell.
    """
    found: tuple[int, int] | None = None
    here: list[str] | None = None
    arrays: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            here = _parts(header[2])
            if header[1] == "[[":
                name = ".".join(here)
                arrays[name] = arrays.get(name, -1) + 1
                here.append(str(arrays[name]))
        elif here is None or not (key := _KEY.match(line)):
            continue
        elif list(path[: len(here) + 1]) == [*here, *_parts(key[1])]:
            return number
        is_around = here == list(path[: len(here)])
        is_inside = found is None and here[: len(path)] == list(path)
        if is_inside or (is_around and (found is None or len(here) > found[0])):
            found = len(here), number
    return found[1] if found else None


def _parts(written: str) -> list[str]:
    return [next(part for part in one if part) for one in _PART.findall(written) if any(one)]
