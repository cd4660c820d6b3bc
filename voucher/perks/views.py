"""Pictures of perks, for whoever sees one: they tell nothing of who has it."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from app.http import admits, installation
from app.refusals import Refused
from voucher.perks.models import Perk
from voucher.perks.pictures import WEBP, picture_of

blueprint = Blueprint("perks", __name__, url_prefix="/perks")


class NoPicture(Refused):
    """There is no such perk, or no picture of it."""

    code = "no_picture"
    status = 404


@blueprint.get("/<int:number>/picture")
@admits("anybody")
def picture(number: int) -> AnyResponse:
    """A perk's picture as WebP, small enough for a phone; 404 where there is none."""
    with installation().reading() as session:
        perk = session.get(Perk, number) if number < 2**31 else None
        named = perk.picture if perk is not None else None
    found = picture_of(installation().settings, named)
    if found is None:
        raise NoPicture("There is no such picture.")
    answer = Response(found.content, mimetype=WEBP)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.set_etag(found.digest)
    return answer.make_conditional(request)
