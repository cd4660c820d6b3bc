"""Words that several letters share: moments, places, and how much is left."""

from datetime import datetime

from discord.utils import escape_markdown, escape_mentions
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.models import Station
from voucher.ledger.finding import Held

MOST_QUOTED = 1500
"""Of the 2000 letters that a message may have."""
SORRY = "Something went wrong on our side. Nothing of yours is lost; please try again."


def moment(at: datetime, style: str) -> str:
    """A moment that Discord shows to each reader in their own zone."""
    return f"<t:{int(at.timestamp())}:{style}>"


def places(session: Session, held: Held) -> str:
    """Where it can be redeemed, in words."""
    return " or ".join(station.name for station in stations(session, held)) or "our stations"


def stations(session: Session, held: Held) -> list[Station]:
    """The stations that stand and may redeem it."""
    every = session.scalars(
        select(Station)
        .where(Station.community_id == held.voucher.community_id, Station.withdrawn_at.is_(None))
        .order_by(Station.id)
    )
    wanted = held.perk.stations
    return [station for station in every if wanted is None or station.key in wanted]


def quoted(text: str) -> str:
    """What somebody wrote, as a quotation in which nothing is a format or a mention."""
    plain = escape_mentions(escape_markdown(text))
    shown = plain if len(plain) <= MOST_QUOTED else f"{plain[:MOST_QUOTED]}…"
    return "\n".join(f"> {line}" for line in shown.splitlines())


def left(held: Held, verb: str = "are") -> str:
    """How much is left of a voucher for several uses; empty for one that is for one."""
    voucher = held.voucher
    if voucher.uses == 1:
        return ""
    return f"{voucher.uses - voucher.uses_taken} of {voucher.uses} uses {verb} left."
