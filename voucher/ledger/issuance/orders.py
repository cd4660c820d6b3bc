"""What is to be issued, and why it cannot be."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.actor import Actor
from app.communities.models import Station
from app.refusals import Refused
from voucher.ledger.issuance.windows import NoWindow, Window, window_of
from voucher.perks.models import Perk

REFERENCE_LETTERS = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTER_OF_BYTE = REFERENCE_LETTERS * 8
"""Each letter for as many of the 256 bytes."""


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
    """Whether what is promised to that voucher goes over to this one: as it is where the window is
    given, else as a part of what this one needs."""
    look_at: datetime | None = None
    """When it is issued in fact, where `at` lies in the past: no earlier moment is told of."""


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

    def __init__(self, order: Order, window: Window | NoWindow, reference: str):
        self.order = order
        self.uses = order.uses or order.perk.uses
        self.reference = reference
        self.refusal: NotIssued | None = None
        self.window: Window = (order.at, order.at)
        if isinstance(window, NoWindow):
            self.refuse(Reason.WINDOW, str(window))
        else:
            self.window = window
        if order.perk.withdrawn_at is not None and order.replaces is None:
            self.refuse(Reason.WITHDRAWN, f"{order.perk.name} is no longer given.")

    def refuse(self, reason: Reason, sentence: str) -> None:
        """It is not issued, for this reason."""
        self.refusal = NotIssued(reason, sentence)


def drafts_of(orders: Sequence[Order], stations: Sequence[Station]) -> list[Draft]:
    """A draft for each order; windows are worked out once for those of one perk and moment."""
    found: dict[tuple[int, datetime], Window | NoWindow] = {}
    drafts = []
    letters = secrets.token_bytes(8 * len(orders)).translate(LETTER_OF_BYTE).decode()
    for place, order in enumerate(orders):
        asked = order.perk.number, order.at
        if order.window is None and asked not in found:
            found[asked] = _window(order, stations)
        reference = "V-" + letters[8 * place : 8 * place + 8]
        drafts.append(Draft(order, order.window or found[asked], reference))
    return drafts


def _window(order: Order, stations: Sequence[Station]) -> Window | NoWindow:
    try:
        return window_of(order.perk, stations, order.at)
    except NoWindow as error:
        return error
