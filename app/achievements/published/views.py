"""The public page of achievements."""

from flask import Blueprint, render_template

from app import clock
from app.achievements.published.progress import progress_of, where_it_counts
from app.activity.boards.settings import public_ones
from app.communities import places
from app.http import admits, installation
from app.programme.applying import current

blueprint = Blueprint("achievements", __name__)


@blueprint.get("/c/<key>/achievements")
@admits("anybody")
def published(key: str) -> str:
    """Every achievement in words made from its data, how many hold it, and what is left."""
    with installation().reading() as session:
        community = places.community(session, key)
        every = progress_of(session, community.id, None, now=clock.now())
        where = where_it_counts(session, community.id)
        has_boards = bool(public_ones(current(session, community.id)))
    return render_template(
        "public/achievements.html",
        community=community,
        every=every,
        where=where,
        has_boards=has_boards,
    )
