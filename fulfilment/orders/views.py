"""The organisers' page of orders."""

from flask import Blueprint, render_template, request

from app import clock
from app.console.frame import frame
from app.http import admits, installation
from fulfilment.orders import panel
from fulfilment.orders.moves import State

blueprint = Blueprint("orders", __name__, url_prefix="/console/orders")


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """Orders by state; a state that is none shows all."""
    around, now = frame(), clock.now()
    asked = request.args.get("state", "")
    state = State(asked) if asked in set(State) else None
    with installation().reading() as session:
        ours = around.community.id
        return render_template(
            "organiser/orders.html",
            orders=panel.listed(session, ours, state),
            counts=panel.content(session, ours, now)["counts"],
            state=state,
            most=panel.SHOWN,
            zone=around.zone,
            now=now,
        )
