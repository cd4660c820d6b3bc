"""Which files the kiosk's page is made of, and what is in each: together they are its version."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

KIOSK = Path(__file__).resolve().parent.parent
STATIC = KIOSK / "static"
NPM = KIOSK.parent / "node_modules"
TEMPLATES = KIOSK.parent / "templates" / "kiosk"
HEADER, NONE = "Keepsake-Kiosk", "none"
"""Says to the service worker of which version a page is, or that this browser is not paired."""

WORKER = "worker.js"
READER = NPM / "zxing-wasm" / "dist"
READER_FILES = ("es/reader/index.js", "es/share.js", "reader/zxing_reader.wasm")
"""The files of the code reader that a browser loads."""
SIGNATURES = NPM / "@noble" / "ed25519"
SIGNATURE_FILES = ("index.js",)


class Kiosk(TypedDict):
    """What the service worker is told."""

    version: str
    files: dict[str, str]
    """SHA-256 of each, by the path that it is served at."""


def kiosk() -> Kiosk:
    """The version that is served now, read again where a file has changed."""
    places = _places()
    changed = tuple(path.stat().st_mtime_ns for path in (*places.values(), *_templates()))
    return _kiosk(tuple(places.items()), changed)


def worker() -> str:
    """The service worker's text, with what it is to keep written above it."""
    told = json.dumps(kiosk(), sort_keys=True, separators=(",", ":"))
    return f"self.KIOSK = {told};\n" + (STATIC / WORKER).read_text("utf-8")


def _places() -> dict[str, Path]:
    own = [path for path in STATIC.rglob("*") if path.is_file() and path.name != WORKER]
    places = {f"/kiosk/static/{path.relative_to(STATIC).as_posix()}": path for path in own}
    for address, folder, names in (
        ("zxing", READER, READER_FILES),
        ("ed25519", SIGNATURES, SIGNATURE_FILES),
    ):
        there = [name for name in names if (folder / name).is_file()]
        places |= {f"/kiosk/vendor/{address}/{name}": folder / name for name in there}
    return dict(sorted(places.items()))


def _templates() -> list[Path]:
    return sorted(TEMPLATES.glob("*.html"))


@lru_cache(maxsize=1)
def _kiosk(places: tuple[tuple[str, Path], ...], _changed: tuple[int, ...]) -> Kiosk:
    files = {address: sha256(path.read_bytes()).hexdigest() for address, path in places}
    pages = [sha256(path.read_bytes()).hexdigest() for path in _templates()]
    worker_text = (STATIC / WORKER).read_bytes()
    whole = json.dumps([files, pages, sha256(worker_text).hexdigest()], sort_keys=True)
    return {"version": sha256(whole.encode()).hexdigest()[:16], "files": files}
