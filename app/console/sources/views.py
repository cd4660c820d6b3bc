"""The organisers' page of sources: what each sent, its keys, and the accounts linked to members."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.activity.sources import gaps
from app.activity.sources.keys import keeping, listing
from app.activity.sources.keys.listing import UnknownKey
from app.audit.reasons import read_reason
from app.communities.linking import unlinking
from app.console import forms
from app.console.frame import frame
from app.console.sources import listing as shown
from app.database import can_be_kept
from app.http import admits, installation
from app.programme.applying import current

blueprint = Blueprint("sources_page", __name__, url_prefix="/console/sources")


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """Every source, with forms for its keys and for accounts."""
    return _page()


@blueprint.post("/<source>/key")
@admits("organiser")
def new_key(source: str) -> AnyResponse:
    """Makes a key, which this answer alone shows."""
    at_once = request.form.get("older") == "now"

    def make(session: Session, ours: int, how: dict[str, Any]) -> tuple[str, str]:
        secret = keeping.make(session, ours, source, revoke=at_once, **how)
        return secret, current(session, ours)["sources"][source].name

    def show(made: tuple[str, str]) -> Response:
        secret, name = made
        page = render_template(
            "organiser/source_key.html", secret=secret, name=name, at_once=at_once
        )
        return Response(page)

    return forms.answer(make, _page, "sources_page.page", show)


@blueprint.post("/<source>/revoke")
@admits("organiser")
def revoke(source: str) -> AnyResponse:
    """Ends one key, or with none named all of the source's."""
    key = request.form.get("key", "")

    def end(session: Session, ours: int, how: dict[str, Any]) -> None:
        if not key:
            keeping.revoke_all(session, ours, source, **how)
            return
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            raise UnknownKey("There is no such key, or it works no more.")
        listing.revoke(session, ours, int(key), **how)

    return forms.answer(end, _page, "sources_page.page")


@blueprint.post("/<source>/unlink")
@admits("organiser")
def unlink(source: str) -> AnyResponse:
    """Takes an account of a source from the member it is linked to."""
    account = request.form.get("account", "").strip()

    def take(session: Session, ours: int, how: dict[str, Any]) -> None:
        reason = read_reason(request.form.get("reason", ""))
        if not account or not can_be_kept(account) or not can_be_kept(source):
            raise unlinking.NotLinked("Name the account as its source calls it.")
        unlinking.unlink(session, ours, source, account, reason=reason, **how)

    return forms.answer(take, _page, "sources_page.page")


def _page(complaint: str = "") -> str:
    with installation().reading() as session:
        sources = shown.sources(session, frame().community.id, now=clock.now())
    return forms.render(
        "organiser/sources.html",
        complaint,
        sources=sources,
        reasons=shown.REASONS,
        reason_of=gaps.reason_of,
        most_linked=shown.MOST_LINKED,
    )
