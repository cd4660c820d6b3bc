"""The organisers' overview, whole and as the fragment that refreshes it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.console.frame import frame
from app.console.moments import spoken
from app.console.panels import filled
from app.http import admits, caller, installation
from app.refusals import Refused

blueprint = Blueprint("console", __name__)
blueprint.add_app_template_filter(spoken, "spoken")
blueprint.app_context_processor(lambda: {"frame": frame})


@dataclass(frozen=True)
class Complaint:
    """Why a panel's form was refused: its template sees this as `complaint`, and
    looks whether it is about the panel's own.
    """

    sentence: str
    panel: str
    about: Any
    """Which of the panel's forms it was."""
    typed: str


@blueprint.get("/")
@admits("anybody")
def front() -> AnyResponse:
    """Leads organisers to their overview, and everybody else to where they sign in."""
    is_organiser = "organiser" in caller().roles
    return redirect(url_for("console.overview" if is_organiser else "access.sign_in"))


@blueprint.get("/console")
@admits("organiser")
def overview() -> str:
    """Everything at a glance; it stays current by itself."""
    return render_template("organiser/overview.html", **_now_shown())


@blueprint.get("/console/overview/panels")
@admits("organiser")
def panels() -> str:
    """The overview's panels alone."""
    return render_template("organiser/panels.html", **_now_shown())


def overview_with(refused: Refused, *, panel: str, about: Any, typed: str) -> Response:
    """The overview in answer to a panel's form that was refused, with what had been typed."""
    complaint = Complaint(str(refused), panel, about, typed)
    page = render_template("organiser/overview.html", **_now_shown(), complaint=complaint)
    return Response(page, refused.status)


def _now_shown() -> dict[str, Any]:
    now, around = clock.now(), frame()
    with installation().reading() as session:
        shown = filled(session, installation().plugins.panels, around.community.id, now)
    return {"shown": shown, "zone": around.zone, "now": now}
