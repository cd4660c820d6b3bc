"""Settings and options that cannot be: one sentence each."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import command_line
from app.config import SettingsRefused, load_settings
from app.faults import sentence_of
from app.installation import open_installation
from tests.support.installations import World


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("KEEPSAKE_PACKAGES", "x", "Setting KEEPSAKE_PACKAGES: it must be a JSON list as ["),
        ("KEEPSAKE_PACKAGES", "7", "Setting KEEPSAKE_PACKAGES: "),
        ("PORT", "99999", "Setting PORT: Input should be less than or equal to 65535."),
        ("KEEPSAKE_WEB_THREADS", "0", "Setting KEEPSAKE_WEB_THREADS: Input should be greater"),
        ("DATABASE_URL", "nonsense", "Setting DATABASE_URL: it must begin with postgresql://"),
        ("DATABASE_URL", "mysql://db/x", "Setting DATABASE_URL: it must begin with postgresql://"),
        ("PUBLIC_URL", "keepsake.example", "Setting PUBLIC_URL: it must be an address such as"),
        ("PUBLIC_URL", "https://a.example/?x", "Setting PUBLIC_URL: it must be an address such"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, sentence: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingsRefused) as refused:
        load_settings()
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    "address", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d", "sqlite:///a.db"]
)
def test_every_engines_address_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    assert load_settings().database_url.endswith(address.partition("://")[2])


def test_a_folder_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KEEPSAKE_DATA_DIR", str(tmp_path / "file" / "var"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(OSError, match="file") as failed:
        open_installation(load_settings())
    told = sentence_of(failed.value)
    assert told == f"{tmp_path / 'file' / 'var'} cannot be used: not a directory."


@pytest.mark.parametrize("member", ["", "  ", "x" * 201])
def test_a_member_that_no_source_could_name_is_refused(world: World, member: str) -> None:
    issue = ["vouchers", "issue", "--perk", "pin", "--member", member]
    done = CliRunner().invoke(command_line(world.installation), issue, obj=world.installation)
    assert done.exit_code == 2
    assert "it must have 1 to 200 characters" in done.output


def test_many_vouchers_are_issued_by_hand_at_once(world: World) -> None:
    issue = ["vouchers", "issue", "--perk", "pin", "--member", "9", "--count", "700"]
    done = CliRunner().invoke(command_line(world.installation), issue, obj=world.installation)
    assert done.exit_code == 0
    assert len(set(done.output.splitlines())) == 700
