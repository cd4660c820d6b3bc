"""Pages for signing in and out."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.access import cookies, signing_in
from app.actor import Actor
from app.http import Caller, admits, check_origin, installation
from app.installation import Installation

blueprint = Blueprint("access", __name__)


def authenticate(owner: Installation, req: Any, *, remembered: bool = False) -> Caller | None:
    """The organiser whose session cookie the request carries, or None."""
    secret = req.cookies.get(cookies.NAME)
    if not secret:
        return None
    with owner.reading() as session:
        found = signing_in.by_session(session, secret, now=clock.now())
    if found is None:
        return None
    return Caller(
        Actor("organiser", str(found.id)),
        frozenset({"organiser"}),
        found.community_id,
        by_cookie=True,
        about=found.name,
    )


@blueprint.get("/sign-in")
@admits("anybody")
def sign_in() -> str:
    """How to sign in."""
    return render_template(
        "public/sign_in.html", discord=installation().settings.has_discord_login, state="ask"
    )


@blueprint.get("/sign-in/<secret>")
@admits("anybody")
def show_link(secret: str) -> str:
    """The page of a one-time link: looking at it does not use it up."""
    with installation().reading() as session:
        is_open = signing_in.link_is_open(session, secret, now=clock.now())
    return render_template(
        "public/sign_in.html",
        discord=installation().settings.has_discord_login,
        state="open" if is_open else "spent",
    )


@blueprint.post("/sign-in/<secret>")
@admits("anybody")
def use_link(secret: str) -> AnyResponse:
    """Uses the link up and signs this browser in."""
    check_origin()
    with installation().unit_of_work() as session:
        cookie = signing_in.use_link(session, secret, now=clock.now())
    return cookies.signed_in(redirect(url_for("console.overview"), 303), cookie)


@blueprint.post("/sign-out")
@admits("organiser")
def sign_out() -> AnyResponse:
    """Ends this browser's session."""
    with installation().unit_of_work() as session:
        signing_in.end_session(session, request.cookies.get(cookies.NAME, ""), now=clock.now())
    return cookies.signed_out(redirect(url_for("access.sign_in"), 303))
