"""The public page of achievements: what can be earned, by which published criteria."""

from flask import Blueprint, render_template
from sqlalchemy import select

from app import clock
from app.achievements.progress import progress_of
from app.communities.models import Community
from app.http import admits, installation
from app.refusals import Refused

blueprint = Blueprint("achievements", __name__)


class UnknownCommunity(Refused):
    """No community here has that key."""

    code = "unknown_community"
    status = 404


@blueprint.get("/c/<key>/achievements")
@admits("anybody")
def published(key: str) -> str:
    """Every achievement in words made from its data, how many hold it, and what is left."""
    with installation().reading() as session:
        community = session.scalar(select(Community).where(Community.key == key))
        if community is None:
            raise UnknownCommunity("There is no such community here.")
        every = progress_of(session, community.id, None, now=clock.now())
    return render_template("public/achievements.html", community=community, every=every)
