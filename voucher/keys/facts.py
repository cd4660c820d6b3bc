"""What happens to signing keys, as the record keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.journal import Fact


@dataclass(frozen=True, kw_only=True)
class KeyPublished(Fact):
    """A signing key was made: kiosks know it from now on, and it signs from a moment on."""

    kind: ClassVar[str] = "key.published"
    key: int
    public_key: str
    signs_from: datetime


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Fact):
    """A signing key leaked: what it signed is refused; `reason` is a remark's hash."""

    kind: ClassVar[str] = "key.revoked"
    key: int
    replaced_by: int | None
    reason: str
