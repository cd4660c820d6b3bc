"""What is to be issued, and why it cannot be."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.actor import Actor
from app.communities.models import Station
from app.refusals import Refused
from voucher.ledger.windows import NoWindow, Window, window_of
from voucher.perks.models import Perk

REFERENCE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Order:
    """A voucher to be issued, with the perk's uses and window from `at` unless given."""

    perk: Perk
    member_id: int
    cause: str
    actor: Actor
    at: datetime
    uses: int | None = None
    window: Window | None = None
    replaces: str | None = None
    """The reference of the voucher that it stands in for: then no limit is asked again."""
    takes_over: bool = False
    """Whether what is promised to that voucher goes over to this one."""


class Reason(StrEnum):
    """Why a voucher cannot be issued now."""

    STOCK = "stock"
    LIMIT = "limit"
    WINDOW = "window"
    WITHDRAWN = "withdrawn"


class NotIssued(Refused):
    """A voucher cannot be issued now; it may be later."""

    code = "not_issued"
    status = 409

    def __init__(self, reason: Reason, sentence: str):
        super().__init__(sentence, reason=reason)
        self.reason, self.sentence = reason, sentence


class Draft:
    """An order on its way to a voucher: with its reference and window, or why there is none."""

    def __init__(self, order: Order, stations: Sequence[Station]):
        self.order = order
        self.uses = order.uses or order.perk.uses
        self.reference = "V-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
        self.refusal: NotIssued | None = None
        self.window: Window = (order.at, order.at)
        try:
            self.window = order.window or window_of(order.perk, stations, order.at)
        except NoWindow as error:
            self.refuse(Reason.WINDOW, str(error))
        if order.perk.withdrawn_at is not None and order.replaces is None:
            self.refuse(Reason.WITHDRAWN, f"{order.perk.name} is no longer given.")

    def refuse(self, reason: Reason, sentence: str) -> None:
        """It is not issued, for this reason."""
        self.refusal = NotIssued(reason, sentence)
