"""What a member does in their wallet by themselves: a new code, a new one for what ended, “this was
not me”, other browsers signed out.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.access.cookies import WALLET
from app.activity.boards import hiding
from app.communities import zones
from app.communities.models import Member
from app.http import admits, caller, installation
from voucher.ledger.changes import renewing
from voucher.ledger.finding import Held
from voucher.scans.disputes import disputing
from voucher.wallet import closing, reissuing
from voucher.wallet.pages.views import around, own, page, still_signed_in, whose_wallet

T = TypeVar("T")

blueprint = Blueprint("wallet_moves", __name__, url_prefix="/wallet")


@blueprint.post("/<reference>/reissue")
@admits("member")
def reissue(reference: str) -> AnyResponse:
    """Replaces the voucher; pressed again it leads to the one that took its place."""

    def replaced(session: Session) -> str:
        held = own(session, reference)
        after = reissuing.successor(session, held)
        return after.voucher.reference if after else _replace(session, held)

    return redirect(url_for("wallet.voucher", reference=_done(replaced)), 303)


@blueprint.post("/<reference>/renew")
@admits("member")
def renew(reference: str) -> AnyResponse:
    """Gets a new one for a voucher that ended; pressed again it leads to the one that came."""
    member = whose_wallet()

    def renewed(session: Session) -> str:
        after = reissuing.successor(session, own(session, reference))
        return after.voucher.reference if after else _renew(session, member, reference)

    return redirect(url_for("wallet.voucher", reference=_done(renewed)), 303)


@blueprint.post("/<reference>/dispute")
@admits("member")
def dispute(reference: str) -> AnyResponse:
    """Tells the organisers that a redemption was not the member's."""
    try:
        redemption = UUID(request.form.get("redemption", ""))
    except ValueError as error:
        raise disputing.UnknownRedemption("The form names no redemption.") from error

    def disputed(session: Session) -> None:
        member_id = own(session, reference).member.id
        disputing.dispute(session, redemption, member_id=member_id, now=clock.now())

    _done(disputed)
    return redirect(url_for("wallet.voucher", reference=reference) + "#disputed", 303)


@blueprint.post("/sign-out-elsewhere")
@admits("member")
def sign_out_elsewhere() -> AnyResponse:
    """Signs the member's other browsers out, and says that it is done."""
    now = clock.now()

    def closed(session: Session) -> dict[str, Any]:
        how: dict[str, Any] = {"actor": caller().actor, "now": now, "but": _this_browser()}
        browsers = closing.close(session, whose_wallet(), **how)
        return around(session, now) | {"browsers": browsers}

    return page("member/alone.html", **_done(closed))


@blueprint.post("/leaderboards")
@admits("member")
def leaderboards() -> AnyResponse:
    """Shows the member on no leaderboard that others see, or on them again."""
    hides, now = request.form.get("shown") == "no", clock.now()

    def changed(session: Session) -> None:
        member = whose_wallet()
        if hides:
            hiding.hide(session, member.community_id, member.id, now=now)
        else:
            hiding.appear(session, member.community_id, member.id)

    _done(changed)
    return redirect(url_for("wallet.home") + "#leaderboards", 303)


@blueprint.post("/zone")
@admits("member")
def zone() -> AnyResponse:
    """Keeps the time zone of the member's phone, so that no reminder comes in their night."""
    named = request.form.get("zone", "")
    _done(lambda session: zones.keep(session, whose_wallet(), named))
    return Response(status=204)


def _done(deed: Callable[[Session], T]) -> T:
    """What a deed returns, of a member who is still signed in as it ends; else nothing is done."""

    def done(session: Session) -> T:
        result = deed(session)
        still_signed_in(session)
        return result

    return installation().do(done)


def _replace(session: Session, held: Held) -> str:
    how: dict[str, Any] = {"actor": caller().actor, "now": clock.now()}
    return reissuing.reissue(session, held, browser=_this_browser(), **how).reference


def _renew(session: Session, member: Member, reference: str) -> str:
    how: dict[str, Any] = {"member_id": member.id, "now": clock.now()}
    return renewing.renew_own(session, member.community_id, reference, **how).reference


def _this_browser() -> str:
    return request.cookies.get(WALLET.name, "")
