"""The organisers' page of the programme: what is in force, what a change would do, and what was
changed before.
"""

from hashlib import sha256

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.achievements.changes import changing
from app.actor import Actor
from app.console import forms
from app.console.frame import frame
from app.console.organisers import name_of
from app.console.programme.reading import TYPED, given, programme_of, text_of
from app.http import admits, caller, installation
from app.programme import applying, history
from app.programme.applying import ChangedMeanwhile
from app.refusals import Refused

SHOWN = 20
SAME, OLDER, CHANGED, MISSING = "same", "older", "changed", "missing"

blueprint = Blueprint("programme_page", __name__, url_prefix="/console/programme")


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """What is in force, a form to change it, and the changes before."""
    return _page()


@blueprint.get("/programme.toml")
@admits("organiser")
def download() -> Response:
    """The programme in force, as a file."""
    with installation().reading() as session:
        text = history.newest(session, frame().community.id).content
    answer = Response(text, mimetype="application/toml")
    answer.headers["Content-Disposition"] = 'attachment; filename="programme.toml"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/compare")
@admits("organiser")
def compare() -> AnyResponse:
    """What the programme that was sent would change; nothing is changed yet."""
    text = None
    try:
        path, text = given()
        programme = programme_of(path, text)
        found = changing.compare(installation(), programme)
    except Refused as refused:
        complaint, typed = str(refused), text
        return Response(_page(complaint, typed), refused.status)
    if not found.lines:
        return Response(_page(notice="This is in force already: nothing would change."))
    return Response(
        forms.render(
            "organiser/programme_change.html",
            "",
            difference=found,
            programme=programme,
        )
    )


@blueprint.post("/apply")
@admits("organiser")
def apply() -> AnyResponse:
    """Brings into force what was shown, unless another programme is by now."""
    form, text = request.form, None
    try:
        text = text_of(form.get("text", "").encode("utf-8", "replace"))
        if sha256(text.encode()).hexdigest() != form.get("shown"):
            raise ChangedMeanwhile
        programme = programme_of(TYPED, text)
        seen = form.get("seen") or "-"
        applying.apply_now(installation(), programme, actor=caller().actor, seen=seen)
    except Refused as refused:
        return Response(_page(str(refused), text), refused.status)
    return redirect(url_for("programme_page.page", applied=1), 303)


def _page(complaint: str = "", text: str | None = None, notice: str = "") -> str:
    ours = frame().community.id
    before = request.args.get("before", "")
    is_number = before.isascii() and before.isdecimal() and len(before) < 19
    with installation().reading() as session:
        newest = history.newest(session, ours)
        past = history.past(
            session, ours, limit=SHOWN + 1, before=int(before) if is_number else None
        )
        by = {str(one.by): name_of(session, one.by) for one in past}
        applied_by = name_of(session, Actor.parse(newest.applied_by)) if newest.applied_by else ""
        state = _state_of_file(session, newest.content)
    if not complaint and "applied" in request.args:
        notice = (
            "It is in force. Who newly qualifies is granted by the worker, within a minute or so."
        )
    return forms.render(
        "organiser/programme.html",
        complaint,
        notice=notice,
        newest=newest,
        applied_by=applied_by,
        text=newest.content if text is None else text,
        is_typed=text is not None,
        past=past[:SHOWN],
        older=past[SHOWN - 1].id if len(past) > SHOWN else None,
        is_first=not is_number,
        by=by,
        file=installation().settings.programme_file.name,
        state=state,
    )


def _state_of_file(session: Session, in_force: str) -> str:
    """How the file on this machine stands to what is in force."""
    path = installation().settings.programme_file
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return MISSING
    if text == in_force:
        return SAME
    ours = frame().community.id
    return OLDER if applying.was_of_file(session, ours, text) else CHANGED
