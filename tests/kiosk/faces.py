"""Members with a picture that was fetched already."""

from sqlalchemy import update

from app import clock
from app.communities import members
from app.communities.avatars import noting
from app.communities.avatars.models import MemberAvatar
from app.communities.avatars.pictures import small
from tests.support.installations import World
from tests.support.pictures_server import picture


def give_avatar(world: World, colour: str = "#ff0000", member: str = "1") -> None:
    """The member whom the sample calls so has a picture of this colour from now on."""
    path = f"avatars/{member}/{colour.removeprefix('#')}"
    with world.installation.unit_of_work() as session:
        given = {member: path}
        place = (session, world.community_id, "sample")
        noting.note(*place, given, holders=set, now=clock.now())
        found = members.find(*place, member)
        session.execute(
            update(MemberAvatar)
            .where(MemberAvatar.member_id == found.id)
            .values(picture=small(picture(colour)), digest=colour)
        )
