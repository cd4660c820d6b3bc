"""The organisers' page of operators: adding, admitting, PINs, roles, withdrawing."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.console import forms
from app.console.frame import frame
from app.http import admits, caller, installation
from app.refusals import Refused
from kiosk.devices import listing
from kiosk.operators import admitting, roster
from kiosk.operators.models import Operator
from voucher.scans.scanners import STEWARD, SUPERVISOR

blueprint = Blueprint("operator_pages", __name__, url_prefix="/console/operators")


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """Every operator, and a form for another one."""
    return _page()


@blueprint.post("")
@admits("organiser")
def add() -> AnyResponse:
    """Adds an operator."""
    form = request.form

    def make(session: Session, ours: int, how: dict[str, Any]) -> None:
        name, role = roster.read_name(form.get("name", "")), form.get("role", "")
        roster.add(session, ours, name, roster.read_role(role), **how)

    return _answer(make)


@blueprint.post("/<operator>/pin")
@admits("organiser")
def draw_pin(operator: str) -> AnyResponse:
    """Draws a new PIN, which this answer alone shows."""
    ours, actor = frame().community.id, caller().actor
    try:
        found, pin = admitting.draw_pin(installation(), ours, operator, actor=actor)
    except Refused as refused:
        return forms.refusal(refused, _page)
    return Response(render_template("organiser/pin.html", operator=found, pin=pin))


@blueprint.post("/<operator>/role")
@admits("organiser")
def set_role(operator: str) -> AnyResponse:
    """Makes somebody a steward or a supervisor."""
    role = request.form.get("role", "")
    return _answer(lambda session, ours, how: roster.set_role(session, ours, operator, role, **how))


@blueprint.post("/<operator>/admit")
@admits("organiser")
def admit(operator: str) -> AnyResponse:
    """Lets somebody sign in on a device."""
    device = request.form.get("device", "")
    return _answer(
        lambda session, ours, how: admitting.admit(session, ours, operator, device, **how)
    )


@blueprint.post("/<operator>/dismiss")
@admits("organiser")
def dismiss(operator: str) -> AnyResponse:
    """Lets somebody sign in on a device no more."""
    device = request.form.get("device", "")
    return _answer(
        lambda session, ours, how: admitting.dismiss(session, ours, operator, device, **how)
    )


@blueprint.post("/<operator>/withdraw")
@admits("organiser")
def withdraw(operator: str) -> AnyResponse:
    """Lets nobody be named by this operator any more."""
    return _answer(lambda session, ours, how: roster.withdraw(session, ours, operator, **how))


def _answer(change: forms.Change) -> AnyResponse:
    return forms.answer(change, _page, "operator_pages.page")


def _page(complaint: str = "") -> str:
    ours, now = frame().community.id, clock.now()
    with installation().reading() as session:
        operators = roster.roster(session, ours)
        devices = listing.standing(session, ours, now=now)
        admitted = admitting.admitted(session, Operator.community_id == ours)
    there: dict[str, dict[str, bool]] = {operator.id: {} for operator in operators}
    for one in admitted:
        holds = one.signed_in_until is not None and one.signed_in_until > now
        there[one.operator.id][one.device_id] = holds
    return forms.render(
        "organiser/operators.html",
        complaint,
        operators=operators,
        devices=devices,
        there=there,
        roles=(STEWARD, SUPERVISOR),
    )
