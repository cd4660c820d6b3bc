"""Fetching members' avatars, by ourselves: no desk ever asks Discord for one."""

import logging
from hashlib import sha256

from sqlalchemy import select, update

from app.communities.avatars import noting
from app.communities.avatars.asking import NotThere, Unreachable, ask
from app.communities.avatars.models import MemberAvatar
from app.communities.avatars.noting import FETCH, LANE
from app.communities.avatars.pictures import NoPicture, small
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob, TryAgain
from app.plugins import JobHandler

AT_ONCE = 2
"""Several, so that each is claimed by itself: one may take its five seconds."""
MOST_TRIES = 6
"""A picture is no matter that organisers should hear of: after some tries it is left."""

log = logging.getLogger(__name__)


def run(installation: Installation, job: ClaimedJob) -> None:
    """Fetches the avatar that a job names and keeps it small, if it is still the member's."""
    member_id, path = job.payload["member"], job.payload["path"]
    picture = None
    if _is_wanted(installation, member_id, path):
        try:
            picture = small(ask(installation.settings.discord_cdn_url, path))
        except (NotThere, NoPicture) as reason:
            log.info("An avatar is left: %s.", reason)
        except Unreachable as reason:
            if job.attempts < MOST_TRIES:
                raise TryAgain(str(reason)) from reason
            log.info("An avatar is left: %s", reason)
    with effect_of(installation, job) as session:
        if picture is not None:
            session.execute(
                update(MemberAvatar)
                .where(MemberAvatar.member_id == member_id, MemberAvatar.path == path)
                .values(picture=picture, digest=sha256(picture).hexdigest())
            )


def _is_wanted(installation: Installation, member_id: int, path: str) -> bool:
    with installation.reading() as session:
        community_id = session.scalar(
            select(MemberAvatar.community_id).where(
                MemberAvatar.member_id == member_id,
                MemberAvatar.path == path,
                MemberAvatar.picture.is_(None),
            )
        )
        return community_id is not None and noting.are_allowed(session, community_id)


HANDLER = JobHandler(FETCH, LANE, run)
