"""What is refused before it is stored, why, and how often."""

from collections import Counter as Tally
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.activity.event_log.models import IntakeRefusal
from app.activity.events import ActivityEvent
from app.activity.limits.remembering import IGNORED as PASSED_OVER
from app.activity.metrics.channels import IGNORED, ChannelRules
from app.activity.metrics.definitions import Metrics
from app.statements import insert_or

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before it there was no community to be active in: such a time is a mistake of its source."""
FUTURE_TOLERANCE = timedelta(minutes=10)
"""How far a source's clock may run ahead of ours."""


class Door:
    """Why events are not let in."""

    def __init__(self, metrics: Metrics, rules: ChannelRules, now: datetime):
        self._keys, self._rules, self._latest = metrics.keys, rules, now + FUTURE_TOLERANCE

    def refusal(self, event: ActivityEvent) -> str | None:
        """The reason's stable name; None for who may come in."""
        if event.bot:
            return "bot"
        if event.at > self._latest:
            return "future"
        if event.at < EARLIEST:
            return "too_old"
        if event.kind in self._keys:
            return "kind_is_a_metric"
        if self._rules.weight_of(event) == IGNORED:
            return PASSED_OVER
        return None


def count_refusals(
    session: Session, community_id: int, source: str, reasons: Tally[str], *, now: datetime
) -> None:
    """Adds to how many events of this source were refused, by reason."""
    for reason, count in sorted(reasons.items()):
        statement = insert_or(session, IntakeRefusal).values(
            community_id=community_id, source=source, reason=reason, count=count, last_at=now
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["community_id", "source", "reason"],
                set_={"count": IntakeRefusal.count + count, "last_at": now},
            )
        )
