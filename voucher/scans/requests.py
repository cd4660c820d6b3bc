"""What a device asks, validated."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain, combinations
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from app.refusals import Refused
from voucher.scans.rules import OVERRIDABLE, REDEEMED, REFUSALS, VALID

OperatorId = Annotated[str, Field(pattern=r"^[^\x00]+$", max_length=64)]
Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]+$"),
]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]
"""From a clock whose battery is dead as well: it tells the beginning of Unix time."""
Mode = Literal["redeem", "check", "hold"]


class ScanUnreadable(Refused):
    """The request cannot be judged as it stands."""

    code = "unprocessable_scan"


class AttemptDiffers(Refused):
    """The attempt is known, and it asked for something else."""

    code = "attempt_differs"
    status = 409


class Request(BaseModel):
    """A body that a device sends: unknown keys are refused, since a typing error must not pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, body: Any) -> Self:
        """A validated request; raises `ScanUnreadable` with the first key that is wrong."""
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            sentence, key = first_mistake(error)
            raise ScanUnreadable(sentence, key=key) from error


def first_mistake(error: ValidationError) -> tuple[str, str]:
    """A sentence about the first key that is wrong, and that key."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return (f"{key}: {said}." if key else f"{said}."), key


def _known_verdict(verdict: str) -> str:
    if verdict not in (REDEEMED, VALID, *REFUSALS):
        raise ValueError("this is no verdict")
    return verdict


class Offline(Request):
    """What a device decided by itself, and when."""

    verdict: Annotated[str, AfterValidator(_known_verdict)]
    """`redeemed` where something was handed over."""
    judged_at: Moment
    """By the device's clock."""
    synced_at: Moment
    """When it last heard from the server before, by the server's clock."""
    skew_ms: Annotated[int, Field(ge=-(10**13), le=10**13)]
    """How far its clock was ahead of the server's, in milliseconds: centuries are allowed."""

    @property
    def moment(self) -> datetime:
        """When it was judged, by the server's clock."""
        return self.judged_at - timedelta(milliseconds=self.skew_ms)


def _known_rule(rule: str) -> str:
    if rule not in OVERRIDABLE:
        raise ValueError(f"a supervisor can set aside {', '.join(OVERRIDABLE)} alone")
    return rule


class Override(Request):
    """A supervisor redeems all the same."""

    reason: Why
    rules: tuple[Annotated[str, AfterValidator(_known_rule)], ...] = OVERRIDABLE
    """What is set aside: what they were told, and nothing that has come to it since."""


class ScanRequest(Request):
    """The body of `POST /api/v1/scans`."""

    attempt_id: UUID
    token: Annotated[str, Field(max_length=4096)] | None = None
    code: Annotated[str, Field(max_length=64)] | None = None
    reference: Annotated[str, Field(max_length=64)] | None = None
    """Of a voucher that a supervisor found by its member, who has no code."""
    reason: Why | None = None
    """Why there is no code."""
    override: Override | None = None
    mode: Mode
    uses: Annotated[int, Field(ge=1, le=1000)] = 1
    can_confirm: bool = False
    """Whether the device can ask staff if it was handed over: a `redeem` of a perk that is redeemed
    when that is confirmed is a hold then."""
    scanned_at: Moment
    operator: OperatorId | None = None
    identity_confirmed: bool = False
    """Whether staff have seen who stands there, or how old they are."""
    follows: UUID | None = None
    """The attempt that was answered `identity_required`, or what a supervisor overrides: a live
    code shown then is still good."""
    offline: Offline | None = None

    @model_validator(mode="after")
    def _shows_one_thing(self) -> Self:
        if [self.token, self.code, self.reference].count(None) != 2:
            raise ValueError("give either token or code, or a reference")
        return self

    @model_validator(mode="after")
    def _names_who_decides(self) -> Self:
        if self.confirms_by_reference:
            return self
        if (self.reference is None) != (self.reason is None):
            raise ValueError("a reference needs a reason, and nothing else has one")
        if not self.is_supervised:
            return self
        if self.operator is None:
            raise ValueError("name the supervisor who decides this")
        if self.offline is not None:
            raise ValueError("a reference and an override need a network")
        if self.override is not None and self.mode == "check":
            raise ValueError("a check overrides nothing")
        return self

    @model_validator(mode="after")
    def _claims_what_its_mode_can_come_to(self) -> Self:
        if self.offline is None:
            return self
        if self.mode == "hold":
            raise ValueError("what was decided offline is redeem or check")
        if self.offline.verdict == (VALID if self.mode == "redeem" else REDEEMED):
            raise ValueError(f"{self.mode} cannot have come to {self.offline.verdict}")
        return self

    @property
    def asked(self) -> bytes:
        """What the attempt is about; when, by whom and from where it came is no part of it."""
        return self._asked(self.mode, self.override)

    @property
    def asked_before(self) -> tuple[bytes, ...]:
        """The same for an attempt that this one goes on with: its refusal is overridden, or staff
        looked who it is, and it may have been judged as a hold.
        """
        modes, overrides = {self.mode, "hold"}, (None, self.override)
        return tuple(self._asked(mode, one) for mode in modes for one in overrides)

    @property
    def is_supervised(self) -> bool:
        """Whether only a supervisor may ask this."""
        return self.reference is not None or self.override is not None

    @property
    def asked_as_hold(self) -> bytes:
        """The same for an attempt that was a hold: its upload says `redeem`."""
        return self._asked("hold", self.override)

    def is_claim_of(self, asked: bytes, mode: str) -> bool:
        """Whether an attempt of this mode that asked that showed the same, whatever was overridden:
        what a device decides by itself overrides nothing.
        """
        ways = chain.from_iterable(
            combinations(OVERRIDABLE, n) for n in range(len(OVERRIDABLE) + 1)
        )
        overrides = (Override.model_construct(reason="", rules=rules) for rules in ways)
        return any(asked == self._asked(mode, one) for one in (None, *overrides))

    @property
    def may_be_held(self) -> bool:
        """Whether it is a redemption that is held where the perk or the station wants it so."""
        return self.can_confirm and self.mode == "redeem"

    @property
    def claims_hand_over(self) -> bool:
        """Whether a device says that it handed something over by itself."""
        claim = self.offline
        return claim is not None and self.mode == "redeem" and claim.verdict == REDEEMED

    @property
    def confirms_by_reference(self) -> bool:
        """Whether a device says that it handed over what it held for a supervisor's reference: who
        decided it, and why, the attempt itself has said.
        """
        return self.reference is not None and self.override is None and self.claims_hand_over

    @property
    def is_self_judged(self) -> bool:
        """Whether the verdict is the device's own, and is only kept."""
        return self.offline is not None and not self.claims_hand_over

    def _asked(self, mode: str, override: Override | None = None) -> bytes:
        shown = f"token:{self.token}" if self.token is not None else f"code:{self.code}"
        if self.reference is not None:
            shown = f"reference:{self.reference}"
        wanted = f"{mode}\n{shown}" + (f"\nuses:{self.uses}" if self.uses > 1 else "")
        if override is not None:
            wanted += f"\noverride:{','.join(sorted(set(override.rules)))}"
        return sha256(wanted.encode(errors="surrogatepass")).digest()


class EndRequest(Request):
    """The body of an attempt's `/confirm` and `/release`."""

    operator: OperatorId | None = None
    reason: Why | None = None


class RefundRequest(Request):
    """The body of an attempt's `/refund`."""

    operator: OperatorId | None = None
    reason: Why
    uses: Annotated[int, Field(ge=1, le=1000)] | None = None
    """How many were faulty: as many as the attempt redeemed unless given, or one."""
    usable: bool = False
    """Whether what came back can be handed to somebody else."""


class UndoRequest(Request):
    """The body of an attempt's `/undo`."""

    operator: OperatorId | None = None
    reason: Why
