"""What a device asks, validated, and who it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.refusals import Refused
from voucher.token import CodeUnreadable, KeySet, Payload, TokenRefused, parse_code, read


class ScanUnreadable(Refused):
    """The request cannot be judged as it stands."""

    code = "unprocessable_scan"


class AttemptDiffers(Refused):
    """The attempt is known, and it asked for something else."""

    code = "attempt_differs"
    status = 409


class ScannerGone(Refused):
    """Who scans no longer stands: the device was revoked, or another browser has its place."""

    code = "not_signed_in"
    status = 401


class MayNotRedeem(Refused):
    """This device may not do this."""

    code = "not_allowed"
    status = 403


@dataclass(frozen=True)
class Scanner:
    """The device that scans, and the station where it stands."""

    device_id: str
    device_name: str
    community_id: int
    station_id: int
    station_key: str
    station_name: str
    station_zone: str
    station_hours: tuple[str, ...] | None
    station_closed: tuple[str, ...]
    known_by: bytes
    """The hash of the secret that it showed."""
    withdrawn: bool = False
    """The programme no longer has the station."""


Operator = Annotated[str, Field(pattern=r"^[^\x00]+$", max_length=64)]
"""Who holds the device, as it names them."""


def first_mistake(error: ValidationError) -> tuple[str, str]:
    """A sentence about the first key that is wrong, and that key."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return (f"{key}: {said}." if key else f"{said}."), key


class ScanRequest(BaseModel):
    """The body of `POST /api/v1/scans`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attempt_id: UUID
    token: Annotated[str, Field(max_length=4096)] | None = None
    code: Annotated[str, Field(max_length=64)] | None = None
    mode: Literal["redeem", "check"]
    uses: Annotated[int, Field(ge=1, le=1000)] = 1
    scanned_at: Annotated[
        AwareDatetime,
        Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
    ]
    operator: Operator | None = None

    @model_validator(mode="after")
    def _shows_one_thing(self) -> Self:
        if (self.token is None) == (self.code is None):
            raise ValueError("give either token or code")
        return self

    @property
    def asked(self) -> bytes:
        """What the attempt is about; `scanned_at` is no part of it."""
        shown = f"token:{self.token}" if self.token is not None else f"code:{self.code}"
        wanted = f"{self.mode}\n{shown}" + (f"\nuses:{self.uses}" if self.uses > 1 else "")
        return sha256(wanted.encode(errors="surrogatepass")).digest()

    @classmethod
    def read(cls, body: dict[str, Any]) -> "ScanRequest":
        """A validated request; raises `ScanUnreadable` with the first key that is wrong."""
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            sentence, key = first_mistake(error)
            raise ScanUnreadable(sentence, key=key) from error


@dataclass(frozen=True, slots=True)
class Seen:
    """What was shown, as these keys tell it: a voucher's id, or why it is none."""

    keys: KeySet
    code: bytes | None = None
    payload: Payload | None = None
    refusal: str | None = None


def see(request: ScanRequest, keys: KeySet) -> Seen:
    """Reads the token or the typed code; nothing is said yet about the time."""
    try:
        if request.token is None:
            return Seen(keys, parse_code(request.code or ""))
        payload = read(request.token, keys)
        return Seen(keys, payload.voucher, payload)
    except CodeUnreadable:
        return Seen(keys, refusal="malformed")
    except TokenRefused as refused:
        return Seen(keys, refusal=refused.code)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One device's request."""

    scanner: Scanner
    request: ScanRequest
    seen: Seen | None = None
    """What was shown, where it was read before the transaction that judges."""

    @property
    def key(self) -> tuple[str, UUID]:
        """What an attempt is known by."""
        return self.scanner.device_id, self.request.attempt_id
