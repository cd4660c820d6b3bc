"""What other platforms send: each event is checked, taken in, and answered for by itself."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.achievements.intake.taking_in import take_in
from app.activity.events import ActivityEvent
from app.activity.formats.cloudevents import CloudEvent, RefusedEvent
from app.activity.intake.batches import COUNTED, DUPLICATE
from app.activity.intake.refusing import count_refusals
from app.activity.sources.declared import SourceSettings
from app.activity.sources.keys import keeping
from app.activity.sources.keys.keeping import Sender

REFUSED = "refused"
SENTENCES = {
    "future": "its time lies in the future",
    "too_old": "its time lies before there were communities",
    "kind_is_a_metric": "its type is the name of a metric",
    "channel_ignored": "the community does not count what is done there",
}


@dataclass
class Result:
    """What became of one event."""

    id: str | None
    outcome: str
    reason: str | None = None
    detail: str | None = None
    limited: dict[str, str] = field(default_factory=dict)
    """By metric with limits, why it does not count there."""

    def as_json(self) -> dict[str, Any]:
        """As the answer has it; what is empty is left out."""
        shown = {key: value for key, value in vars(self).items() if value}
        return {"id": self.id, **shown}


@dataclass(frozen=True)
class Received:
    """What became of a request."""

    results: list[Result]

    def as_json(self) -> dict[str, Any]:
        """The answer."""
        tally = Tally(result.outcome for result in self.results)
        return {
            **{outcome: tally[outcome] for outcome in (COUNTED, DUPLICATE, REFUSED)},
            "results": [result.as_json() for result in self.results],
        }


def receive(
    session: Session,
    sender: Sender,
    sent: Sequence[CloudEvent | RefusedEvent],
    *,
    now: datetime,
) -> Received:
    """Takes a source's events in, in the caller's transaction; repeating it changes nothing.

    Raises `SourceGone` and `TooManyRequests`.
    """
    settings = keeping.admit(session, sender, now=now)
    results: list[Result] = []
    events: list[ActivityEvent] = []
    places: list[int] = []
    for index, one in enumerate(sent):
        refused = (
            one if isinstance(one, RefusedEvent) else _refusal(one, index, sender, settings, now)
        )
        if refused is not None:
            results.append(Result(refused.id, REFUSED, refused.reason, refused.sentence))
        elif isinstance(one, CloudEvent):
            places.append(index)
            events.append(one.event)
            results.append(Result(one.id, COUNTED))
    reasons = Tally(result.reason for result in results if result.reason)
    count_refusals(session, sender.community_id, sender.source, reasons, now=now)
    taken = take_in(session, sender.community_id, sender.source, events, now=now)
    again = Tally({DUPLICATE: taken.intake.duplicates} if taken.intake.duplicates else ())
    count_refusals(session, sender.community_id, sender.source, again, now=now)
    for index, outcome in zip(places, taken.intake.outcomes, strict=True):
        result = results[index]
        if outcome in (COUNTED, DUPLICATE):
            result.outcome = outcome
        else:
            told = SENTENCES.get(outcome, outcome.replace("_", " "))
            results[index] = Result(result.id, REFUSED, outcome, f"event {index}: {told}")
        if outcome == COUNTED and result.id is not None:
            result.limited = taken.intake.limited.get(result.id, {})
    return Received(results)


def _refusal(
    one: CloudEvent, index: int, sender: Sender, settings: SourceSettings, now: datetime
) -> RefusedEvent | None:
    """Why an event must not come from this source."""
    if not settings.is_called(sender.source, one.source):
        told = f"this key is for events of {settings.uri or sender.source}"
        return RefusedEvent(one.id, "wrong_source", f"event {index}, key source: {told}")
    if one.event.kind not in settings.kinds:
        told = f"{sender.source} may send {', '.join(settings.kinds)}"
        return RefusedEvent(one.id, "kind_not_allowed", f"event {index}, key type: {told}")
    if one.event.at < now - timedelta(days=settings.oldest_days):
        told = f"it is older than {settings.oldest_days} days, which the organisers can change"
        return RefusedEvent(one.id, "too_old", f"event {index}, key time: {told}")
    return None
