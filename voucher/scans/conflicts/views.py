"""What an organiser's form about a conflict does."""

from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.audit.reasons import read_reason
from app.console.views import overview_with
from app.http import admits, caller, installation
from app.refusals import Refused
from voucher.scans.conflicts import conflicts
from voucher.scans.conflicts.conflicts import Resolution, UnknownConflict

PANEL = "conflicts"

blueprint = Blueprint("conflicts", __name__, url_prefix="/console/conflicts")


class UnknownResolution(Refused):
    """The form names no way to resolve a conflict."""

    code: ClassVar[str] = "unknown_resolution"
    status: ClassVar[int] = 422


@blueprint.post("/<uuid:conflict>")
@admits("organiser")
def resolve(conflict: UUID) -> AnyResponse:
    """Resolves a conflict; what refuses it is told beside the form, with the reason kept."""
    try:
        _resolve(conflict)
    except Refused as refused:
        return overview_with(
            refused, panel=PANEL, about=conflict, typed=request.form.get("reason", "")
        )
    return redirect(url_for("console.overview", _anchor=f"panel-{PANEL}"), 303)


def _resolve(conflict: UUID) -> None:
    reason, who = read_reason(request.form.get("reason", "")), caller()
    try:
        resolution = Resolution(request.form.get("resolution", ""))
    except ValueError as error:
        raise UnknownResolution("Press one of the buttons.") from error
    if who.community_id is None:
        raise UnknownConflict("There is no such conflict.")
    how: dict[str, Any] = {"reason": reason, "actor": who.actor, "now": clock.now()}
    community_id = who.community_id
    installation().do(
        lambda session: conflicts.resolve(session, community_id, conflict, resolution, **how)
    )
