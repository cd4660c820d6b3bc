"""What a member reads after the card: a reminder, a receipt, and that a voucher has ended."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app import journal
from bot.letters.phrases import left, moment, places, quoted
from voucher.ledger.changes.renewing import Offer, offer_to
from voucher.ledger.finding import Held
from voucher.perks.models import PICKUP
from voucher.scans.models import Scan

NOT_ME, GET_NEW = "not_me", "get_new"


class Button(NamedTuple):
    """A button under a letter: what it does, and to what."""

    what: str
    about: str
    """A redemption's id, or a voucher's reference."""


def redemption_of(session: Session, entry: str) -> Scan:
    """The redemption that an entry of the record tells of."""
    fact = journal.read(session, {"entry": entry})
    return session.get_one(Scan, UUID(fact.data["redemption"]))


def reminder(session: Session, held: Held) -> list[str]:
    """The opening of a reminder; the card and how to use it follow."""
    return [f"**{held.perk.name}** still waits for you at {places(session, held)}.", *_rest(held)]


def receipt(session: Session, held: Held, entry: str) -> tuple[list[str], Button | None]:
    """What was handed over, where and when, with the button of who was not there."""
    scan = redemption_of(session, entry)
    place, uses = scan.answer["scanned_by"]["station"], scan.answer["voucher"]["uses_left"]
    count = f"{scan.uses} × " if scan.uses > 1 else ""
    rest = f"{uses} of {held.voucher.uses} uses are left." if uses else "It is used up."
    at, ordered = scan.scanned_at, held.perk.kind == PICKUP
    lines = [
        f"{count}**{held.perk.name}** was {'ordered' if ordered else 'handed over'} at {place} "
        f"{moment(at, 'R')}, {moment(at, 'f')}. {rest}",
        *(["You hear from us when it is there to be fetched."] if ordered else []),
        "Was it not you? Then say so: somebody may have used a picture of your code.",
        f"-# Voucher {held.voucher.reference}, entry {entry} of the record.",
    ]
    return lines, Button(NOT_ME, str(scan.id))


def answered(session: Session, held: Held, entry: str) -> list[str]:
    """What an organiser did about “this was not me”, in their words."""
    closed = journal.read(session, {"entry": entry})
    scan = session.get_one(Scan, UUID(closed.data["redemption"]))
    text = journal.remark_text(session, closed.data["reason"])
    place = scan.answer["scanned_by"]["station"]
    return [
        f"An organiser looked at the hand-over of **{held.perk.name}** at {place} "
        f"{moment(scan.scanned_at, 'f')}, of which you said that it was not you.",
        *([quoted(text)] if text else []),
        f"Do you see it in another way? Write to them, and name `{held.voucher.reference}`.",
    ]


def expired(session: Session, held: Held) -> tuple[list[str], Button | None]:
    """That it has ended, and what its perk offers to who missed it."""
    ended = f"Your voucher for **{held.perk.name}** ended {moment(held.voucher.valid_until, 'R')}."
    return _over(session, held, [ended, *_rest(held, "were")])


def undone_late(session: Session, held: Held) -> tuple[list[str], Button | None]:
    """That a hand-over was taken back after the end, and what its perk offers now."""
    taken_back = f"Staff took the hand-over of **{held.perk.name}** back."
    ended = f"Your voucher for it ended {moment(held.voucher.valid_until, 'R')} meanwhile."
    return _over(session, held, [taken_back, ended, *_rest(held, "were")])


def _over(session: Session, held: Held, lines: list[str]) -> tuple[list[str], Button | None]:
    """The lines with what is offered to whom something ended for."""
    voucher = held.voucher
    offer = offer_to(session, voucher, held.perk)
    if offer == Offer.RENEW:
        lines.append("You can still have it: get a new one, once, and come by in its time.")
        return lines, Button(GET_NEW, voucher.reference)
    if offer == Offer.ASK:
        lines.append(
            f"Did something keep you? Write to an organiser and name `{voucher.reference}`: "
            "they can give you more time."
        )
    elif offer == Offer.WAS_SECOND:
        lines.append("It was a second chance already, so this one is over.")
    else:
        lines.append("It is over, and nothing is handed over for it any more.")
    lines.append("-# `/progress` shows what you are close to.")
    return lines, None


def _rest(held: Held, verb: str = "are") -> list[str]:
    return [rest] if (rest := left(held, verb)) else []
