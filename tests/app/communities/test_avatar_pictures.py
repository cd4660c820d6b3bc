"""Fetching one avatar from a server that may behave badly, and what is made of it."""

import io
import time
from collections.abc import Iterator
from hashlib import shake_256
from http.server import BaseHTTPRequestHandler

import pytest
from PIL import Image

from app.communities.avatars import pictures
from app.communities.avatars.asking import NotThere, Unreachable, ask
from app.communities.avatars.pictures import NoPicture, small
from tests.support.pictures_server import PicturesServer, colour_of, picture

PATH = "avatars/1/abc"


@pytest.fixture
def server() -> Iterator[PicturesServer]:
    with PicturesServer() as running:
        yield running


def file_of(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def test_what_is_there_is_fetched(server: PicturesServer) -> None:
    server.has(PATH, picture())
    assert ask(server.url, PATH) == picture()
    assert server.asked == ["/avatars/1/abc.webp?size=128"]


@pytest.mark.parametrize("length", [True, False])
def test_no_more_is_read_than_a_picture_may_have(server: PicturesServer, length: bool) -> None:
    written = 0

    def large(handler: BaseHTTPRequestHandler) -> None:
        nonlocal written
        handler.send_response(200)
        if length:
            handler.send_header("Content-Length", str(10**9))
        handler.end_headers()
        try:
            for _ in range(1000):
                written += handler.wfile.write(b"\0" * 10**6)
        except OSError:
            handler.close_connection = True

    server.has(PATH, large)
    with pytest.raises(NotThere, match="more than 512 kB"):
        ask(server.url, PATH)
    assert written < 10**9 // 10


@pytest.mark.parametrize("length", [True, False])
def test_a_server_that_never_ends_is_left_in_time(server: PicturesServer, length: bool) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if length:
            handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x")
                time.sleep(0.02)
        except OSError:
            handler.close_connection = True

    server.has(PATH, trickle)
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"not within 0\.3 seconds"):
        ask(server.url, PATH, seconds=0.3)
    assert time.monotonic() - began < 3


def test_a_redirect_is_not_followed(server: PicturesServer) -> None:
    with PicturesServer() as other:
        other.has(PATH, picture())

        def elsewhere(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", f"{other.url}/{PATH}.webp?size=128")
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        server.has(PATH, elsewhere)
        with pytest.raises(NotThere, match="answered 302"):
            ask(server.url, PATH)
        assert other.asked == []


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotThere), (403, NotThere), (429, Unreachable), (503, Unreachable)]
)
def test_only_what_may_pass_is_tried_again(
    server: PicturesServer, status: int, error: type[Exception]
) -> None:
    server.has(PATH, status)
    with pytest.raises(error, match=str(status)):
        ask(server.url, PATH)


def test_nobody_there_may_pass() -> None:
    with pytest.raises(Unreachable):
        ask("http://127.0.0.1:9", PATH)


def test_a_picture_becomes_small_and_square_of_its_middle() -> None:
    wide = Image.new("RGB", (900, 300), "#000")
    wide.paste("#b5533c", (300, 0, 600, 300))
    made = small(file_of(wide, "PNG"))
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size) == ("WEBP", (128, 128))
        corner = image.convert("RGB").getpixel((2, 2))
    assert isinstance(corner, tuple)
    assert corner[0] > 120
    assert len(made) <= 8 * 1024


def test_of_one_that_moves_the_first_frame_alone_is_taken() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    for kind in ("GIF", "WEBP"):
        moving = file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        made = small(moving)
        assert colour_of(made)[0] > 200
        with Image.open(io.BytesIO(made)) as image:
            assert getattr(image, "n_frames", 1) == 1


def test_the_busiest_picture_fits_and_carries_nothing_with_it() -> None:
    noise = Image.frombytes("RGB", (512, 512), shake_256(b"noise").digest(512 * 512 * 3))
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    made = small(file_of(noise, "JPEG", exif=exif, quality=60, icc_profile=b"p" * 9000))
    assert len(made) <= 8 * 1024
    with Image.open(io.BytesIO(made)) as image:
        assert not image.getexif()
        assert "icc_profile" not in image.info


@pytest.mark.parametrize(
    "content", [b"", b"<html>", picture()[:40], file_of(Image.new("1", (9000, 9000)), "PNG")]
)
def test_what_is_no_picture_or_a_bomb_is_refused(content: bytes) -> None:
    with pytest.raises(NoPicture):
        small(content)


def test_pillows_own_bomb_limit_is_a_refusal_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    monkeypatch.setattr(pictures, "MOST_PIXELS", 10**9)
    for side in (12, 64):
        with pytest.raises(NoPicture):
            small(picture(size=(side, side)))
