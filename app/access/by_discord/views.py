"""Discord OAuth2 for organisers, by Authlib, where a client id and secret are configured."""

from typing import Any

from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, redirect, url_for
from werkzeug.wrappers import Response

from app import clock
from app.access import cookies, signing_in
from app.access.by_discord.asking import account_id
from app.config import Settings
from app.http import NotAllowed, admits, installation

blueprint = Blueprint("discord_login", __name__, url_prefix="/sign-in/by-discord")
PATIENCE_SECONDS = 10


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
    """Sends the browser to Discord."""
    target = installation().settings.public_url + url_for("discord_login.come_back")
    answer: Response = _discord().authorize_redirect(target)
    return answer


@blueprint.get("/back")
@admits("anybody")
def come_back() -> Response:
    """Signs in whom Discord names, if an organiser was entered with that account.

    Refuses with one sentence everybody else, and whatever else comes back.
    """
    account = account_id(_discord())
    with installation().unit_of_work() as session:
        found = signing_in.by_discord(session, account)
        if found is None:
            raise NotAllowed("This Discord account is not one of the organisers'.")
        cookie = signing_in.start_session(session, found.id, now=clock.now())
    return cookies.signed_in(redirect(url_for("console.overview"), 303), cookie)


def _discord() -> Any:
    if not installation().settings.has_discord_login:
        raise NotAllowed("Signing in by Discord is not set up here.")
    return current_app.extensions["authlib.integrations.flask_client"].discord
