"""The cookie of a signed-in organiser."""

from werkzeug.wrappers import Response

from app.access.signing_in import SESSION_LASTS
from app.http import installation

NAME = "keepsake_organiser"


def signed_in(answer: Response, secret: str) -> Response:
    """Gives the browser its session: out of reach of scripts, and of other sites' writes."""
    answer.set_cookie(
        NAME,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=installation().settings.is_secure,
    )
    return answer
