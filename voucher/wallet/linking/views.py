"""The member's accounts elsewhere: which count for them, and linking one by its code."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.achievements.linking import joining
from app.activity.sources.declared import SourceSettings
from app.communities.linking import accounts as linked_accounts
from app.communities.linking import let_go, unlinking
from app.http import NotSignedIn, admits, installation
from app.programme.applying import current
from app.refusals import Refused
from voucher.wallet.pages.views import around, page, still_signed_in, whose_wallet

MOST_TYPED = 40

blueprint = Blueprint("wallet_linking", __name__, url_prefix="/wallet")


@blueprint.get("/accounts")
@admits("member")
def accounts() -> AnyResponse:
    """Which accounts count for the member, and where a code is entered."""
    return _page()


@blueprint.post("/accounts")
@admits("member")
def enter() -> AnyResponse:
    """Links the account that was shown this code; says on the same page what came of it."""
    code = request.form.get("code", "")[:MOST_TYPED]
    member = whose_wallet()
    try:
        linked = joining.enter_here(
            installation(),
            member.community_id,
            member.id,
            code,
            lambda session, _: still_signed_in(session),
        )
    except NotSignedIn:
        raise
    except Refused as refusal:
        answer = _page(complaint=str(refusal), typed=code)
        answer.status_code = refusal.status
        return answer
    return _page(linked=linked)


@blueprint.post("/accounts/unlink")
@admits("member")
def unlink() -> AnyResponse:
    """Takes one account from the member; what it did so far stays theirs."""
    member, source = whose_wallet(), request.form.get("source", "")
    try:
        with installation().unit_of_work() as session:
            still_signed_in(session)
            known = linked_accounts.standing(session, member.id)
            unlinking.unlink_own(session, known, source, now=clock.now())
    except NotSignedIn:
        raise
    except Refused as refusal:
        answer = _page(unlink_complaint=str(refusal))
        answer.status_code = refusal.status
        return answer
    return _page(unlinked=source)


def _page(**values: Any) -> AnyResponse:
    now, member = clock.now(), whose_wallet()
    with installation().reading() as session:
        frame = around(session, now)
        sources = current(session, member.community_id)["sources"]
        known = linked_accounts.told(session, member)
        let_go_of = let_go.told(session, member)
    of = [one["source"] for one in known]
    mine = [
        one
        | {
            "place": _name(sources, one["source"]),
            "can_go": unlinking.can_be_unlinked(of, one["source"]),
        }
        for one in known
    ]
    gone = [_name(sources, one["source"]) for one in let_go_of]
    linked = values.get("linked")
    if linked is not None:
        values["place"] = _name(sources, linked.account.source)
    if values.get("unlinked"):
        values["place"] = _name(sources, values["unlinked"])
    names = [settings.name for settings in sources.values()]
    return page("member/accounts.html", **frame, accounts=mine, gone=gone, sources=names, **values)


def _name(sources: dict[str, SourceSettings], source: str) -> str:
    settings = sources.get(source)
    return settings.name if settings else source.replace("_", " ").capitalize()
