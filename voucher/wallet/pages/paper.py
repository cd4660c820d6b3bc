"""The card to print: what it says of a voucher."""

from app.communities.models import Community
from app.config import Settings
from voucher.cards import CardText
from voucher.cards.paper import Note, draw_paper
from voucher.ledger.issuance.issuing import scan_address
from voucher.wallet.pages.shown import Shown

CHECK = "On paper it is handed over after an identity check at the desk. Bring your identity card."
OLD_ENOUGH = "You must be {age} or older."
KEEP = "It counts once. Whoever shows it first gets it: keep it like money."


def draw(community: Community, one: Shown, settings: Settings) -> bytes:
    """The voucher's card as PDF, as its page and the record have it now."""
    return draw_paper(*told(community, one, settings))


def told(community: Community, one: Shown, settings: Settings) -> tuple[CardText, Note]:
    """What the card says, and what stands under its code."""
    voucher, perk = one.held.voucher, one.held.perk
    names = " or ".join(place.name for place in one.places[:3])
    card = CardText(
        community=community.name,
        perk=perk.name,
        link=scan_address(settings, voucher.token),
        code=one.code,
        valid_from=voucher.valid_from,
        valid_until=voucher.valid_until,
        zone=one.zone,
        station=names,
    )
    lines = [
        *([CHECK] if one.live or perk.identity else []),
        *([OLD_ENOUGH.format(age=perk.minimum_age)] if perk.minimum_age else []),
        *([f"Good for {one.uses_left} uses."] if one.uses_left > 1 else [KEEP]),
        f"Reference {voucher.reference}",
    ]
    return card, Note(tuple(lines))
