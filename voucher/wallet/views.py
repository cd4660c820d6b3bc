"""The public page under a QR's address. It redeems nothing and shows nothing of the member."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template
from sqlalchemy import select

from app.communities.models import Community, Station
from app.http import admits, installation
from voucher.keys.keyring import key_set
from voucher.perks.models import Perk
from voucher.token import TokenRefused, TokenVerdict, read

blueprint = Blueprint("wallet", __name__)


@blueprint.get("/V/<token>")
@admits("anybody")
def public_page(token: str) -> tuple[str, int]:
    """What a voucher is for, where and when: whoever opens it may hold a shared picture."""
    with installation().reading() as session:
        try:
            payload = read(token, key_set(session))
        except TokenRefused as refused:
            renewed = refused.verdict == TokenVerdict.REVOKED_KEY
            return render_template("public/voucher.html", perk=None, renewed=renewed), 404
        perk = session.get(Perk, payload.perk)
        if perk is None:
            return render_template("public/voucher.html", perk=None), 404
        community = session.get_one(Community, perk.community_id)
        stations = session.scalars(
            select(Station).where(
                Station.community_id == community.id, Station.withdrawn_at.is_(None)
            )
        ).all()
        places = [s for s in stations if perk.stations is None or s.key in perk.stations]
        zone = ZoneInfo(community.timezone)
        window = [datetime.fromtimestamp(second, UTC).astimezone(zone) for second in payload.window]
    return render_template(
        "public/voucher.html", perk=perk, community=community, places=places, window=window
    ), 200
