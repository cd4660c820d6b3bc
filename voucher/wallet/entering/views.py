"""A member's way in and out: a link that works once, Discord, and the session's cookie."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.access import cookies, doors
from app.access.cookies import WALLET
from app.access.doors import MEMBERS, LinkSpent
from app.actor import Actor
from app.http import Caller, NotAllowed, admits, check_origin, installation
from app.installation import Installation
from voucher.ledger.finding import REFERENCE
from voucher.wallet.entering import links

ARRIVAL = "wallet"

blueprint = Blueprint("wallet_entering", __name__, url_prefix="/wallet")


def authenticate(owner: Installation, req: Any, *, remembered: bool = False) -> Caller | None:
    """The member whose wallet this browser shows, or None; on the wallet's own pages alone."""
    secret = req.cookies.get(WALLET.name)
    if not secret or not req.path.startswith(WALLET.path):
        return None
    with owner.reading() as session:
        member = links.by_session(session, secret, now=clock.now())
    if member is None:
        return None
    actor = Actor("member", str(member.id))
    return Caller(actor, frozenset({"member"}), member.community_id, by_cookie=True, about=member)


def arrive(owner: Installation, account: str) -> Response:
    """Opens the wallet of the member with this Discord account; raises `NotAllowed`."""
    with owner.unit_of_work() as session:
        member = links.by_discord(session, account)
        if member is None:
            raise NotAllowed("This Discord account has no vouchers here yet.")
        secret = doors.start_session(session, MEMBERS, member.id, now=clock.now())
    return cookies.signed_in(redirect(url_for("wallet.home"), 303), secret, WALLET)


@blueprint.get("/enter/<secret>")
@admits("anybody")
def show_link(secret: str) -> str:
    """The page of a one-time link: looking at it does not use it up."""
    with installation().reading() as session:
        is_open = doors.link_is_open(session, MEMBERS, secret, now=clock.now())
    return _page("open" if is_open else "spent")


@blueprint.post("/enter/<secret>")
@admits("anybody")
def use_link(secret: str) -> Response | tuple[str, int]:
    """Uses the link up and opens the wallet in this browser."""
    check_origin()
    try:
        with installation().unit_of_work() as session:
            cookie = doors.use_link(session, MEMBERS, secret, now=clock.now())
    except LinkSpent as spent:
        return _page("spent"), spent.status
    return cookies.signed_in(redirect(_wanted(), 303), cookie, WALLET)


@blueprint.post("/sign-out")
@admits("member")
def sign_out() -> Response:
    """Ends this browser's session; the page that follows has the browser forget the wallet."""
    secret = request.cookies.get(WALLET.name, "")
    with installation().unit_of_work() as session:
        doors.end_session(session, MEMBERS, secret, now=clock.now())
    return cookies.signed_out(redirect(url_for("wallet.home"), 303), WALLET)


def _page(state: str) -> str:
    discord = installation().settings.has_discord_login
    return render_template("member/enter.html", state=state, discord=discord, arrival=ARRIVAL)


def _wanted() -> str:
    reference = request.args.get("voucher", "")
    if REFERENCE.fullmatch(reference):
        return url_for("wallet.voucher", reference=reference)
    return url_for("wallet.home")
