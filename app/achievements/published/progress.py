"""Achievements as they are published, and a member's counters beside the criteria."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.achievements.criteria import wording
from app.achievements.criteria.kinds import RoleCriterion
from app.achievements.criteria.known import Known
from app.achievements.criteria.settings import AchievementSettings, Tier
from app.achievements.criteria.wording import Words
from app.achievements.evaluation import holding, knowing
from app.achievements.evaluation.asking import may_have_more
from app.achievements.evaluation.holding import Held
from app.achievements.grants import budgets, suspending, waiting
from app.activity.metrics import channel_wording, channels
from app.activity.metrics.channels import ChannelRules
from app.communities.roles import holding as roles
from app.plugins import Plugins
from app.programme.applying import current

TO_COME = "You have come to it: it is yours with the next thing that you do that counts."
"""Of who waits since an import that only counted."""


@dataclass(frozen=True)
class Step:
    """One criterion, and how far the member is."""

    words: str
    done: int
    of: int

    @property
    def is_met(self) -> bool:
        """Whether nothing of it is missing."""
        return self.done >= self.of


@dataclass(frozen=True)
class TierShown:
    """A tier in words, and where the member stands with it."""

    number: int
    name: str | None
    words: str
    reward: str
    needs_all: bool
    steps: tuple[Step, ...]
    holders: int
    granted_at: datetime | None
    """When the member last got it."""
    times: int
    """How often they did."""
    again: bool
    """Whether they may have it once more: then `steps` say how far they are to that."""

    @property
    def missing(self) -> list[str]:
        """What the member still needs, each in words."""
        left = [
            f"{step.words} ({step.done:,} of {step.of:,})" if step.of > 1 else step.words
            for step in self.steps
            if not step.is_met
        ]
        return left if self.needs_all or len(left) == len(self.steps) else []

    @property
    def is_to_come(self) -> bool:
        """Whether it is reached and not granted yet."""
        return (self.granted_at is None or self.again) and not self.missing


@dataclass(frozen=True)
class Progress:
    """One achievement as it is published, and as a member sees it."""

    key: str
    name: str
    description: str
    tiers: tuple[TierShown, ...]
    conditions: tuple[str, ...]
    """What limits what counts; when, how often and how many: each a sentence."""
    budget: int | None
    left: int | None
    """How many of its budget are left."""
    closed: str | None
    """Why it cannot be had just now, as a sentence; None where it can."""


def progress_of(
    session: Session, community_id: int, member_id: int | None, *, now: datetime
) -> list[Progress]:
    """Every achievement of the programme in force, for a member; None for nobody: its words alone,
    and nothing counted.
    """
    programme = current(session, community_id)
    table: dict[str, AchievementSettings] = programme["achievements"]
    criteria = [criterion for settings in table.values() for criterion in settings.criteria]
    asked = {one.role for one in criteria if isinstance(one, RoleCriterion)}
    words = Words(programme, roles.names(session, community_id, asked) if asked else {})
    held: Held = {}
    known = Known(now)
    if member_id is not None:
        held = holding.held(session, community_id, [member_id])
        known = knowing.know(session, community_id, {member_id: criteria}, held, now=now)[member_id]
    granted = budgets.granted_of(session, community_id, table)
    suspended = suspending.bought_roles(session, community_id, table)
    zone = ZoneInfo(programme["community"].timezone)
    shown = _Shown(session, words, held, holding.holders(session, community_id), known, member_id)
    waits = member_id is not None and member_id not in waiting.who_may(
        session, community_id, [member_id]
    )
    return [
        Progress(
            key,
            settings.name,
            settings.description,
            tiers,
            (
                *words.won(key, left),
                *words.limits(settings.criteria),
                *wording.conditions(settings),
            ),
            settings.budget,
            left,
            closed(settings, granted.get(key, 0), suspended.get(key), zone, now)
            or (TO_COME if waits and any(tier.is_to_come for tier in tiers) else None),
        )
        for key, settings in table.items()
        for tiers in (tuple(shown.tier(key, tier) for tier in settings.steps),)
        for left in (_left(settings, granted.get(key, 0)),)
    ]


def where_it_counts(session: Session, community_id: int) -> str | None:
    """Where what is done counts for how much, as a sentence for all achievements that count
    anything; None where it counts the same everywhere.
    """
    programme = current(session, community_id)
    if not any(one.is_counted for one in programme["achievements"].values()):
        return None
    rules = channels.in_force(session, community_id, ChannelRules(programme["channels"]))
    asked = {role for rule in rules.rules for role in rule.role or ()}
    names = roles.names(session, community_id, asked) if asked else {}
    return channel_wording.in_words(rules.rules, names)


def _left(settings: AchievementSettings, granted: int) -> int | None:
    return None if settings.budget is None else max(settings.budget - granted, 0)


@dataclass(frozen=True)
class _Shown:
    session: Session
    words: Words
    held: Held
    holders: dict[tuple[str, int], int]
    known: Known
    member_id: int | None

    def tier(self, key: str, tier: Tier) -> TierShown:
        """A tier in words, with the member's counters."""
        channel, own = tier.channel_settings(cast(Plugins, self.session.info["plugins"]))
        who, settings = self.member_id or 0, self.words.programme["achievements"][key]
        there = self.held.get((who, key, tier.number))
        again = there is not None and may_have_more(settings, who, key, self.held)
        # What was given by hand is a time that nothing counted led to.
        number = there.rounds - there.by_hand + 1 if there is not None and again else 1
        return TierShown(
            tier.number,
            tier.name,
            self.words.tier(tier),
            channel.describe(own, self.words.programme),
            tier.needs_all,
            tuple(
                Step(self.words.of(one), *one.progress(self.known, number)) for one in tier.criteria
            ),
            self.holders.get((key, tier.number), 0),
            there.last_at if there else None,
            there.rounds if there else 0,
            again,
        )


def closed(
    settings: AchievementSettings,
    granted: int,
    suspended: str | None,
    zone: ZoneInfo,
    now: datetime,
) -> str | None:
    """Why it cannot be had just now, as a sentence, of so many that were granted; None where it
    can.
    """
    begins, after = settings.span(zone)
    if suspended:
        return f"Suspended: {suspended}."
    if begins and now < begins:
        return f"Not yet: from {wording.day(begins.date())} on."
    if after and now >= after:
        return "Over: its time has passed."
    if settings.budget and granted >= settings.budget:
        every = "The only one is" if settings.budget == 1 else f"All {settings.budget:,} are"
        return f"{every} granted."
    return None
