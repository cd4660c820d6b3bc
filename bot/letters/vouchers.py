"""What a member reads about a voucher, and the card that goes with it."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import clock
from app.achievements.models import Grant
from app.communities.models import Community
from app.config import Settings
from app.programme.applying import current
from bot.letters import afterwards, orders
from bot.letters.afterwards import Button
from bot.letters.phrases import moment, places, stations
from voucher.cards import CardText, draw_card
from voucher.ledger.finding import Held
from voucher.ledger.followers import (
    EXPIRED,
    EXTENDED,
    RECEIPT,
    REMINDER,
    RESTORED,
    SIGNED_ANEW,
    UNDONE,
    VOIDED,
)
from voucher.ledger.issuance.issuing import scan_address
from voucher.ledger.issuance.owed_words import ToCome
from voucher.scans.answering.answers import CLOSED
from voucher.token import print_code
from voucher.wallet.live import needs_live

OLD_PICTURES = "Earlier pictures of it no longer scan; its code is the same."
HOW = "You show this code to staff; you never scan it, and nobody needs a screenshot of it."

LIVE = (
    "It has a live code, which changes all the time: open your vouchers by the button below and "
    "show that page to staff. A picture of it is worth nothing."
)


@dataclass(frozen=True)
class Letter:
    """A text for Discord, cards as (file name, PNG), and a button where there is one to press."""

    text: str
    cards: list[tuple[str, bytes]] = field(default_factory=list)
    button: Button | None = None


def write_letter(
    session: Session, settings: Settings, held: Held, kind: str, occasion: str = ""
) -> Letter:
    """The message that a notice of this kind, on this occasion, brings about a voucher."""
    if kind == VOIDED:
        return Letter("\n".join(_withdrawn(held)))
    if kind == CLOSED:
        return Letter("\n".join(afterwards.answered(session, held, occasion)))
    if kind == RECEIPT:
        lines, button = afterwards.receipt(session, held, occasion)
        return Letter("\n".join(lines), button=button)
    if kind in orders.KINDS:
        return Letter("\n".join(orders.told_of(session, held, kind, occasion)))
    if kind == EXPIRED:
        lines, button = afterwards.expired(session, held)
        return Letter("\n".join(lines), button=button)
    if kind == UNDONE and held.voucher.valid_until <= clock.now():
        lines, button = afterwards.undone_late(session, held)
        return Letter("\n".join(lines), button=button)
    come = [
        *_opening(session, held, kind),
        f"Come by {moment(held.voucher.valid_until, 'F')} "
        f"({moment(held.voucher.valid_until, 'R')}).",
    ]
    if needs_live(held.voucher):
        # Its card would look as if it were enough.
        return Letter("\n".join([*come, LIVE]))
    lines = [
        *come,
        f"If the picture does not scan, read out the code `{print_code(held.voucher.code)}`.",
        f"-# {HOW}",
    ]
    card = (f"voucher-{held.voucher.reference}.png", draw(session, settings, held))
    return Letter("\n".join(lines), [card])


def _withdrawn(held: Held) -> list[str]:
    return [
        f"Your voucher for **{held.perk.name}** was withdrawn: nothing is handed over for it any "
        "more.",
        "If you think that this is a mistake, write to an organiser about "
        f"`{held.voucher.reference}`.",
    ]


def _opening(session: Session, held: Held, kind: str) -> list[str]:
    name, where = held.perk.name, places(session, held)
    if kind == REMINDER:
        return afterwards.reminder(session, held)
    if kind == SIGNED_ANEW:
        return [f"Here is a new card for **{name}** at {where}.", OLD_PICTURES]
    if kind == EXTENDED:
        old = OLD_PICTURES if held.voucher.was_signed_by else "The card you have stays good."
        return [f"You have more time for **{name}** at {where}. {old}"]
    if kind == UNDONE:
        return [f"Staff took the hand-over of **{name}** back. It is yours again at {where}."]
    if kind == RESTORED:
        return [f"Your voucher for **{name}** at {where} is good again."]
    left, begins = held.voucher.uses - held.voucher.uses_taken, held.voucher.valid_from
    return [
        _why(session, held),
        f"**{name}** is yours at {where}.",
        *([f"It is good for {left} uses."] if left > 1 else []),
        *([f"It is good from {moment(begins, 'F')} on."] if begins > clock.now() else []),
    ]


def _why(session: Session, held: Held) -> str:
    if why := _achievement(session, held):
        return f"You earned **{why}**."
    cause, _, old = held.voucher.cause.partition(":")
    if cause == "reissue":
        return f"Here is a new card. The old one, `{old}`, no longer works."
    if cause == "refund":
        return f"Here is a new voucher in place of `{old}`, whose item was faulty."
    if cause == "renewal":
        return f"Here is a new one in place of `{old}`, which ended."
    return "There is something for you."


def line_for(session: Session, held: Held, now: datetime) -> str:
    """One line about a voucher, for a list."""
    until = held.voucher.valid_until
    match held.state(now):
        case "active":
            said = f"until {moment(until, 'f')} ({moment(until, 'R')})"
            said += f" at {places(session, held)}"
            live = needs_live(held.voucher)
            said += ", with a live code" if live else f", code `{print_code(held.voucher.code)}`"
            if held.voucher.uses > 1:
                left = held.voucher.uses - held.voucher.uses_taken
                said += f", {left} of {held.voucher.uses} uses left"
        case "not_yet_valid":
            said = f"from {moment(held.voucher.valid_from, 'f')}"
        case "void":
            said = "withdrawn"
        case "superseded" | "refunded":
            said = f"replaced {moment(held.voucher.stood_since or until, 'R')}"
        case "redeemed":
            said = "handed over"
            if why := _achievement(session, held):
                said += f", for {why}"
        case _:
            said = f"ended {moment(until, 'R')}"
    return f"**{held.perk.name}**: {said}"


def line_to_come(owed: ToCome) -> str:
    """One line about what is owed to the member."""
    return f"**{owed.name}**: {owed.why}"


def draw(session: Session, settings: Settings, held: Held) -> bytes:
    """The voucher's card as PNG."""
    community = session.get_one(Community, held.voucher.community_id)
    where = stations(session, held)
    zone = where[0].timezone if len(where) == 1 else community.timezone
    return draw_card(
        CardText(
            community=community.name,
            perk=held.perk.name,
            link=scan_address(settings, held.voucher.token),
            code=print_code(held.voucher.code),
            valid_until=held.voucher.valid_until,
            zone=ZoneInfo(zone),
            station=where[0].name if len(where) == 1 else "",
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
