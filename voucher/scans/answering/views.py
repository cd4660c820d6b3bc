"""What an organiser's form about “this was not me” does."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.audit.reasons import read_reason
from app.console.views import overview_with
from app.http import admits, caller, installation
from app.refusals import Refused
from voucher.scans.answering import answers
from voucher.scans.answering.answers import UnknownDispute

PANEL = "disputes"

blueprint = Blueprint("disputes", __name__, url_prefix="/console/disputes")


@blueprint.post("/<uuid:redemption>")
@admits("organiser")
def close(redemption: UUID) -> AnyResponse:
    """Closes a dispute; what refuses it is told beside the form, with what was typed kept."""
    try:
        _close(redemption)
    except Refused as refused:
        typed = request.form.get("reason", "")
        return overview_with(refused, panel=PANEL, about=redemption, typed=typed)
    return redirect(url_for("console.overview", _anchor=f"panel-{PANEL}"), 303)


def _close(redemption: UUID) -> None:
    reason, who = read_reason(request.form.get("reason", "")), caller()
    if who.community_id is None:
        raise UnknownDispute("Nobody has said that of this hand-over.")
    with installation().unit_of_work() as session:
        how: dict[str, Any] = {"reason": reason, "actor": who.actor, "now": clock.now()}
        answers.close(session, who.community_id, redemption, **how)
