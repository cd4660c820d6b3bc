"""`POST /api/v1/events`, and the public page of achievements."""

from flask import Blueprint, Response, jsonify, render_template, request
from sqlalchemy import select

from app import clock
from app.achievements.progress import progress_of, where_it_counts
from app.achievements.receiving import receive
from app.activity import cloudevents
from app.activity.keys.keeping import Sender
from app.communities.models import Community
from app.http import admits, caller, installation
from app.refusals import Refused

blueprint = Blueprint("events", __name__, url_prefix="/api/v1")
public = Blueprint("achievements", __name__)


class UnknownCommunity(Refused):
    """No community here has that key."""

    code = "unknown_community"
    status = 404


@blueprint.post("/events")
@admits("source")
def events() -> Response:
    """Takes CloudEvents in, and answers for each of them in the order in which they were sent."""
    sender: Sender = caller().about
    sent = cloudevents.read_request(request.content_type or "", request.headers, request.get_data())
    taken = installation().do(lambda session: receive(session, sender, sent, now=clock.now()))
    return jsonify(taken.as_json())


@public.get("/c/<key>/achievements")
@admits("anybody")
def published(key: str) -> str:
    """Every achievement in words made from its data, how many hold it, and what is left."""
    with installation().reading() as session:
        community = session.scalar(select(Community).where(Community.key == key))
        if community is None:
            raise UnknownCommunity("There is no such community here.")
        every = progress_of(session, community.id, None, now=clock.now())
        where = where_it_counts(session, community.id)
    return render_template(
        "public/achievements.html", community=community, every=every, where=where
    )
