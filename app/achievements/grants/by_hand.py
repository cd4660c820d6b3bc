"""Granting by hand: an organiser gives what the programme lets them give, and says why."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import journal
from app.achievements.criteria.kinds import ByHandCriterion
from app.achievements.criteria.settings import AchievementSettings, Tier, any_of
from app.achievements.evaluation import asking, holding, knowing
from app.achievements.evaluation.due import Due
from app.achievements.grants import granting, suspending
from app.achievements.grants.giving import give_all
from app.actor import Actor
from app.communities.erasing import RECORDED, is_erased
from app.communities.linking.accounts import standing
from app.communities.turns import take_turn
from app.journal import Fact
from app.programme.applying import current
from app.programme.sections import Programme
from app.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class AchievementGivenByHand(Fact):
    """An organiser gave a member an achievement; `reason` is a remark's hash."""

    kind: ClassVar[str] = "achievement.given_by_hand"
    grant: int
    achievement: str
    tier: int
    round: int
    member: int
    counters: dict[str, int]
    reason: str

    @property
    def found_by(self) -> str:
        """The member, as the record names them."""
        return f"{RECORDED}{self.member}"


class UnknownAchievement(Refused):
    """The programme in force has no achievement of that key."""

    code = "unknown_achievement"
    status = 404


class NotGiven(Refused):
    """It cannot be given to this member just now; the text says why."""

    code = "not_given"
    status = 409


def give(
    session: Session,
    community_id: int,
    member_id: int,
    key: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    tier: int | None = None,
) -> Due:
    """Gives a member an achievement's tier, the first that is not yet theirs unless one is named.

    Only where its criteria say `by_hand`, which everybody can read; the others still have to be
    met, and dates, budget and repetition hold as ever. Raises `UnknownAchievement`, `NotGiven`.
    """
    # As for any grant: nothing else is granted meanwhile, nor another programme brought into force.
    take_turn(session, community_id)
    member_id = _standing(session, member_id)
    programme = current(session, community_id)
    settings: AchievementSettings | None = programme["achievements"].get(key)
    if settings is None:
        raise UnknownAchievement(f"There is no [achievements.{key}] in the programme in force.")
    _may_be_given(session, community_id, programme, key, settings, now)
    held = holding.held(session, community_id, [member_id])
    step = _step(settings, key, member_id, held, tier)
    there = held.get((member_id, key, step.number))
    rounds, last_at = (there.rounds, there.last_at) if there else (0, None)
    repeat = settings.repeat
    if rounds and (repeat is None or rounds >= (repeat.at_most or rounds + 1)):
        raise NotGiven(f"They have {settings.name} already.")
    if asking.cools(settings, last_at, now):
        raise NotGiven(f"They had {settings.name} too short a time ago.")
    [known] = knowing.know(
        session, community_id, {member_id: step.criteria}, held, now=now, by_hand=True
    ).values()
    if step.rounds(known) <= rounds:
        raise NotGiven(f"They have not met what {settings.name} asks for beside it.")
    due = Due(member_id, key, step, rounds + 1, now, now, asking.told(step, known), by_hand=True)
    digest = journal.remark(session, community_id, reason, now=now)
    given = give_all(
        session,
        community_id,
        programme,
        [due],
        actor=actor,
        now=now,
        fact_of=lambda grant_id, one: _fact(grant_id, one, digest),
    )
    if not given:
        raise NotGiven(f"All {settings.budget} of {settings.name} are granted.")
    granting.follow(session, community_id, programme, given, now)
    return due


def _standing(session: Session, member_id: int) -> int:
    """Who a member is by now: they may have been merged into another since they were looked up."""
    member = standing(session, member_id)
    if is_erased(member):
        raise NotGiven("They are no member any more.")
    return member.id


def _may_be_given(
    session: Session,
    community_id: int,
    programme: Programme,
    key: str,
    settings: AchievementSettings,
    now: datetime,
) -> None:
    if not settings.is_given_by_hand:
        raise NotGiven(
            f"{settings.name} is not given by hand: its published criteria do not say so. "
            "Add { by_hand = true } to them."
        )
    suspended = suspending.bought_roles(session, community_id, {key: settings})
    if key in suspended:
        raise NotGiven(f"{settings.name} is suspended: {suspended[key]}.")
    begins, after = settings.span(ZoneInfo(programme["community"].timezone))
    if (begins and now < begins) or (after and now >= after):
        raise NotGiven(f"{settings.name} cannot be had today: see its dates.")


def _step(
    settings: AchievementSettings,
    key: str,
    member_id: int,
    held: holding.Held,
    number: int | None,
) -> Tier:
    """The tier that is meant."""
    steps = [one for one in settings.steps if any_of(one.criteria, ByHandCriterion)]
    if number is not None:
        found = [one for one in steps if one.number == number]
        if not found:
            raise NotGiven(f"{settings.name} has no tier {number} that is given by hand.")
        return found[0]
    left = (one for one in steps if (member_id, key, one.number) not in held)
    return next(left, steps[-1])


def _fact(grant_id: int, one: Due, reason: str) -> Fact:
    return AchievementGivenByHand(
        grant=grant_id,
        achievement=one.achievement,
        tier=one.tier.number,
        round=one.round,
        member=one.member_id,
        counters=one.counters,
        reason=reason,
    )
