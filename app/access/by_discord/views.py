"""Discord OAuth2 by Authlib, for organisers and members, where a client id is configured."""

from typing import Any

from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app import clock
from app.access import cookies, signing_in
from app.access.by_discord.asking import account_id
from app.config import Settings
from app.http import NotAllowed, admits, installation
from app.installation import Installation

blueprint = Blueprint("discord_login", __name__, url_prefix="/sign-in/by-discord")
PATIENCE_SECONDS = 10
CONSOLE, WANTED = "console", "wanted"


def set_up(app: Flask, settings: Settings) -> None:
    """Registers Discord with Authlib (https://discord.com/developers/docs/topics/oauth2)."""
    secret = settings.discord_client_secret
    if not settings.has_discord_login or secret is None:
        return
    # Authlib keeps the state and the PKCE verifier in the signed session cookie on the way.
    app.secret_key = secret.get_secret_value()
    app.config.update(
        SESSION_COOKIE_NAME="keepsake_oauth",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
    )
    base = settings.discord_oauth_url
    OAuth(app).register(
        "discord",
        client_id=settings.discord_client_id,
        client_secret=secret.get_secret_value(),
        authorize_url=f"{base}/oauth2/authorize",
        access_token_url=f"{base}/api/oauth2/token",
        api_base_url=f"{base}/api/",
        client_kwargs={
            "scope": "identify",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE_SECONDS,
        },
    )


@blueprint.get("")
@admits("anybody")
def start() -> Response:
    """Sends the browser to Discord; `?to=` names where its owner wants to arrive."""
    discord = _discord()
    # Discord leads everybody back to the same address, so the cookie on the way keeps it.
    session[WANTED] = request.args.get("to", CONSOLE)
    target = installation().settings.public_url + url_for("discord_login.come_back")
    answer: Response = discord.authorize_redirect(target)
    return answer


@blueprint.get("/back")
@admits("anybody")
def come_back() -> Response:
    """Signs in whom Discord names, where that account may arrive.

    Refuses with one sentence everybody else, and whatever else comes back.
    """
    account = account_id(_discord())
    arrivals = installation().plugins.arrivals
    arrive = arrivals.get(session.pop(WANTED, CONSOLE)) or arrivals[CONSOLE]
    answer: Response = arrive(installation(), account)
    return answer


def arrive_at_console(owner: Installation, account: str) -> Response:
    """Signs an organiser of this account in; raises `NotAllowed` where there is none."""
    with owner.unit_of_work() as work:
        found = signing_in.by_discord(work, account)
        if found is None:
            raise NotAllowed("This Discord account is not one of the organisers'.")
        cookie = signing_in.start_session(work, found.id, now=clock.now())
    return cookies.signed_in(redirect(url_for("console.overview"), 303), cookie)


def _discord() -> Any:
    if not installation().settings.has_discord_login:
        raise NotAllowed("Signing in by Discord is not set up here.")
    return current_app.extensions["authlib.integrations.flask_client"].discord
