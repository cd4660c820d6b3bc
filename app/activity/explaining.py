"""Why a member's recent events counted or not, one by one, and how many did not in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.activity import folding, remembering, stored
from app.activity.limits.judging import REASONS
from app.activity.metrics import Metrics
from app.activity.remembering import IGNORED
from app.activity.side_by_side import Name
from app.activity.stored import Taken

RECENT = 20
MOST_RECENT = 200


@dataclass(frozen=True)
class Verdict:
    """What became of an event for one metric with limits."""

    metric: str
    reason: str | None
    """Why it does not count, in words; None where it does."""


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
    reasons = {
        key: folding.reasons(session, community_id, metrics, (member_id, key), since=taken[0])
        for key in sorted(limited)
    }
    return [_explained(one, metrics, reasons) for one in reversed(taken)]


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


def _explained(
    one: Taken, metrics: Metrics, reasons: dict[str, dict[Name, str | None]]
) -> Explained:
    event = one.event
    verdicts: Sequence[tuple[str, str | None]] = [
        (metric.key, reasons[metric.key].get(one.name))
        for metric in metrics.moved_by(event.kind)
        if metric.judge is not None and metric.key not in metrics.implied
    ]
    said = tuple(
        Verdict(metric, in_words(reason) if reason is not None else None)
        for metric, reason in verdicts
    )
    return Explained(event.at, event.kind, event.thread or event.channel, event.amount, said)
