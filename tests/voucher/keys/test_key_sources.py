"""Where private halves lie: a file, the environment, or with whatever a package hands over."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pydantic import SecretStr

from app import clock
from app.cli import command_line
from app.config import Settings
from app.installation import open_installation
from app.keyfiles import KeyFileRefused
from app.processes import prepare
from tests.support.installations import PROGRAMME, World
from voucher.keys import making
from voucher.keys.keyring import key_set
from voucher.keys.making import RotationRefused
from voucher.keys.signers import SignerFailed, in_text, path_of

SEED = bytes(range(32))
OTHER_SEED = bytes(range(32, 64))
KEY = Ed25519PrivateKey.from_private_bytes(SEED)


def pem_of(key: Any, password: bytes | None = None) -> str:
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode())


def base64_of(seed: bytes) -> str:
    return base64.b64encode(seed).decode()


Opened = Callable[..., World]


@pytest.fixture
def opened(engine_url: str, tmp_path: Path) -> Any:
    """Opens an installation with this in its variable and these signers, as often as wanted."""
    (tmp_path / "programme.toml").write_text(PROGRAMME, "utf-8")
    made = []

    def make(variable: str | None = None, *signers: Any) -> World:
        settings = Settings(
            data_dir=tmp_path / "var",
            programme_file=tmp_path / "programme.toml",
            database_address=engine_url,
            public_address="https://keepsake.example",
            discord_token=None,
            voucher_key=SecretStr(variable) if variable is not None else None,
        )
        installation = open_installation(settings)
        installation.plugins.signers += signers
        made.append(installation)
        prepare(installation)
        for check in installation.plugins.start_checks:
            check(installation)
        return World(installation)

    yield make
    for installation in made:
        installation.close()


class Box:
    """A signer that keeps its key to itself."""

    def __init__(self, seed: bytes, *, signs_with: bytes | None = None):
        self._key = Ed25519PrivateKey.from_private_bytes(signs_with or seed)
        self.public_key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        self.asked = 0

    def sign(self, message: bytes) -> bytes:
        self.asked += 1
        return self._key.sign(message)


class Broken(Box):
    """One whose module is away."""

    def sign(self, message: bytes) -> bytes:
        raise OSError("the module with PIN 1234 is away")


def is_redeemed(world: World, token: str) -> bool:
    scanner, _ = world.add_device()
    return bool(world.scan(scanner, token=token)["verdict"] == "redeemed")


def places(world: World) -> list[tuple[int, str, str]]:
    command = command_line(world.installation)
    told = CliRunner().invoke(command, ["keys", "show", "--json"], obj=world.installation)
    assert told.exit_code == 0, told.output
    rows = json.loads(told.stdout)
    return [(row["number"], row["state"], row["private_half"]) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        base64_of(SEED),
        base64_of(SEED).rstrip("="),
        base64.urlsafe_b64encode(SEED).decode(),
        SEED.hex(),
        pem_of(KEY),
        pem_of(KEY).replace("\n", "\\n"),
        f"  {base64_of(SEED)}\n",
    ],
)
def test_a_key_is_read_as_base64_hexadecimal_and_pem(text: str) -> None:
    [key] = in_text(text)
    assert key.private_bytes_raw() == SEED


def test_several_are_parted_by_spaces_or_commas() -> None:
    other = pem_of(Ed25519PrivateKey.from_private_bytes(OTHER_SEED))
    for text in (f"{base64_of(SEED)} {other}", f"{base64_of(SEED)},{base64_of(OTHER_SEED)}"):
        assert {key.private_bytes_raw() for key in in_text(text)} == {SEED, OTHER_SEED}
    assert in_text("") == in_text(" \n") == []


@pytest.mark.parametrize(
    "text",
    [
        base64_of(SEED)[:-3] + "!!",
        base64_of(SEED + b"x"),
        base64_of(SEED[:31]),
        "schlüssel",
        pem_of(X25519PrivateKey.from_private_bytes(SEED)),
        pem_of(KEY, b"password"),
        pem_of(KEY).replace("M", "N", 1),
        pem_of(KEY)[:60],
    ],
)
def test_what_is_no_key_is_told_without_it(text: str) -> None:
    with pytest.raises(KeyFileRefused) as told:
        in_text(text)
    said = f"{told.value!r} {told.value.__cause__!r}"
    assert "KEEPSAKE_VOUCHER_KEY holds something that is no Ed25519 private key" in said
    assert not any(word in said for word in text.split() if len(word) > 12)
    assert told.value.__cause__ is None


def test_the_environments_key_signs_and_no_file_is_made(opened: Opened) -> None:
    world = opened(base64_of(SEED))
    assert is_redeemed(world, world.issue().token)
    assert places(world) == [(1, "signing", "environment")]
    assert not path_of(world.installation.settings, 1).exists()
    with world.installation.reading() as session:
        assert key_set(session).public == {1: KEY.public_key().public_bytes_raw()}


def test_a_key_that_was_in_a_file_may_move_to_the_environment(opened: Opened) -> None:
    world = opened()
    path = path_of(world.installation.settings, 1)
    text = path.read_text("ascii")
    path.unlink()
    moved = opened(text)
    assert is_redeemed(moved, moved.issue().token)
    with pytest.raises(KeyFileRefused, match=r"voucher-1\.key is missing"):
        opened(base64_of(OTHER_SEED))


def test_the_next_key_is_added_beside_the_one_that_signs(opened: Opened) -> None:
    world = opened(base64_of(SEED))
    with pytest.raises(RotationRefused, match="add another one there"):
        rotate(world)
    world = opened(f"{base64_of(SEED)} {base64_of(OTHER_SEED)}")
    rotate(world)
    assert places(world) == [(1, "signing", "environment"), (2, "published", "environment")]
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        assert is_redeemed(world, world.issue().token)
        assert places(world) == [(1, "verifying", "environment"), (2, "signing", "environment")]
        world = opened(base64_of(OTHER_SEED))
        assert places(world) == [(1, "verifying", "not here"), (2, "signing", "environment")]
        assert is_redeemed(world, world.issue().token)


def rotate(world: World) -> None:
    with world.installation.unit_of_work() as session:
        making.rotate(session, now=clock.now(), at_once=False)


def test_a_broken_variable_stops_each_process_as_it_starts(opened: Opened) -> None:
    opened(base64_of(SEED))
    with pytest.raises(KeyFileRefused, match="KEEPSAKE_VOUCHER_KEY"):
        opened("not-a-key-at-all")


def test_what_a_package_hands_over_signs_and_keeps_its_key(opened: Opened) -> None:
    box = Box(SEED)
    world = opened(None, box)
    assert is_redeemed(world, world.issue().token)
    assert box.asked == 1
    assert places(world) == [(1, "signing", "package")]
    assert not list(world.installation.settings.key_dir.glob("voucher-*"))


def test_a_signer_that_fails_issues_nothing_and_its_words_are_not_repeated(opened: Opened) -> None:
    world = opened(None, Broken(SEED))
    with pytest.raises(SignerFailed) as told:
        world.issue()
    assert "did not sign (OSError)" in str(told.value)
    assert "1234" not in str(told.value)


def test_a_signer_that_signs_with_another_key_issues_nothing(opened: Opened) -> None:
    world = opened(None, Box(SEED, signs_with=OTHER_SEED))
    with pytest.raises(SignerFailed, match="signs with another key: nothing was issued"):
        world.issue()


def test_a_signer_without_a_public_key_stops_each_process_as_it_starts(opened: Opened) -> None:
    class Half:
        public_key = b"short"

    with pytest.raises(SignerFailed, match="has no public key"):
        opened(None, Half())


def test_settings_never_show_what_they_were_given(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = base64_of(SEED)
    settings = Settings(voucher_key=SecretStr(secret))
    assert secret not in f"{settings} {settings!r} {settings.model_dump()}"
    monkeypatch.setenv("KEEPSAKE_VOUCHER_KEY", secret)
    monkeypatch.setenv("PORT", "many")
    with pytest.raises(ValueError, match="PORT") as told:
        Settings()
    assert secret not in str(told.value)
