"""Judging what members did, in the order of their events, whatever the order in which they came.

A batch that comes in order is judged from where the limits' memory stands. A late event, or one
that is taken back, lets the member's events be judged anew from the beginning of its day on, until
the limits remember the same as before.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain

from sqlalchemy.orm import Session

from app.activity.counters.moves import Change
from app.activity.event_log import ages, stored
from app.activity.event_log.taken import Taken
from app.activity.intake.side_by_side import Name, SideBySide, Verdict
from app.activity.limits import memory as memories
from app.activity.limits import remembering
from app.activity.limits.judging import Judge, Ruling
from app.activity.limits.memory import Key, Memory
from app.activity.limits.remembering import FOREVER, Pair
from app.activity.metrics.definitions import Metrics
from app.activity.metrics.shares import Shares

NEVER = 0
"""A day before all days."""


@dataclass
class Judged:
    """What limits said: which counters change, and how many events did not count."""

    changes: list[Change] = field(default_factory=list)
    refused: Tally[tuple[int, str, str]] = field(default_factory=Tally)
    """By member, metric and reason, also of which but a part counts; below zero where fewer are
    refused than before."""
    by_event: dict[Name, dict[str, str]] = field(default_factory=dict)
    """The reason by metric of each event of which not all counts by now, and did before or is new.
    """


def judge(
    session: Session,
    community_id: int,
    metrics: Metrics,
    fresh: Sequence[Taken],
    undone: Sequence[Taken] = (),
    *,
    only: Collection[str] | None = None,
) -> Judged:
    """Judges events that were stored in this transaction, and anew what those change that were
    taken back in it; writes what is to be remembered, and how many were refused.

    For all metrics with limits, or `only` for those of these keys: an implied one needs the metric
    beside it by whose verdicts it goes.
    """
    concerned: defaultdict[Pair, list[Taken]] = defaultdict(list)
    judges: dict[str, list[str]] = {}
    for one in (*fresh, *undone):
        kind = one.event.kind
        keys = judges.get(kind)
        if keys is None:
            keys = [key for key in metrics.judges_of(kind) if only is None or key in only]
            judges[kind] = keys
        for key in keys:
            concerned[one.member_id, key].append(one)
    # Whatever somebody did first, it may change since when they are a member.
    for key in metrics.ageing if only is None else metrics.ageing & {*only}:
        for one in (*fresh, *undone):
            concerned.setdefault((one.member_id, key), [])
    if not concerned:
        return Judged()
    fold = _Fold(session, community_id, metrics, {one.name for one in undone}, only)
    return fold.run(concerned)


def rulings(
    session: Session, community_id: int, metrics: Metrics, pair: Pair, *, since: Taken
) -> dict[Name, Ruling]:
    """What of each of a member's events from one on counts for a metric with limits, and why not
    all. Judged from the beginning of that event's day on; writes nothing.
    """
    fold = _Fold(session, community_id, metrics, (), None)
    return fold.told(pair, metrics.calendar.place(since.event.at).day)


class _Fold:
    """One batch's judging."""

    def __init__(
        self,
        session: Session,
        community_id: int,
        metrics: Metrics,
        gone: Collection[Name],
        only: Collection[str] | None,
    ):
        self._session, self._community_id, self._metrics = session, community_id, metrics
        self._gone, self._only = gone, only
        self._judged = Judged()
        self._counted: defaultdict[str, Shares] = defaultdict(Shares)
        self._days: list[tuple[Pair, int, str]] = []
        self._memories: dict[Pair, Memory] = {}
        self._accounts: dict[int, float] = {}
        self._firsts: dict[int, float] = {}

    def run(self, concerned: Mapping[Pair, list[Taken]]) -> Judged:
        """Judges each pair of member and metric by itself."""
        known = remembering.newest(self._session, self._community_id, concerned)
        self._look_at({member_id for member_id, _ in concerned})
        for pair, events in sorted(concerned.items()):
            events.sort(key=lambda one: one.key)
            memory = known.get(pair) or self._nothing(pair)
            if pair[1] in self._metrics.ageing and memory.first != self._firsts.get(pair[0]):
                self._anew(pair, events, memory)
                continue
            if not events:
                continue
            in_order = memory.last is None or events[0].key > memory.last
            if in_order and not self._gone:
                self._go_on(pair, memory, events)
            else:
                self._anew(pair, events)
        remembering.write(self._session, self._community_id, self._memories, self._days)
        remembering.add_refusals(self._session, self._community_id, self._judged.refused)
        self._judged.changes = list(self._changes())
        return self._judged

    def told(self, pair: Pair, first_day: int) -> dict[Name, Ruling]:
        """What of each event counts from a day on, as it stands."""
        self._look_at({pair[0]})
        _, memory, stand = self._from_day(pair, first_day)
        verdicts, _ = self._replayed(pair, memory, stand)
        return {one.name: self._of_all(pair, ruling) for one, _, ruling in verdicts}

    def _look_at(self, member_ids: set[int]) -> None:
        self._accounts = ages.accounts(self._session, member_ids)
        if self._metrics.ageing:
            self._firsts = ages.first_seen(self._session, self._community_id, member_ids)

    def _nothing(self, pair: Pair) -> Memory:
        """What is remembered before a member's first event."""
        return Memory(first=self._firsts.get(pair[0]) if pair[1] in self._metrics.ageing else None)

    def _from_day(self, pair: Pair, first_day: int) -> tuple[int | None, Memory, Iterator[Taken]]:
        """The last day until then before which something is remembered, what that is, and the
        member's events from it on.
        """
        start, text = remembering.day_until(self._session, self._community_id, pair, first_day)
        since = None if start is None else self._metrics.calendar.first_of(start)
        found = stored.pages(
            self._session,
            self._community_id,
            [pair[0]],
            kinds=self._metrics.defined[pair[1]].kinds,
            since=since,
        )
        memory = memories.read(text) if text else self._nothing(pair)
        return start, memory, chain.from_iterable(found)

    def _go_on(self, pair: Pair, memory: Memory, events: list[Taken]) -> None:
        verdicts, days = self._replayed(pair, memory, events)
        self._days += [(pair, day, text) for day, text in days.items()]
        self._memories[pair] = memory
        for verdict in verdicts:
            self._tell(pair, verdict, 1)

    def _anew(self, pair: Pair, events: list[Taken], aged: Memory | None = None) -> None:
        """Judges the member's events twice from before the first of these on, as they were and as
        they are now, until both come to remember the same.

        All of them where the member is a member since another moment than what is remembered,
        `aged`, was judged by.
        """
        place = self._metrics.calendar.place
        days = [place(one.event.at, one.key.at).day for one in events]
        first, last = (days[0], days[-1]) if aged is None else (NEVER, FOREVER)
        start, memory, stand = self._from_day(pair, first)
        gone = [one for one in events if one.name in self._gone]
        judge, account_made = self._judge_of(pair)
        again = SideBySide(
            judge,
            account_made,
            memory,
            new={one.name for one in events} - {*self._gone},
            gone=self._gone,
            remembered=remembering.DaysInOrder(self._session, self._community_id, pair).before,
        )
        if aged is not None:
            again.before.first = aged.first
        until = None
        for one in merge(stand, gone, key=_key):
            day = place(one.event.at, one.key.at).day
            if day > last and again.is_as_before(day):
                until = day
                break
            for verdict, sign in again.judged(one, day):
                self._tell(pair, verdict, sign)
        remembering.forget_days(self._session, self._community_id, pair, since=start, before=until)
        self._days += [(pair, day, text) for day, text in again.days.items()]
        if until is None:
            self._memories[pair] = again.memory

    def _replayed(
        self, pair: Pair, memory: Memory, events: Iterable[Taken]
    ) -> tuple[list[Verdict], dict[int, str]]:
        """Each event's verdict, and what was remembered before each day's first one."""
        place, (judge, account) = self._metrics.calendar.place, self._judge_of(pair)
        verdicts: list[Verdict] = []
        days: dict[int, str] = {}
        for one in events:
            day = place(one.event.at, one.key.at).day
            if memory.is_kept_before(day, one.member_id):
                days[day] = memory.written()
            verdicts.append((one, day, judge.judge(memory, one.offered, account)))
        return verdicts, days

    def _judge_of(self, pair: Pair) -> tuple[Judge, float | None]:
        """Who judges a member for a metric, and when that member's account was made."""
        judge = self._metrics.defined[pair[1]].judge
        if judge is None:
            raise RuntimeError(f"{pair[1]} has no limits")
        return judge, self._accounts.get(pair[0])

    def _tell(self, pair: Pair, verdict: Verdict, sign: int) -> None:
        """That a verdict holds from now on, or no longer does."""
        one, day, ruling = verdict
        counted, reason = self._of_all(pair, ruling)
        if counted:
            self._counted[pair[1]].add(one.of(counted), day, sign)
        if reason is not None:
            self._judged.refused[pair[0], pair[1], reason] += sign
            if sign > 0:
                self._judged.by_event.setdefault(one.name, {})[pair[1]] = reason

    def _of_all(self, pair: Pair, ruling: Ruling) -> Ruling:
        """A day, channel or thread counts whole, however much of its event does."""
        if ruling.counted and self._metrics.defined[pair[1]].distinct is not None:
            return Ruling(ruling.counted, None)
        return ruling

    def _changes(self) -> Iterator[Change]:
        for key, shares in self._counted.items():
            metrics = [
                metric
                for metric in self._metrics.defined.values()
                if metric.judged_as == key and (self._only is None or metric.key in self._only)
            ]
            for _, share in shares.by_kind():
                yield from (Change(metric, share) for metric in metrics)


def _key(one: Taken) -> Key:
    return one.key
