"""The organisers' page of leaderboards: each window, how it stands, and what closed."""

from typing import Any

from flask import Blueprint, render_template, request

from app import clock
from app.activity.boards import hiding, shown
from app.activity.boards.naming import UnknownBoard, UnknownWindow
from app.console.frame import frame
from app.http import admits, installation
from app.programme.applying import current

PLACES = 100

blueprint = Blueprint("leaderboards_page", __name__)


@blueprint.get("/console/leaderboards")
@admits("organiser")
def page() -> str:
    """A board in one of its windows, also with who hides; the first one unless asked otherwise."""
    now, around = clock.now(), frame()
    with installation().reading() as session:
        programme = current(session, around.community.id)
        boards = programme["leaderboards"]
        asked, sentence = request.args.get("board") or next(iter(boards), None), None
        seen, hidden = None, set[int]()
        closed: list[shown.Archived] = []
        if asked is not None:
            how: dict[str, Any] = {"limit": PLACES, "public": False, "now": now}
            scope = session, around.community.id, programme, asked
            try:
                seen = shown.show(*scope, request.args.get("window") or None, **how)
            except (UnknownBoard, UnknownWindow) as error:
                sentence = str(error)
            if asked in boards:
                closed, _ = shown.archive(*scope)
        if seen is not None:
            ids = [place.member_id for place in seen.places]
            hidden = hiding.among_hidden(session, around.community.id, ids)
    return render_template(
        "organiser/leaderboards.html",
        boards=boards,
        asked=asked,
        shown=seen,
        closed=closed,
        hidden=hidden,
        sentence=sentence,
        zone=around.zone,
        now=now,
    )
