"""The picture of a perk, as the programme file names it."""

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from voucher.perks.models import Perk

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MOST_BYTES = 5 * 1024 * 1024


class Picture(NamedTuple):
    """A picture's bytes and what they are."""

    content: bytes
    kind: str


def of_perk(perk: Perk) -> Picture | None:
    """The perk's picture, if it has one that every browser shows; nothing else is handed out."""
    if perk.picture is None:
        return None
    path = Path(perk.picture)
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        content = path.read_bytes()
        with Image.open(BytesIO(content)) as image:
            kind = KINDS.get(image.format or "")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return Picture(content, kind) if kind else None
