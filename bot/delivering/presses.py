"""What follows when a member presses a button under a letter."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app import clock
from app.communities.members import DISCORD, UnknownMember, find
from app.installation import Installation
from app.notices import telling
from app.notices.telling import Message
from app.refusals import Refused
from bot.letters.vouchers import write_letter
from bot.place import Place
from voucher.ledger.changes.renewing import renew_own
from voucher.ledger.finding import UnknownVoucher, by_reference
from voucher.ledger.followers import ISSUED
from voucher.ledger.redeeming import BeingHandedOut
from voucher.scans.disputes.disputing import Disputed, UnknownRedemption, dispute

NOT_YOURS = "This button is for whose voucher it is."
IF_UNANSWERED = timedelta(minutes=1)
"""When a new card is sent as a letter, unless the answer has brought it by then."""


@dataclass(frozen=True)
class Pressed:
    """The answer's text and cards, and the notice that is settled once it has arrived."""

    text: str
    cards: list[tuple[str, bytes]] = field(default_factory=list)
    voucher: str | None = None
    """The reference of the voucher that it brings, for the way to the wallet under it."""
    notice_id: int | None = None


def not_me(installation: Installation, place: Place, user_id: int, about: str) -> Pressed:
    """Keeps that a redemption was not theirs; says what happens next."""
    try:
        with installation.unit_of_work() as session:
            member = find(session, place.community_id, DISCORD, str(user_id))
            said = dispute(session, UUID(about), member_id=member.id, now=clock.now())
    except (UnknownMember, UnknownRedemption, ValueError):
        return Pressed(NOT_YOURS)
    except Refused as refused:
        return Pressed(str(refused))
    return Pressed(_next(said))


def _next(said: Disputed) -> str:
    looks = "has looked" if said.closed else "will look"
    lines = [
        "Thank you. An organiser will look at it; you need not do anything else."
        if said.first
        else f"You said so before; an organiser {looks} at it.",
        f"If you write to them, name `{said.voucher}`.",
    ]
    if said.uses_left:
        lines.append(
            "Something is left on this voucher, and somebody else may have its code: ask for a "
            "new one. The old code then works no more."
        )
    return "\n".join(lines)


def get_new(installation: Installation, place: Place, user_id: int, about: str) -> Pressed:
    """Renews a voucher that ended, and shows the new card."""
    try:
        reference, notice_id = installation.do(
            lambda session: _renewed(session, place, user_id, about)
        )
    except (UnknownMember, UnknownVoucher):
        return Pressed(NOT_YOURS)
    except BeingHandedOut as refused:
        return Pressed(str(refused))
    except Refused as refused:
        return Pressed(f"{refused} An organiser may know a way.")
    with installation.reading() as session:
        held = by_reference(session, place.community_id, reference)
        letter = write_letter(session, installation.settings, held, ISSUED)
    return Pressed(letter.text, letter.cards, reference, notice_id)


def _renewed(session: Session, place: Place, user_id: int, about: str) -> tuple[str, int | None]:
    now, community_id = clock.now(), place.community_id
    member = find(session, community_id, DISCORD, str(user_id))
    new = renew_own(session, community_id, about, member_id=member.id, now=now)
    # Laid down first, and for later: so the card comes if this process ends before it answers, and
    # does not come twice.
    card = Message(
        community_id=community_id,
        member_id=member.id,
        kind=ISSUED,
        subject=new.reference,
        not_after=new.valid_until,
    )
    laid = telling.lay_down(session, [card], now=now, send_at=now + IF_UNANSWERED)
    return new.reference, laid[0] if laid else None


def answered(installation: Installation, pressed: Pressed) -> None:
    """Settles the notice whose card has come with the answer."""
    if pressed.notice_id is None:
        return
    with installation.unit_of_work() as session:
        telling.settle(session, pressed.notice_id, telling.SENT, now=clock.now())
