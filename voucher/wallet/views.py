"""The public page under a QR's address. It redeems nothing and shows nothing of the member."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.models import Community, Station
from app.http import admits, installation
from voucher.keys.keyring import key_set
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.token import Payload, TokenRefused, TokenVerdict, read

blueprint = Blueprint("voucher_page", __name__)


@blueprint.get("/V/<token>")
@admits("anybody")
def public_page(token: str) -> Response:
    """What a voucher is for, where and when: whoever opens it may hold a shared picture."""
    with installation().reading() as session:
        try:
            payload = read(token, key_set(session))
        except TokenRefused as refused:
            renewed = refused.verdict == TokenVerdict.REVOKED_KEY
            return _page(404, perk=None, renewed=renewed)
        perk = session.get(Perk, payload.perk)
        if perk is None:
            return _page(404, perk=None)
        community = session.get_one(Community, perk.community_id)
        stations = session.scalars(
            select(Station).where(
                Station.community_id == community.id, Station.withdrawn_at.is_(None)
            )
        ).all()
        places = [s for s in stations if perk.stations is None or s.key in perk.stations]
        zone = ZoneInfo(community.timezone)
        window = [moment.astimezone(zone) for moment in _window(session, perk, payload)]
    return _page(200, perk=perk, community=community, places=places, window=window)


def _page(status: int, **shown: Any) -> Response:
    answer = Response(render_template("public/voucher.html", **shown), status)
    # Its address is the code: what is opened from here, styles as well, must not be told of it.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _window(session: Session, perk: Perk, payload: Payload) -> tuple[datetime, datetime]:
    """The record's word on the window, which goes before the signed one: a live code's own is a
    minute, and a voucher may have been extended. Nothing else of the record is told.
    """
    row = session.execute(
        select(Voucher.valid_from, Voucher.valid_until).where(
            Voucher.code == payload.voucher, Voucher.community_id == perk.community_id
        )
    ).one_or_none()
    if row is not None:
        return row.valid_from, row.valid_until
    begins, ends = (datetime.fromtimestamp(second, UTC) for second in payload.window)
    return begins, ends
