"""The public's pages of leaderboards, where a community wants them."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.activity.boards import shown
from app.activity.boards.naming import NotBegun
from app.activity.boards.settings import public_ones
from app.activity.sources import gaps
from app.communities.models import Community
from app.http import admits, installation
from app.programme.applying import current
from app.refusals import Refused

PLACES, LEADERS = 100, 3
FRESH = "public, max-age=1"
"""With the three seconds after which a page asks again, nobody sees a count older than five."""

blueprint = Blueprint("leaderboards", __name__, url_prefix="/c/<community>/leaderboards")
blueprint.add_app_template_global(gaps.reason_of, "reason_of_gap")


class NotPublic(Refused):
    """There is no such community or board, or it shows nothing to the public."""

    code: ClassVar[str] = "unknown_leaderboard"
    status: ClassVar[int] = 404


@blueprint.get("/")
@admits("anybody")
def every(community: str) -> Response:
    """The boards that a community shows to the public."""
    how: dict[str, Any] = {"limit": LEADERS, "public": True, "now": clock.now()}
    with installation().reading() as session:
        owner, programme = _owner(session, community)
        boards = public_ones(programme)
        leads = {key: shown.newest(session, owner.id, programme, key, **how) for key in boards}
    if not boards:
        raise NotPublic("There are no public leaderboards here.")
    return _page("public/leaderboards.html", community=owner, boards=boards, leads=leads)


@blueprint.get("/<board>")
@blueprint.get("/<board>/<window>")
@admits("anybody")
def one(community: str, board: str, window: str | None = None) -> Response:
    """A board in a window, which stays current by itself while the window is open."""
    now = clock.now()
    with installation().reading() as session:
        owner, programme = _owner(session, community)
        settings = programme["leaderboards"].get(board)
        if settings is None or not settings.public:
            raise NotPublic("There is no public leaderboard here.")
        how: dict[str, Any] = {"limit": PLACES, "public": True, "now": now}
        try:
            seen = shown.show(session, owner.id, programme, board, window, **how)
        except NotBegun as ahead:
            told: dict[str, Any] = {"board": settings, "sentence": str(ahead)}
            return _page("public/leaderboard_ahead.html", community=owner, **told)
        before = _moment(request.args.get("before"))
        closed, further = shown.archive(session, owner.id, programme, board, before=before)
    return _page(
        "public/leaderboard.html",
        community=owner,
        shown=seen,
        named=window,
        closed=closed,
        further=further,
        before=before,
        now=now,
    )


def _owner(session: Session, key: str) -> tuple[Community, dict[str, Any]]:
    owner = session.scalar(select(Community).where(Community.key == key))
    if owner is None:
        raise NotPublic("There is no community of that name here.")
    return owner, current(session, owner.id)


def _page(template: str, **values: Any) -> Response:
    answer = Response(render_template(template, has_boards=True, **values))
    answer.headers["Cache-Control"] = FRESH
    return answer


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
