"""How a member comes to their wallet: by a fresh one-time link, or by Discord."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import doors
from app.access.doors import MEMBERS
from app.communities.members import DISCORD
from app.communities.models import Identity, Member
from app.config import Settings


def new_address(
    session: Session, settings: Settings, member_id: int, *, now: datetime, voucher: str = ""
) -> str:
    """The address that opens a member's wallet in one browser, once, within 15 minutes.

    It leads to their voucher of that reference, where one is given.
    """
    secret = doors.new_link(session, MEMBERS, member_id, now=now)
    address = f"{settings.public_url}/wallet/enter/{secret}"
    return f"{address}?voucher={voucher}" if voucher else address


def by_session(session: Session, secret: str, *, now: datetime) -> Member | None:
    """The member whose browser carries this secret, or None."""
    found = doors.holder_of(session, MEMBERS, secret, now=now)
    return session.get(Member, found) if found is not None else None


def by_discord(session: Session, account: str) -> Member | None:
    """The member with this Discord account, or None; of several communities, in the newest."""
    return session.scalar(
        select(Member)
        .join(Identity, Identity.person_id == Member.person_id)
        .where(Identity.source == DISCORD, Identity.external_id == account)
        .order_by(Member.community_id.desc())
        .limit(1)
    )


def name_of_wallet(secret: str) -> str:
    """What a browser may call the wallet of its session: it tells two apart, and opens none."""
    return sha256(f"keepsake.wallet:{secret}".encode(errors="surrogatepass")).hexdigest()[:16]
