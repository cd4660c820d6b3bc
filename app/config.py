"""Settings of an installation, read once from the environment or a `.env` file."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from app.refusals import Refused

BUILT_IN_PACKAGES = (
    "app.audit",
    "app.jobs",
    "app.access",
    "app.programme",
    "app.communities",
    "app.activity",
    "app.stock",
    "app.rewards",
    "app.notices",
    "app.achievements",
    "app.console",
    "voucher",
    "fulfilment",
    "kiosk",
    "bot",
)


ENGINES = r"(postgres|postgresql|postgresql\+psycopg|sqlite)://"


class SettingsRefused(Refused):
    """The environment holds a value that no setting accepts; the text says which."""

    code = "bad_setting"


class Settings(BaseSettings):
    """Every setting of the product, each with its default.

    Read by `load_settings()`; nothing else looks at the environment. Names in the environment
    are those of the aliases below, in any case.
    """

    # What is wrong with a value is told without it: some are secrets.
    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(Path("var"), alias="KEEPSAKE_DATA_DIR")
    """Where the SQLite file, private keys and the record's checkpoints lie."""
    programme_file: Path = Field(Path("programme.toml"), alias="KEEPSAKE_PROGRAMME")
    programme_changes: Literal["at_once", "by_command"] | None = Field(
        None, alias="KEEPSAKE_PROGRAMME_CHANGES"
    )
    """When a changed programme file comes into force; in the demo at once, unless given."""
    packages: tuple[str, ...] = Field(BUILT_IN_PACKAGES, alias="KEEPSAKE_PACKAGES")
    """Packages that are plugged in, in this order: a JSON list in the environment."""
    database_address: str | None = Field(None, alias="DATABASE_URL")
    host: str = Field("127.0.0.1", alias="HOST")
    port: int = Field(8000, alias="PORT", ge=1, le=65535)
    stage_port_wanted: int | None = Field(None, alias="KEEPSAKE_STAGE_PORT", ge=1, le=65535)
    public_address: str | None = Field(None, alias="PUBLIC_URL")
    web_processes: int | None = Field(None, alias="KEEPSAKE_WEB_PROCESSES", ge=1)
    web_threads: int = Field(16, alias="KEEPSAKE_WEB_THREADS", ge=1)
    voucher_key: SecretStr | None = Field(None, alias="KEEPSAKE_VOUCHER_KEY")
    """Private keys that sign vouchers, instead of files: see `voucher.keys.signers.in_text`."""
    discord_token: SecretStr | None = Field(None, alias="DISCORD_TOKEN")
    discord_client_id: str | None = Field(None, alias="DISCORD_CLIENT_ID")
    discord_client_secret: SecretStr | None = Field(None, alias="DISCORD_CLIENT_SECRET")
    discord_oauth_url: str = Field("https://discord.com", alias="KEEPSAKE_DISCORD_OAUTH_URL")
    discord_cdn_address: str | None = Field(None, alias="KEEPSAKE_DISCORD_CDN_URL")
    discord_api_address: str | None = Field(None, alias="KEEPSAKE_DISCORD_API_URL")
    """Where the bot finds Discord's API with its version, such as a proxy's; it also tells the
    gateway then."""
    live_hours: int = Field(12, alias="KEEPSAKE_LIVE_HOURS", ge=1, le=72)
    """For how long ahead a member's phone keeps live codes, so that it needs no network."""
    log_level: str = Field("INFO", alias="KEEPSAKE_LOG_LEVEL")

    @field_validator("database_address")
    @classmethod
    def _is_of_an_engine(cls, address: str | None) -> str | None:
        if address and not re.match(
            r"(postgres|postgresql|postgresql\+psycopg|sqlite)://", address
        ):
            raise ValueError("it must begin with postgresql:// or sqlite:///")
        return address

    @field_validator("public_address", "discord_cdn_address", "discord_api_address")
    @classmethod
    def _is_of_the_web(cls, address: str | None) -> str | None:
        if address and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
            raise ValueError("it must be an address such as https://keepsake.example")
        return address

    @property
    def database_url(self) -> str:
        """An SQLAlchemy address; a bare `postgresql://` is driven by psycopg."""
        if not self.database_address:
            return f"sqlite:///{(self.data_dir / 'keepsake.sqlite3').absolute()}"
        for prefix in ("postgres://", "postgresql://"):
            if self.database_address.startswith(prefix):
                return "postgresql+psycopg://" + self.database_address.removeprefix(prefix)
        return self.database_address

    @property
    def public_url(self) -> str:
        """The address people reach the web process at, without a slash at its end."""
        if self.public_address:
            return self.public_address.rstrip("/")
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """True where people come by HTTPS, so that cookies may demand it."""
        return self.public_url.startswith("https://")

    @property
    def is_demo(self) -> bool:
        """True without a Discord token: the bot then runs inside a simulated Discord."""
        return self.discord_token is None

    @property
    def applies_changes_at_once(self) -> bool:
        """Whether a changed programme file needs no `keepsake programme apply`."""
        return (
            self.programme_changes or ("at_once" if self.is_demo else "by_command")
        ) == "at_once"

    @property
    def has_discord_login(self) -> bool:
        """Whether organisers and members can sign in by Discord."""
        return bool(self.discord_client_id and self.discord_client_secret)

    @property
    def discord_cdn_url(self) -> str:
        """Where members' avatars are fetched, without a slash at its end."""
        return (self.discord_cdn_address or "https://cdn.discordapp.com").rstrip("/")

    @property
    def notes_avatars(self) -> bool:
        """Whether there is somewhere to fetch them: not in the demo, whose members are made up."""
        return not self.is_demo or self.discord_cdn_address is not None

    @property
    def stage_port(self) -> int:
        """The port of the simulated Discord: the one after the web's unless named."""
        return self.stage_port_wanted or self.port + 1

    @property
    def key_dir(self) -> Path:
        """The folder of private keys."""
        return self.data_dir / "keys"


def load_settings() -> Settings:
    """Reads the environment; raises `SettingsRefused` with one sentence where a value is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise SettingsRefused(f"Setting {name}: {said}.") from error
    except SettingsError as error:
        # The only one that is no plain text.
        said = 'it must be a JSON list as ["app.audit", "app.jobs"]'
        raise SettingsRefused(f"Setting KEEPSAKE_PACKAGES: {said}.") from error
