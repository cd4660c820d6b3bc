"""The cookies of those who are signed in: organisers', and members' for their wallet."""

from dataclasses import dataclass
from datetime import timedelta

from werkzeug.wrappers import Response

from app.access.doors import MEMBERS, ORGANISERS
from app.http import installation


@dataclass(frozen=True)
class Cookie:
    """A cookie's name, the part of the site that sees it, and how long it lasts."""

    name: str
    path: str
    lasts: timedelta


ORGANISER = Cookie("keepsake_organiser", "/", ORGANISERS.session_lasts)
WALLET = Cookie("keepsake_wallet", "/wallet", MEMBERS.session_lasts)
NAME = ORGANISER.name


def signed_in(answer: Response, secret: str, cookie: Cookie = ORGANISER) -> Response:
    """Gives the browser its session: out of reach of scripts, and of other sites' writes."""
    answer.set_cookie(
        cookie.name,
        secret,
        max_age=int(cookie.lasts.total_seconds()),
        path=cookie.path,
        httponly=True,
        samesite="Lax",
        secure=installation().settings.is_secure,
    )
    return answer


def signed_out(answer: Response, cookie: Cookie = ORGANISER) -> Response:
    """Takes the cookie away."""
    answer.delete_cookie(cookie.name, path=cookie.path)
    return answer
