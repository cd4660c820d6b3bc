"""A film for the browser's fake camera: what it shows, it shows in a loop."""

from collections.abc import Iterator
from pathlib import Path

import qrcode
from PIL import Image


def qr_image(text: str, box: int = 6) -> Image.Image:
    """The QR of a text, dark on white with its quiet zone, as the cards have it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=box, border=4)
    code.add_data(text)
    code.make(fit=True)
    return code.make_image().get_image().convert("L")


def write_camera_film(
    path: Path,
    *images: Image.Image | None,
    size: tuple[int, int] = (640, 480),
    frames_each: int = 20,
    rate: int = 10,
) -> Path:
    """Writes the images one after the other as YUV4MPEG2, grey, each in the middle of the frame.

    `None` stands for an empty scene. Chromium takes the file by
    `--use-file-for-fake-video-capture` and wants planes of 4:2:0.
    """
    width, height = size
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in _frames(images, size):
            film.write(frame * frames_each)
    return path


def _frames(images: tuple[Image.Image | None, ...], size: tuple[int, int]) -> Iterator[bytes]:
    width, height = size
    no_colour = b"\x80" * (2 * ((width + 1) // 2) * ((height + 1) // 2))
    for image in images:
        scene = Image.new("L", size, 200)
        if image is not None:
            shown = image.convert("L")
            shown.thumbnail((width, height))
            scene.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
        yield b"FRAME\n" + scene.tobytes() + no_colour
