"""Why a member's recent events counted or not, one by one, and how many did not in all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.activity.event_log import stored
from app.activity.event_log.taken import Taken
from app.activity.intake import folding
from app.activity.intake.side_by_side import Name
from app.activity.limits import remembering
from app.activity.limits.judging import REASONS, Ruling
from app.activity.limits.remembering import IGNORED
from app.activity.metrics.definitions import Metrics

RECENT = 20
MOST_RECENT = 200


@dataclass(frozen=True)
class Verdict:
    """What became of an event for one metric with limits."""

    metric: str
    reason: str | None
    """Why it does not count, in words, or how much of it does not; None where all does."""


@dataclass(frozen=True)
class Explained:
    """One of a member's own events, with a verdict for each metric that limits it."""

    at: datetime
    kind: str
    channel: str | None
    amount: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Refusals:
    """How many of a member's events did not count for a metric."""

    metric: str
    reasons: tuple[tuple[str, int], ...]
    """Each reason in words, with how many; most first."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _, count in self.reasons)

    @property
    def words(self) -> str:
        """`cooldown 9, repeated text 5`."""
        return ", ".join(f"{reason} {count:,}" for reason, count in self.reasons)


def recent(
    session: Session, community_id: int, member_id: int, metrics: Metrics, *, most: int = RECENT
) -> list[Explained]:
    """A member's last events, newest first, judged again by the very limits that judged them.

    Changes nothing.
    """
    taken = stored.last_of(session, community_id, member_id, min(most, MOST_RECENT))
    limited = {
        metric.key
        for one in taken
        for metric in metrics.moved_by(one.event.kind)
        if metric.judge is not None and metric.key not in metrics.implied
    }
    rulings = {
        key: folding.rulings(session, community_id, metrics, (member_id, key), since=taken[0])
        for key in sorted(limited)
    }
    return [_explained(one, metrics, rulings) for one in reversed(taken)]


def refused(
    session: Session, community_id: int, member_id: int, metrics: Metrics
) -> list[Refusals]:
    """How many of a member's events did not count since the beginning, by metric; those that a rule
    for channels ignores by their kind.
    """
    return [
        Refusals(metric, tuple((in_words(reason), count) for reason, count in by_reason.items()))
        for metric, by_reason in remembering.refusals(session, community_id, member_id).items()
        if (metric in metrics.defined and metric not in metrics.implied) or IGNORED in by_reason
    ]


def in_words(reason: str) -> str:
    """A reason for people."""
    if reason == IGNORED:
        return "ignored channel"
    return REASONS.get(reason, reason.replace("_", " "))


def _why(amount: int, ruling: Ruling | None) -> str | None:
    if ruling is None or ruling.reason is None:
        return None
    left = f"{amount - ruling.counted:,} of {amount:,}, " if ruling.counted else ""
    return f"{left}{in_words(ruling.reason)}"


def _explained(one: Taken, metrics: Metrics, rulings: dict[str, dict[Name, Ruling]]) -> Explained:
    event = one.event
    said = tuple(
        Verdict(metric.key, _why(event.amount, rulings[metric.key].get(one.name)))
        for metric in metrics.moved_by(event.kind)
        if metric.judge is not None and metric.key not in metrics.implied
    )
    return Explained(event.at, event.kind, event.thread or event.channel, event.amount, said)
