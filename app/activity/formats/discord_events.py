"""Discord's activity as events: the bot sees it happen, an export tells it later.

Both make the same ids here, so that what one of them brought is a duplicate when the other does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.activity.events import ActivityEvent

GIVEN, GOT, TALLY = "reaction_given", "-got", "-all"


class Who(NamedTuple):
    """An account, as it was when it did something."""

    id: str
    name: str | None = None
    bot: bool = False
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Where:
    """A channel, with the thread below it and the category above it, by their ids."""

    channel: str
    thread: str | None = None
    category: str | None = None


class Text(NamedTuple):
    """What is told of a text: how many characters, and by what it is known when it comes again."""

    length: int | None = None
    fingerprint: str | None = None


def written(message_id: str, who: Who, at: datetime, where: Where, text: Text) -> ActivityEvent:
    """A message that somebody wrote."""
    event = _event(message_id, "message", who, at, where)
    return event._replace(length=text.length, fingerprint=text.fingerprint)


def thread_started(thread_id: str, who: Who, at: datetime, where: Where) -> ActivityEvent:
    """A thread, of who started it; `where` may be its channel, as it is told there."""
    event = _event(started_id(thread_id), "thread_started", who, at, where)
    return event._replace(thread=thread_id)


def started_id(thread_id: str) -> str:
    """The id of a thread's being started."""
    return f"{thread_id}-t"


def thread_answered(who: Who, at: datetime, where: Where, starter: str) -> ActivityEvent | None:
    """That somebody wrote in a thread that another one had started: an event of who answered.

    It counts once for each thread and member, since it has the same id each time. None outside of
    threads, and for the starter.
    """
    if where.thread is None or who.id == starter:
        return None
    event = _event(f"{where.thread}-a-{who.id}", "thread_answered", who, at, where)
    return event._replace(other=starter)


def reaction(
    message_id: str, emoji: str, giver: Who, author: Who, at: datetime, where: Where
) -> tuple[ActivityEvent, ActivityEvent]:
    """A reaction as two events: one of who gave it, and one of whose message it was on.

    What a program gives is received by nobody.
    """
    known_by = reaction_id(message_id, emoji, giver.id)
    given = _event(known_by, GIVEN, giver, at, where)._replace(other=author.id)
    got = _event(f"{known_by}{GOT}", "reaction_received", author, at, where)
    return given, got._replace(other=giver.id, bot=giver.bot or author.bot)


def reaction_id(message_id: str, emoji: str, giver_id: str) -> str:
    """The id of a reaction that was given; that of its being received has `GOT` behind it.

    `emoji` is the id of one of a guild's own, else the character.
    """
    return f"{message_id}-r-{emoji}-{giver_id}"


def reactions_begin(message_id: str, emoji: str | None = None) -> str:
    """What the ids of all reactions to a message begin with, or those of one emoji."""
    return f"{message_id}-r-" if emoji is None else f"{message_id}-r-{emoji}-"


def reactions_counted(
    message_id: str, emoji: str, count: int, author: Who, at: datetime, where: Where
) -> ActivityEvent:
    """So many reactions of which nobody tells who gave them: of whose message it was."""
    event = _event(f"{message_id}-r-{emoji}{TALLY}", "reaction_received", author, at, where)
    return event._replace(amount=count)


def tallies_told_of(events: Iterable[ActivityEvent]) -> set[str]:
    """The ids that `reactions_counted()` would have given to what these tell one by one."""
    return {
        event.id.removesuffix(f"-{event.member}") + TALLY for event in events if event.kind == GIVEN
    }


def voice_minute(guild_id: str, who: Who, minute: datetime, where: Where) -> ActivityEvent:
    """That somebody was in a voice channel with others in this minute of the clock."""
    known_by = f"{guild_id}-v-{int(minute.timestamp()) // 60}-{who.id}"
    return _event(known_by, "voice_minutes", who, minute, where)


def attended(
    event_id: str, who: Who, begins: datetime, at: datetime, where: Where
) -> ActivityEvent:
    """That somebody was at a scheduled event; one that comes again counts each time."""
    known_by = f"{event_id}-e-{int(begins.timestamp()) // 60}-{who.id}"
    event = _event(known_by, "event_attended", who, at, where)
    return event if where.channel else event._replace(channel=None)


def joined(guild_id: str, who: Who, at: datetime) -> ActivityEvent:
    """That somebody came to a guild; who leaves and comes again joins once."""
    return _event(f"{guild_id}-j-{who.id}", "joined", who, at, Where(""))._replace(channel=None)


def _event(event_id: str, kind: str, who: Who, at: datetime, where: Where) -> ActivityEvent:
    return ActivityEvent(
        id=event_id,
        kind=kind,
        member=who.id,
        at=at,
        channel=where.channel,
        thread=where.thread,
        bot=who.bot,
        member_name=who.name,
        category=where.category,
        roles=who.roles,
    )
