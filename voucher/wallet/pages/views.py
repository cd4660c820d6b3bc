"""The member's wallet: their vouchers, each one's page, and what can be done there."""

from datetime import datetime
from io import BytesIO
from typing import Any, ClassVar
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    json,
    jsonify,
    render_template,
    request,
    send_file,
)
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.access import doors
from app.access.cookies import WALLET
from app.access.doors import MEMBERS
from app.activity.boards import hiding
from app.audit import proofs
from app.communities import zones
from app.communities.models import Community, Member
from app.http import NotSignedIn, admits, caller, installation
from app.programme.applying import current
from app.refusals import Refused
from voucher.ledger.finding import Held, UnknownVoucher, by_reference, of_member
from voucher.ledger.issuance.owed_words import to_come
from voucher.ledger.issuance.owing import owed_to
from voucher.perks.pictures import WEBP, picture_of
from voucher.wallet import reissuing
from voucher.wallet.entering.links import name_of_wallet
from voucher.wallet.entering.views import ARRIVAL
from voucher.wallet.live import OPEN, count_batch, mint_batch, signed_by
from voucher.wallet.pages import paper
from voucher.wallet.pages.history import entry_of, steps_of
from voucher.wallet.pages.progress import own_progress
from voucher.wallet.pages.shown import show_all

NAME_HEADER, NO_WALLET = "Keepsake-Wallet", "none"
"""Tells the service worker whose wallet a page is: it keeps no other."""
MOST_PAST = 50

blueprint = Blueprint("wallet", __name__, url_prefix="/wallet")


class NoPicture(Refused):
    """The perk has no picture that could be shown."""

    code: ClassVar[str] = "no_picture"
    status: ClassVar[int] = 404


@blueprint.get("/")
@admits("anybody")
def home() -> AnyResponse:
    """A member's vouchers; or how to get in, for who is nobody's."""
    if "member" not in caller().roles:
        return _how_to_get_in()
    member, now, settings = whose_wallet(), clock.now(), installation().settings
    with installation().reading() as session:
        every = of_member(session, member.community_id, member.id)
        current = [held for held in every if held.state(now) in OPEN]
        current.sort(key=lambda held: (held.voucher.valid_until, held.voucher.id))
        past = [held for held in every if held not in current][:MOST_PAST]
        frame = around(session, now)
        shown = show_all(session, settings, current, now)
        over = show_all(session, settings, past, now)
        waiting = to_come(owed_to(session, member.community_id, member.id))
    return page("member/wallet.html", **frame, shown=shown, over=over, to_come=waiting)


@blueprint.get("/progress")
@admits("anybody")
def progress() -> AnyResponse:
    """A member's counters beside the published criteria, and what of theirs did not count."""
    if "member" not in caller().roles:
        return _how_to_get_in()
    now = clock.now()
    with installation().reading() as session:
        shown = own_progress(session, whose_wallet(), now=now)
        frame = around(session, now)
    return page("member/progress.html", **frame, **shown)


@blueprint.get("/<reference>")
@admits("anybody")
def voucher(reference: str) -> AnyResponse:
    """A voucher's page: what to show and where, and its history."""
    if "member" not in caller().roles:
        return _how_to_get_in()
    now = clock.now()
    with installation().reading() as session:
        held = own(session, reference)
        (one,) = show_all(session, installation().settings, [held], now)
        after = reissuing.successor(session, held) if not one.is_open else None
        frame = around(session, now) | {
            "one": one,
            "steps": steps_of(session, held.voucher),
            "successor": after.voucher.reference if after else None,
            "may_replace": one.is_open and reissuing.times_replaced(session, held) < reissuing.MOST,
        }
    return page("member/voucher.html", **frame)


@blueprint.get("/<reference>/live")
@admits("member")
def live(reference: str) -> Response:
    """Live codes for the next hours, for the page to keep: JSON, stored by nobody on the way."""
    now = clock.now()
    with installation().unit_of_work() as session:
        count_batch(session, own(session, reference), now=now)
    with installation().reading() as session:
        held = own(session, reference)
        batch = mint_batch(session, installation().settings, held, now=now)
    # Twelve hours of codes: not for who was signed out while they were made.
    with installation().reading() as session:
        still_signed_in(session)
    return _kept_by_nobody(batch.as_json())


@blueprint.get("/status")
@admits("member")
def status() -> Response:
    """By which keys the wallet's codes are signed: its pages ask every half minute."""
    member, now = whose_wallet(), clock.now()
    with installation().reading() as session:
        every = of_member(session, member.community_id, member.id)
        return _kept_by_nobody(signed_by(session, every, now=now))


@blueprint.get("/<reference>/card.pdf")
@admits("member")
def card(reference: str) -> AnyResponse:
    """The card to print, for who would rather carry paper."""
    now = clock.now()
    with installation().reading() as session:
        held = own(session, reference)
        (one,) = show_all(session, installation().settings, [held], now)
        if not one.is_open:
            raise NotFound("There is nothing left to print for this voucher.")
        community = session.get_one(Community, held.voucher.community_id)
        drawn = paper.draw(community, one, installation().settings)
    return _download(drawn, f"voucher-{reference}.pdf", "application/pdf")


@blueprint.get("/<reference>/picture")
@admits("member")
def picture(reference: str) -> AnyResponse:
    """The perk's picture."""
    with installation().reading() as session:
        held = own(session, reference)
    found = picture_of(installation().settings, held.perk.picture)
    if found is None:
        raise NoPicture("There is no picture of it.")
    answer = send_file(BytesIO(found.content), WEBP, max_age=0)
    answer.headers[NAME_HEADER] = _name()
    return answer


@blueprint.get("/<reference>/proofs/<uuid:entry>")
@admits("member")
def proof(reference: str, entry: UUID) -> AnyResponse:
    """The proof that a step is in the record, for `keepsake audit check` or anybody's own check."""
    with installation().reading() as session:
        found = entry_of(session, own(session, reference).voucher, entry)
        if found is None:
            raise NotFound("This step is not one of this voucher's.")
        shown = proofs.prove(session, found)
        number = found.number
    text = json.dumps(shown).encode()
    return _download(text, f"proof-{reference}-{number}.json", "application/json")


def whose_wallet() -> Member:
    """The member whose wallet this browser shows."""
    member: Member = caller().about
    return member


def still_signed_in(session: Session) -> None:
    """Raises `NotSignedIn` where this browser was signed out since its request was let in."""
    secret = request.cookies.get(WALLET.name, "")
    if doors.holder_of(session, MEMBERS, secret, now=clock.now()) != whose_wallet().id:
        raise NotSignedIn("You were signed out just now.")


def own(session: Session, reference: str) -> Held:
    """The member's own voucher; another one's is as unknown as one that never was."""
    member = whose_wallet()
    held = by_reference(session, member.community_id, reference)
    if held.voucher.member_id != member.id:
        raise UnknownVoucher("There is no such voucher.")
    return held


def around(session: Session, now: datetime) -> dict[str, Any]:
    """What the frame of every page of the wallet needs."""
    member = whose_wallet()
    community = session.get_one(Community, member.community_id)
    zone = zones.told(session, member)
    return {
        "community": community,
        "member": member,
        "now": now,
        "wallet": _name(),
        "zone": zone or "",
        "has_sources": bool(current(session, member.community_id)["sources"]),
        "hides": _hides(session, member),
    }


def _hides(session: Session, member: Member) -> bool | None:
    """Whether the member is left out of leaderboards; None where there are none."""
    if not current(session, member.community_id)["leaderboards"]:
        return None
    return hiding.is_hidden(session, member.community_id, member.id)


def _name() -> str:
    return name_of_wallet(request.cookies.get(WALLET.name, ""))


def page(template: str, **values: Any) -> AnyResponse:
    """A page of this wallet, which the service worker may keep."""
    answer = Response(render_template(template, **values))
    answer.headers[NAME_HEADER] = _name()
    return answer


def _kept_by_nobody(content: Any) -> Response:
    answer = jsonify(content)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _how_to_get_in() -> AnyResponse:
    discord = installation().settings.has_discord_login
    page = render_template("member/ask.html", discord=discord, arrival=ARRIVAL)
    answer = Response(page, 401)
    answer.headers[NAME_HEADER] = NO_WALLET
    return answer


def _download(content: bytes, name: str, kind: str) -> AnyResponse:
    answer = send_file(BytesIO(content), kind, as_attachment=True, download_name=name, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer
