"""Pictures of perks: files that the programme names, made small for phones and kiosks."""

import io
import logging
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from app.config import Settings

SIDE = 480
"""The longest side, in pixels, of what is served."""
QUALITY = 82
MOST_BYTES = 20 * 2**20
MOST_PIXELS = 50_000_000
WEBP = "image/webp"
FORMATS = ("PNG", "JPEG", "WEBP")

log = logging.getLogger(__name__)


class Picture(NamedTuple):
    """A picture as WebP, and what tells it from another one."""

    content: bytes
    digest: str


def path_of(settings: Settings, picture: str | Path) -> Path:
    """Where a picture lies: the programme file names it from where it lies itself."""
    return settings.programme_file.parent / picture


def picture_of(settings: Settings, picture: str | None) -> Picture | None:
    """A perk's picture, at most `SIDE` pixels wide and high.

    None where it has none, and where the file is missing, too large or no picture: a voucher is as
    good without. It is read anew when the file changes.
    """
    if picture is None:
        return None
    path = path_of(settings, picture)
    try:
        told = path.stat()
        return _small(path, told.st_mtime_ns, told.st_size)
    except OSError as error:
        log.warning("The picture %s cannot be read: %s.", path, error)
        return None


@lru_cache(maxsize=256)
def _small(path: Path, _changed: int, size: int) -> Picture | None:
    if size > MOST_BYTES:
        log.warning("The picture %s has more than %d MB.", path, MOST_BYTES // 2**20)
        return None
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                log.warning("The picture %s has more than %d pixels.", path, MOST_PIXELS)
                return None
            image.thumbnail((SIDE, SIDE))
            small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, UnidentifiedImageError, SyntaxError) as error:
        log.warning("The picture %s is none that is known: %s.", path, error)
        return None
    file = io.BytesIO()
    small.save(file, "WEBP", quality=QUALITY, method=4)
    content = file.getvalue()
    return Picture(content, sha256(content).hexdigest()[:32])
