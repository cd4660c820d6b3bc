"""A voucher as its member sees it: plain values for the templates, no queries in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.communities import hours
from app.communities.models import Community, Station
from app.config import Settings
from voucher.cards import Symbol, make_symbol
from voucher.cards.qr import QUIET_ZONE
from voucher.ledger.changes.renewing import Offer, offer_to
from voucher.ledger.finding import Held
from voucher.ledger.issuance.issuing import scan_address
from voucher.ledger.issuance.windows import stations_of
from voucher.token import print_code
from voucher.wallet.live import OPEN, needs_live

WORDS = {
    "active": ("Ready to show", "good"),
    "not_yet_valid": ("Not yet", "calm"),
    "redeemed": ("Redeemed", "calm"),
    "expired": ("Time is over", "warn"),
    "void": ("Withdrawn", "bad"),
    "superseded": ("Replaced", "calm"),
    "refunded": ("Refunded", "calm"),
}


@dataclass(frozen=True)
class Place:
    """A station: where it is and when it is open, in its own zone."""

    name: str
    address: str | None
    hours: Sequence[str] | None
    closed: Sequence[str]
    zone: ZoneInfo
    opens: datetime | None
    """When it opens next, where it is closed now."""


@dataclass(frozen=True)
class Drawn:
    """A QR as one path of an SVG: `span` modules each way with its quiet zone."""

    span: int
    path: str


@dataclass(frozen=True)
class Shown:
    """A voucher with everything that its page says."""

    held: Held
    state: str
    words: str
    tone: str
    zone: ZoneInfo
    places: list[Place]
    live: bool
    code: str
    qr: Drawn | None
    offer: Offer | None
    """What its member can do about it, where it has ended."""

    @property
    def is_open(self) -> bool:
        """Whether there is something to show at a station, now or later."""
        return self.state in OPEN

    @property
    def uses_left(self) -> int:
        """How often it can still be redeemed."""
        return self.held.voucher.uses - self.held.voucher.uses_taken


def show_all(
    session: Session, settings: Settings, every: Iterable[Held], now: datetime
) -> list[Shown]:
    """Vouchers as their member sees them."""
    every = list(every)
    stations = stations_of(session, {held.voucher.community_id for held in every})
    return [_show(session, settings, held, stations, now) for held in every]


def _show(
    session: Session, settings: Settings, held: Held, stations: Sequence[Station], now: datetime
) -> Shown:
    state, live = held.state(now), needs_live(held.voucher)
    words, tone = WORDS.get(state, (state.replace("_", " ").capitalize(), "calm"))
    places = [
        _place(station, held, now)
        for station in stations
        if held.perk.stations is None or station.key in held.perk.stations
    ]
    community = session.get_one(Community, held.voucher.community_id)
    zones = {place.zone.key for place in places}
    zone = ZoneInfo(zones.pop() if len(zones) == 1 else community.timezone)
    # A picture of a live voucher's own code would look as if it were enough.
    qr = draw(scan_address(settings, held.voucher.token)) if state in OPEN and not live else None
    offer = offer_to(session, held.voucher, held.perk) if state == "expired" else None
    code = print_code(held.voucher.code)
    return Shown(held, state, words, tone, zone, places, live, code, qr, offer)


def _place(station: Station, held: Held, now: datetime) -> Place:
    shut = (*station.closed, *held.perk.closed)
    is_open = hours.is_open(station.hours, shut, station.timezone, now)
    opening = None if is_open else hours.next_opening(station.hours, shut, station.timezone, now)
    return Place(
        station.name,
        station.address,
        station.hours,
        shut,
        ZoneInfo(station.timezone),
        opening.begins if opening else None,
    )


def draw(link: str) -> Drawn:
    """The QR of an address."""
    symbol = make_symbol(link)
    return Drawn(symbol.span, "".join(_runs(symbol)))


def _runs(symbol: Symbol) -> Iterable[str]:
    """Dark modules that lie side by side are one rectangle."""
    for y, row in enumerate(symbol.matrix):
        x = 0
        while x < symbol.size:
            length = next((end for end in range(x, symbol.size) if not row[end]), symbol.size) - x
            if length:
                yield f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
            x += length + 1
