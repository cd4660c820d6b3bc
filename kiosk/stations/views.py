"""The organisers' page of stations: what the programme says of each, and how it stands."""

from flask import Blueprint, render_template

from app import clock
from app.console.frame import frame
from app.console.stock import STOCK
from app.http import admits, installation
from kiosk.figures.counting import figures_of
from kiosk.stations import listing

blueprint = Blueprint("stations", __name__, url_prefix="/console/stations")


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """Every station, with what goes on there; the programme file alone changes one."""
    around, now = frame(), clock.now()
    ours, owner = around.community.id, installation()
    with owner.reading() as session:
        told = listing.stations(session, ours, now=now)
        has_stock = STOCK.stands(session, ours)
    return render_template(
        "organiser/stations.html",
        stations=[(one, figures_of(owner, one.place, now=now)) for one in told.standing],
        withdrawn=told.withdrawn,
        has_stock=has_stock,
        usual_zone=around.zone,
        now=now,
    )
