"""Pictures of perks: any size that a shop's camera makes, and never a file that is none."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.factory import create_app
from tests.support.installations import PROGRAMME, World, make_installation
from voucher.perks import pictures
from voucher.perks.settings import perk

ADDRESS = "https://keepsake.example/perks"


def drawn(width: int, height: int, form: str = "PNG", mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height), "red").save(file, form)
    return file.getvalue()


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    programme = PROGRAMME.replace("[perks.pin]\n", '[perks.pin]\npicture = "pin.bin"\n')
    installation = make_installation(tmp_path, engine_url, programme)
    yield World(installation)
    installation.close()


def served(world: World, key: str = "pin") -> tuple[int, bytes, str | None]:
    with world.installation.reading() as session:
        number = perk(session, world.community_id, key).number
    answer = create_app(world.installation).test_client().get(f"{ADDRESS}/{number}/picture")
    return answer.status_code, answer.data, answer.headers.get("ETag")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (drawn(4000, 3000, "JPEG"), (480, 360)),
        (drawn(30, 90, "WEBP"), (30, 90)),
        (drawn(960, 960, "PNG", "P"), (480, 480)),
    ],
    ids=["photo", "small", "palette"],
)
def test_it_is_made_small_enough_for_a_phone(
    world: World, tmp_path: Path, content: bytes, size: tuple[int, int]
) -> None:
    (tmp_path / "pin.bin").write_bytes(content)
    status, data, _ = served(world)
    assert status == 200
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("WEBP", size)


def test_what_is_no_picture_is_not_handed_out(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert served(world)[0] == 404
    file = tmp_path / "pin.bin"
    bomb = drawn(30, 30).replace((30).to_bytes(4, "big"), (30_000).to_bytes(4, "big"))
    for content in (b"-----BEGIN PRIVATE KEY-----", drawn(9, 9, "GIF"), drawn(9, 9)[:40], bomb):
        file.write_bytes(content)
        assert served(world)[0] == 404
    monkeypatch.setattr(pictures, "MOST_BYTES", 10)
    file.write_bytes(drawn(8, 8))
    assert served(world)[0] == 404


def test_a_perk_without_one_and_a_perk_that_is_none_have_none(world: World) -> None:
    assert served(world, "elsewhere")[0] == 404
    client = create_app(world.installation).test_client()
    for number in (99, 10**30):
        assert client.get(f"{ADDRESS}/{number}/picture").status_code == 404


def test_a_new_picture_is_seen_and_the_same_one_is_not_sent_again(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "pin.bin"
    file.write_bytes(drawn(20, 20))
    _, _, before = served(world)
    file.write_bytes(drawn(21, 20))
    os.utime(file, ns=(1, 1))
    _, _, after = served(world)
    assert before != after
    with world.installation.reading() as session:
        number = perk(session, world.community_id, "pin").number
    client = create_app(world.installation).test_client()
    known = client.get(f"{ADDRESS}/{number}/picture", headers={"If-None-Match": after or ""})
    assert (known.status_code, known.data) == (304, b"")
