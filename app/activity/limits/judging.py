"""Whether an event counts for a metric with limits: a fold over the member's offered events.

Pure. `Judge.judge()` is called for each of them in the order of their keys; what it returns depends
on nothing but those before it. So who replays them in order always comes to the same verdicts.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from app.activity.limits.memory import Key, Memory
from app.activity.limits.settings import LimitSettings
from app.activity.windows import Calendar, Place
from app.communities import quiet

DAY = 86_400.0
HOUR = 3_600.0
MINUTE = 60.0
BURST = "burst"
OWN = "="
"""In place of another member: the same one."""

REASONS: dict[str, str] = {
    "quiet_hours": "quiet hours",
    "account_too_new": "account too new",
    "member_too_new": "member too new",
    "own": "with yourself",
    "too_short": "too short",
    "repeated": "repeated text",
    "same_member": "same member",
    "channel_share": "too much in one channel",
    "burst": "burst",
    "cooldown": "cooldown",
    "hour_full": "hour full",
    "day_full": "day full",
}
"""Why an event does not count, in words, in the order in which it is asked."""


class Offered(NamedTuple):
    """What of an event limits look at."""

    key: Key
    at: datetime
    amount: int
    channel: str | None
    length: int | None
    fingerprint: str | None
    other: str | None


class Ruling(NamedTuple):
    """How much of an event counts, and why not all of it does; None where all does."""

    counted: int
    reason: str | None


class Judge:
    """A metric's limits, ready to judge."""

    def __init__(self, limits: LimitSettings, calendar: Calendar):
        self._limits, self._calendar = limits, calendar
        self._nights: tuple[int, list[tuple[float, float]]] = 0, []
        named: tuple[tuple[str, bool, _Check], ...] = (
            ("quiet_hours", limits.quiet_hours is not None, self._quiet_hours),
            ("account_too_new", limits.account_days is not None, self._account_too_new),
            ("member_too_new", limits.member_days is not None, self._member_too_new),
            ("own", not limits.own, lambda event, *_: event.other == OWN),
            ("too_short", limits.minimum_length is not None, self._too_short),
            ("repeated", limits.repeated_hours is not None, self._repeated),
            ("same_member", limits.same_member_per_day is not None, self._same_member),
            ("channel_share", limits.channel is not None, self._channel_share),
            (BURST, limits.burst is not None, self._burst),
            ("cooldown", limits.cooldown_seconds is not None, self._cooldown),
            ("hour_full", limits.per_hour is not None, self._hour_full),
            ("day_full", limits.per_day is not None, self._day_full),
        )
        self._checks = [(reason, check) for reason, is_set, check in named if is_set]

    def judge(self, memory: Memory, event: Offered, account_made: float | None) -> Ruling:
        """How much of an event counts, and why not all; remembers it. Of an amount counts what
        there is room for.

        `account_made` is when the member's account was made, in seconds since the epoch, where that
        is known.
        """
        place = self._calendar.place(event.at, event.key.at)
        self._turn(memory, event, place)
        reason = None
        for name, check in self._checks:
            if check(event, memory, account_made):
                reason = name
                break
        self._remember(memory, event)
        if reason != BURST and self._limits.burst is not None:
            # What was too much leaves room for what comes when the minute is over.
            memory.minute.append(event.key.at)
        if reason is not None:
            return Ruling(0, reason)
        counted, reason = self._room(event, memory)
        memory.counted = event.key.at
        memory.in_day += counted
        memory.in_hour += counted
        if event.other is not None and self._limits.same_member_per_day is not None:
            memory.others[event.other] = memory.others.get(event.other, 0) + counted
        return Ruling(counted, reason)

    def _room(self, event: Offered, memory: Memory) -> Ruling:
        """As much of an event as there is room for, and what is full by it."""
        limits, found = self._limits, Ruling(event.amount, None)
        others = memory.others.get(event.other, 0) if event.other is not None else None
        for reason, most, so_far in (
            ("same_member", limits.same_member_per_day, others),
            ("hour_full", limits.per_hour, memory.in_hour),
            ("day_full", limits.per_day, memory.in_day),
        ):
            if most is not None and so_far is not None and most - so_far < found.counted:
                found = Ruling(most - so_far, reason)
        return found

    def _turn(self, memory: Memory, event: Offered, place: Place) -> None:
        """Turns to the event's own day, hour and minute."""
        if memory.first is None and self._limits.member_days is not None:
            memory.first = event.key.at
        if place.day != memory.day:
            memory.day, memory.in_day, memory.others, memory.offered = place.day, 0, {}, 0
        memory.offered += 1
        if place.hour != memory.hour:
            memory.hour, memory.in_hour = place.hour, 0
        if self._limits.burst is not None:
            minute = int(event.key.at // MINUTE)
            if minute != memory.this_minute:
                if memory.in_minute:
                    # Who floods shall not make it their habit: that tells no more of what is usual
                    # than a minute of somebody who is not known.
                    flooded = memory.in_minute >= self._limits.burst.at_least
                    memory.past.append(1 if flooded else memory.in_minute)
                    del memory.past[:-USUAL_OF]
                memory.this_minute, memory.in_minute = minute, 0
            memory.in_minute += 1
            memory.minute = [at for at in memory.minute if at > event.key.at - MINUTE]

    def _remember(self, memory: Memory, event: Offered) -> None:
        limits = self._limits
        memory.last = event.key
        if limits.repeated_hours is not None and event.fingerprint is not None:
            memory.texts.pop(event.fingerprint, None)
            memory.texts[event.fingerprint] = event.key.at
            # The oldest comes first. What is too old to matter would only make memories differ.
            since = event.key.at - limits.repeated_hours * HOUR
            oldest = next(iter(memory.texts))
            while memory.texts[oldest] <= since or len(memory.texts) > MOST_TEXTS:
                del memory.texts[oldest]
                oldest = next(iter(memory.texts))
        if limits.channel is not None and event.channel is not None:
            memory.channels.append(event.channel)
            del memory.channels[: -limits.channel.of_last]

    def _quiet_hours(self, event: Offered, memory: Memory, made: float | None) -> bool:
        at = event.key.at
        return any(begins <= at < ends for begins, ends in self._nights_of(memory.day))

    def _nights_of(self, day: int) -> list[tuple[float, float]]:
        """A day's quiet hours in seconds since the epoch: one and the same for many events."""
        known, nights = self._nights
        if known != day:
            hours = self._limits.quiet_hours or quiet.NEVER
            there = quiet.nights_of(hours, self._calendar.zone.key, date.fromordinal(day))
            nights = [(night.begins.timestamp(), night.ends.timestamp()) for night in there]
            self._nights = day, nights
        return nights

    def _account_too_new(self, event: Offered, memory: Memory, made: float | None) -> bool:
        return made is not None and event.key.at - made < (self._limits.account_days or 0) * DAY

    def _member_too_new(self, event: Offered, memory: Memory, made: float | None) -> bool:
        first = event.key.at if memory.first is None else memory.first
        return event.key.at - first < (self._limits.member_days or 0) * DAY

    def _too_short(self, event: Offered, memory: Memory, made: float | None) -> bool:
        return event.length is not None and event.length < (self._limits.minimum_length or 0)

    def _repeated(self, event: Offered, memory: Memory, made: float | None) -> bool:
        before = memory.texts.get(event.fingerprint or "")
        within = (self._limits.repeated_hours or 0) * HOUR
        return before is not None and event.key.at - before < within

    def _same_member(self, event: Offered, memory: Memory, made: float | None) -> bool:
        if event.other is None:
            return False
        return memory.others.get(event.other, 0) >= (self._limits.same_member_per_day or 0)

    def _channel_share(self, event: Offered, memory: Memory, made: float | None) -> bool:
        share = self._limits.channel
        if share is None or event.channel is None or len(memory.channels) < share.of_last:
            return False
        return memory.channels.count(event.channel) > share.share * share.of_last

    def _burst(self, event: Offered, memory: Memory, made: float | None) -> bool:
        burst, now = self._limits.burst, len(memory.minute) + 1
        if burst is None or now < burst.at_least:
            return False
        usual = (sum(memory.past) + UNKNOWN) / (len(memory.past) + UNKNOWN)
        return now > burst.times * usual

    def _cooldown(self, event: Offered, memory: Memory, made: float | None) -> bool:
        wait = self._limits.cooldown_seconds or 0
        return memory.counted is not None and event.key.at - memory.counted < wait

    def _hour_full(self, event: Offered, memory: Memory, made: float | None) -> bool:
        return memory.in_hour >= (self._limits.per_hour or 0)

    def _day_full(self, event: Offered, memory: Memory, made: float | None) -> bool:
        return memory.in_day >= (self._limits.per_day or 0)


UNKNOWN = 10
"""With so many minutes of one event each everybody begins: one lively minute is no habit yet."""
USUAL_OF = 100
"""What is usual is told by so many of the member's last active minutes."""
MOST_TEXTS = 100
"""So many different texts are remembered: who repeats one after as many others may."""
_Check = Callable[[Offered, Memory, float | None], bool]
