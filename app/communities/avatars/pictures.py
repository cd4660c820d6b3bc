"""Avatars as desks are shown them: small, square, one frame, and nothing else in the file."""

import io

from PIL import Image, ImageOps

SIDE = 128
MOST_BYTES = 8 * 1024
QUALITIES = (80, 60, 40, 20, 5)
MOST_PIXELS = 4096 * 4096
FORMATS = ("WEBP", "PNG", "JPEG", "GIF")
BEHIND = "#313338"
"""What shows through where it is transparent: Discord's own dark, for which it was drawn."""


class NoPicture(Exception):
    """What was fetched is no picture that could be shown; the text says why."""


def small(content: bytes) -> bytes:
    """A picture as a WebP of `SIDE` pixels square and at most `MOST_BYTES`.

    Of one that moves the first frame alone is decoded. Raises `NoPicture`.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture(f"it has {image.width} × {image.height} pixels")
            fitted = ImageOps.fit(image.convert("RGBA"), (SIDE, SIDE))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(str(error)) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise NoPicture(f"it is none that is known: {error}") from error
    # A new one has none of what a file may carry besides its pixels, such as where it was taken.
    flat = Image.new("RGB", (SIDE, SIDE), BEHIND)
    flat.paste(fitted, mask=fitted)
    for quality in QUALITIES:
        file = io.BytesIO()
        flat.save(file, "WEBP", quality=quality, method=4)
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    raise NoPicture("it cannot be made small enough")
