"""What a member reads about a voucher, and the card that goes with it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.achievements.models import Grant
from app.communities.models import Community, Station
from app.config import Settings
from app.programme.applying import current
from voucher.cards import CardText, draw_card
from voucher.ledger.finding import Held
from voucher.ledger.followers import EXTENDED, RENEWED, RESTORED, UNDONE, VOIDED
from voucher.ledger.issuing import scan_address
from voucher.token import print_code

OLD_PICTURES = "Earlier pictures of it no longer scan; its code is the same."
HOW = "You show this code to staff; you never scan it, and nobody needs a screenshot of it."


@dataclass(frozen=True)
class Letter:
    """A text for Discord, and a card as PNG where there is something to show."""

    text: str
    card: bytes | None
    card_name: str


def write_letter(session: Session, settings: Settings, held: Held, kind: str) -> Letter:
    """The message that a notice of this kind brings about a voucher."""
    reference, name = held.voucher.reference, held.perk.name
    if kind == VOIDED:
        lines = [
            f"Your voucher for **{name}** was withdrawn: nothing is handed over for it any more.",
            f"If you think that this is a mistake, write to an organiser about `{reference}`.",
        ]
        return Letter("\n".join(lines), None, "")
    lines = [
        *_opening(session, held, kind),
        f"Come by {_discord(held.voucher.valid_until, 'F')} "
        f"({_discord(held.voucher.valid_until, 'R')}).",
        f"If the picture does not scan, read out the code `{print_code(held.voucher.code)}`.",
        f"-# {HOW}",
    ]
    return Letter("\n".join(lines), draw(session, settings, held), f"voucher-{reference}.png")


def _opening(session: Session, held: Held, kind: str) -> list[str]:
    name, places = held.perk.name, _places(session, held)
    if kind == RENEWED:
        return [f"Here is a new card for **{name}** at {places}.", OLD_PICTURES]
    old = OLD_PICTURES if held.voucher.renewed_from else "The card you have stays good."
    if kind == EXTENDED:
        return [f"You have more time for **{name}** at {places}. {old}"]
    if kind == UNDONE:
        return [f"Staff took the hand-over of **{name}** back. It is yours again at {places}."]
    if kind == RESTORED:
        return [f"Your voucher for **{name}** at {places} is good again."]
    left, begins = held.voucher.uses - held.voucher.uses_taken, held.voucher.valid_from
    return [
        _why(session, held),
        f"**{name}** is yours at {places}.",
        *([f"It is good for {left} uses."] if left > 1 else []),
        *([f"It is good from {_discord(begins, 'F')} on."] if begins > clock.now() else []),
    ]


def _why(session: Session, held: Held) -> str:
    if why := _achievement(session, held):
        return f"You earned **{why}**."
    cause, _, old = held.voucher.cause.partition(":")
    if cause == "reissue":
        return f"Here is a new card. The old one, `{old}`, no longer works."
    if cause == "refund":
        return f"Here is a new voucher in place of `{old}`, whose item was faulty."
    return "There is something for you."


def line_for(session: Session, held: Held, now: datetime) -> str:
    """One line about a voucher, for a list."""
    until = held.voucher.valid_until
    match held.state(now):
        case "active":
            said = f"until {_discord(until, 'f')} ({_discord(until, 'R')})"
            said += f" at {_places(session, held)}, code `{print_code(held.voucher.code)}`"
            if held.voucher.uses > 1:
                left = held.voucher.uses - held.voucher.uses_taken
                said += f", {left} of {held.voucher.uses} uses left"
        case "not_yet_valid":
            said = f"from {_discord(held.voucher.valid_from, 'f')}"
        case "void":
            said = "withdrawn"
        case "superseded" | "refunded":
            said = f"replaced {_discord(held.voucher.stood_since or until, 'R')}"
        case "redeemed":
            said = "handed over"
            if why := _achievement(session, held):
                said += f", for {why}"
        case _:
            said = f"ended {_discord(until, 'R')}"
    return f"**{held.perk.name}**: {said}"


def draw(session: Session, settings: Settings, held: Held) -> bytes:
    """The voucher's card as PNG."""
    community = session.get_one(Community, held.voucher.community_id)
    stations = _stations(session, held)
    zone = stations[0].timezone if len(stations) == 1 else community.timezone
    return draw_card(
        CardText(
            community=community.name,
            perk=held.perk.name,
            link=scan_address(settings, held.voucher.token),
            code=print_code(held.voucher.code),
            valid_until=held.voucher.valid_until,
            zone=ZoneInfo(zone),
            station=stations[0].name if len(stations) == 1 else "",
            primary=community.primary_colour,
            accent=community.accent_colour,
        )
    )


def _achievement(session: Session, held: Held) -> str | None:
    kind, _, grant_id = held.voucher.cause.partition(":")
    grant = session.get(Grant, int(grant_id)) if kind == "grant" else None
    if grant is None:
        return None
    settings = current(session, grant.community_id)["achievements"].get(grant.achievement)
    return settings.name if settings else grant.achievement


def _places(session: Session, held: Held) -> str:
    return " or ".join(station.name for station in _stations(session, held)) or "our stations"


def _stations(session: Session, held: Held) -> list[Station]:
    every = session.scalars(
        select(Station)
        .where(Station.community_id == held.voucher.community_id, Station.withdrawn_at.is_(None))
        .order_by(Station.id)
    )
    wanted = held.perk.stations
    return [station for station in every if wanted is None or station.key in wanted]


def _discord(moment: datetime, style: str) -> str:
    """A moment that Discord shows to each reader in their own zone."""
    return f"<t:{int(moment.timestamp())}:{style}>"
