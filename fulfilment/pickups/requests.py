"""What a pickup desk asks, validated."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from fulfilment.orders.deeds import hash_of
from fulfilment.orders.shelves import Shelf
from voucher.scans.requests import Moment, OperatorId, Request, Why

Number = Annotated[int, Field(ge=1, le=100)]


class Part(Request):
    """How many of one line."""

    line: Number
    quantity: Annotated[int, Field(ge=0, le=100_000)]


class DeedRequest(Request):
    """The body of an order's `/collect` and `/not-found`."""

    attempt_id: UUID
    operator: OperatorId | None = None
    done_at: Moment | None = None
    """When staff tapped it, by the device's clock: it may have waited for the network since."""
    lines: Annotated[tuple[Part, ...], Field(min_length=1, max_length=100)] | None = None
    """Which and how many; all that can be unless given."""

    @property
    def parts(self) -> dict[int, int] | None:
        """The lines as moves take them; of a line that is named twice the sum."""
        if self.lines is None:
            return None
        parts: dict[int, int] = {}
        for part in self.lines:
            parts[part.line] = parts.get(part.line, 0) + part.quantity
        return parts

    def asked(self, order_id: str, move: str) -> bytes:
        """What it is about; when and by whom it was done is no part of it."""
        return hash_of(order_id, move, self._about())

    def _about(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"attempt_id", "operator", "done_at"})


class CollectRequest(DeedRequest):
    """The body of an order's `/collect`."""

    identity_confirmed: bool = False
    """Whether staff have seen who stands there, or how old they are."""


class ReturnRequest(DeedRequest):
    """The body of an order's `/return`."""

    reason: Why


class ShelfRequest(DeedRequest):
    """The body of an order's `/shelf`: where it, or some lines of it, lie."""

    shelf: Shelf | None = None
    """Where all lines lie that are not named."""
    shelves: Annotated[dict[Number, Shelf], Field(default_factory=dict, max_length=100)]

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.lines is not None:
            raise ValueError("give shelf, or shelves by line")
        if self.shelf is None and not self.shelves:
            raise ValueError("say on which shelf it lies")
        return self


class FindRequest(Request):
    """The body of `POST /api/v1/pickups/find`."""

    token: Annotated[str, Field(max_length=4096)] | None = None
    code: Annotated[str, Field(max_length=64)] | None = None
    operator: OperatorId | None = None

    @model_validator(mode="after")
    def _shows_one_thing(self) -> Self:
        if (self.token is None) == (self.code is None):
            raise ValueError("give either token or code")
        return self
