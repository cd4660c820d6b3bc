"""What a link brings about in the other communities of whose it is: a link is a person's, and their
events there name the same account.
"""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, journal
from app.achievements.linking import joining
from app.activity.event_log import others
from app.communities.linking import accounts
from app.communities.models import Member
from app.communities.turns import take_turn
from app.installation import Installation
from app.jobs import loop
from app.jobs.queue import ClaimedJob
from app.plugins import JobHandler


def follow(installation: Installation, job: ClaimedJob) -> None:
    """Does so for the member that a fact tells of."""
    with loop.effect_of(installation, job) as session:
        told = journal.read(session, job.payload)
        make_one(session, cast(int, told.data["member"]))


def make_one(session: Session, member_id: int) -> None:
    """Lets events of a member's other communities name them by one number, and judges anew who
    named them in several ways.
    """
    for member in _elsewhere(session, member_id):
        # One after the other, in the same order for all: nobody waits for who waits for them.
        take_turn(session, member.community_id)
        # Who was erased meanwhile is not who has these accounts.
        session.refresh(member)
        named_them = others.make_one(session, member)
        joining.judge_anew(session, member.community_id, named_them, clock.now())


def _elsewhere(session: Session, member_id: int) -> list[Member]:
    member = accounts.standing(session, member_id)
    return list(
        session.scalars(
            select(Member)
            .where(
                Member.person_id == member.person_id,
                Member.community_id != member.community_id,
            )
            .order_by(Member.community_id)
        )
    )


ELSEWHERE = JobHandler("achievements.linked_elsewhere", "worker", follow)
FOLLOWS = joining.MemberLinked.kind
