"""Taking a batch of events in: duplicates change nothing, bots do not count, counters move."""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.activity.counters import standings
from app.activity.counters.counting import move
from app.activity.counters.moves import Change, Movement
from app.activity.event_log import others, stored
from app.activity.event_log.models import StoredEvent
from app.activity.event_log.taken import Taken, taken_from
from app.activity.events import ActivityEvent
from app.activity.intake import folding
from app.activity.intake.refusing import Door, count_refusals
from app.activity.limits import ignoring
from app.activity.limits.remembering import IGNORED as PASSED_OVER
from app.activity.metrics import channels
from app.activity.metrics.channels import NO_RULES, ChannelRules
from app.activity.metrics.definitions import Metrics
from app.activity.metrics.shares import shares_of
from app.activity.sources import watermarks
from app.communities import members
from app.communities.turns import take_turn
from app.statements import among, table_of

COUNTED, DUPLICATE = "counted", "duplicate"


@dataclass
class Intake:
    """What became of a batch."""

    counted: int = 0
    duplicates: int = 0
    refused: Tally[str] = field(default_factory=Tally)
    movements: list[Movement] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    """What of members' activity counts from now on, or no longer does."""
    members: set[int] = field(default_factory=set)
    """Of whom something was taken in."""
    outcomes: list[str] = field(default_factory=list)
    """For each event as it was given: `counted`, `duplicate`, or why it was refused."""
    limited: dict[str, dict[str, str]] = field(default_factory=dict)
    """By the id of an event that was taken in: why it does not count for metrics with limits."""


def take(
    session: Session,
    community_id: int,
    source: str,
    events: Sequence[ActivityEvent],
    *,
    metrics: Metrics,
    now: datetime,
    keep_refusals: bool = True,
    is_weighed: bool = False,
) -> Intake:
    """Stores new events and moves their counters, in the caller's transaction.

    How many were refused is added up by source and reason, and by their member where a rule for
    channels ignores them, unless `keep_refusals` is false. What `is_weighed` counts as it is,
    whatever those rules say.
    """
    intake = Intake()
    rules = NO_RULES if is_weighed else channels.in_force(session, community_id, metrics.channels)
    door = Door(metrics, rules, now)
    intake.outcomes = [door.refusal(event) or COUNTED for event in events]
    offered = [
        event for event, outcome in zip(events, intake.outcomes, strict=True) if outcome == COUNTED
    ]
    intake.refused = Tally(intake.outcomes)
    del intake.refused[COUNTED]
    if keep_refusals:
        count_refusals(session, community_id, source, intake.refused, now=now)
    fresh = _fresh(session, community_id, source, offered)
    _tell_duplicates(intake, events, fresh)
    intake.counted = len(fresh)
    if fresh:
        _count(session, community_id, source, intake, fresh, rules, metrics, now)
    if keep_refusals and PASSED_OVER in intake.refused:
        outcomes = zip(events, intake.outcomes, strict=True)
        passed_over = [event for event, outcome in outcomes if outcome == PASSED_OVER]
        ignoring.count(session, community_id, source, passed_over)
    return intake


def _count(
    session: Session,
    community_id: int,
    source: str,
    intake: Intake,
    fresh: Sequence[ActivityEvent],
    rules: ChannelRules,
    metrics: Metrics,
    now: datetime,
) -> None:
    if rules.rules:
        fresh = [_weighed(event, rules) for event in fresh]
    taken = _store(session, community_id, source, fresh)
    intake.members = {one.member_id for one in taken}
    watermarks.heard(session, community_id, source, fresh[-1].at, now=now)
    judged = folding.judge(session, community_id, metrics, taken)
    intake.limited = {name[1]: told for name, told in judged.by_event.items() if name[0] == source}
    intake.changes = [*_unlimited(taken, metrics), *judged.changes]
    intake.movements = _move(session, community_id, intake.changes, metrics)


def take_back(
    session: Session,
    community_id: int,
    source: str,
    event_ids: Iterable[str],
    *,
    metrics: Metrics,
    now: datetime,
) -> Intake:
    """Lets events no longer count, such as a message that was deleted or a reaction that was
    removed; those that are unknown or were taken back already are left out.

    What the limits refused after them may count now.
    """
    intake, ids = Intake(), set(event_ids)
    if not ids:
        return intake
    take_turn(session, community_id)
    gone = stored.named(session, community_id, source, ids)
    if not gone:
        return intake
    columns = table_of(StoredEvent).c
    session.connection().execute(
        update(table_of(StoredEvent))
        .where(columns.community_id == community_id, columns.source == source)
        .where(among(session, columns.event_id, [one.event.id for one in gone]))
        .values(undone_at=now)
    )
    judged = folding.judge(session, community_id, metrics, (), gone)
    intake.changes = [*_unlimited(gone, metrics, -1), *judged.changes]
    intake.movements = _move(session, community_id, intake.changes, metrics)
    return intake


def is_stored(session: Session, community_id: int, source: str, event_id: str) -> bool:
    """Whether an event of this id was taken in."""
    return session.get(StoredEvent, (community_id, source, event_id)) is not None


def _fresh(
    session: Session, community_id: int, source: str, offered: Sequence[ActivityEvent]
) -> list[ActivityEvent]:
    """The first of each id that is not yet stored, in order of time."""
    by_id = {event.id: event for event in reversed(offered)}
    if not by_id:
        return []
    take_turn(session, community_id)
    there = stored.known(session, community_id, source, by_id)
    fresh = [event for event in by_id.values() if event.id not in there]
    return sorted(fresh, key=attrgetter("at", "id"))


def _weighed(event: ActivityEvent, rules: ChannelRules) -> ActivityEvent:
    weight = rules.weight_of(event)
    if weight == 1:
        return event
    return event._replace(amount=event.amount * weight, weight=weight)


def _tell_duplicates(
    intake: Intake, events: Sequence[ActivityEvent], fresh: Sequence[ActivityEvent]
) -> None:
    if intake.refused.total() + len(fresh) == len(events):
        return
    new = {event.id for event in fresh}
    for place, event in enumerate(events):
        if intake.outcomes[place] == COUNTED:
            if event.id in new:
                new.discard(event.id)
            else:
                intake.outcomes[place] = DUPLICATE
                intake.duplicates += 1


def _store(
    session: Session, community_id: int, source: str, fresh: Sequence[ActivityEvent]
) -> list[Taken]:
    names: dict[str, str | None] = {}
    first_seen: dict[str, datetime] = {}
    for event in fresh:
        member = event.member
        if member not in first_seen:
            first_seen[member], names[member] = event.at, event.member_name
        elif event.member_name:
            names[member] = event.member_name
    member_ids = members.ids_of(session, community_id, source, names, first_seen=first_seen)
    taken = [
        taken_from(member_ids[event.member], source, event)
        for event in others.by_number(session, community_id, source, fresh, member_ids)
    ]
    stored.insert(session, community_id, source, taken)
    return taken


def _unlimited(taken: Iterable[Taken], metrics: Metrics, sign: int = 1) -> list[Change]:
    return [
        Change(metric, share)
        for kind, share in shares_of(taken, metrics.calendar, sign).by_kind()
        for metric in metrics.moved_by(kind)
        if metric.judge is None
    ]


def _move(
    session: Session, community_id: int, changes: Sequence[Change], metrics: Metrics
) -> list[Movement]:
    days = {one.share.day for one in changes}
    frozen = standings.frozen(session, community_id, days, metrics)
    return move(session, community_id, changes, metrics, frozen=frozen)
