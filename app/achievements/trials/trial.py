"""Trying a programme out: what it would have granted whom for what was really done.

The recorded events are taken in again by the very same code, into a database of its own that is
thrown away; nothing of the installation changes, and no reward is given.
"""

import itertools
from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select

from app import clock
from app.achievements.evaluation.asking import Dating
from app.achievements.grants import granting, settling
from app.achievements.intake.taking_in import take_in
from app.achievements.models import Grant
from app.achievements.trials import boards, throwaway
from app.activity.boards import striking
from app.activity.event_log import stored
from app.activity.event_log.taken import Taken
from app.activity.events import ActivityEvent
from app.activity.metrics import channels
from app.activity.metrics.channels import ChannelRules, NotKept
from app.actor import COMMAND_LINE
from app.communities import copying, present
from app.communities.settings import CommunitySection
from app.installation import Installation
from app.programme.applying import apply
from app.programme.loading import LoadedProgramme
from app.programme.sections import Programme

BATCH = 2000
QUIET = timedelta(days=1)
"""For longer than that nothing happened: windows close meanwhile."""


@dataclass(frozen=True)
class WouldGrant:
    """A grant that a programme would have made."""

    achievement: str
    tier: int
    round: int
    member_id: int
    at: datetime


@dataclass
class Tried:
    """What a trial came to."""

    grants: list[WouldGrant] = field(default_factory=list)
    events: Tally[int] = field(default_factory=Tally)
    """How many events were taken in, by member."""
    first: dict[int, datetime] = field(default_factory=dict)
    """When each member's first one was."""
    last_at: datetime | None = None
    as_it_was: int = 0
    """How many events count as they did when they came, since a rule for channels asks for what is
    not kept of them.
    """


def run(
    installation: Installation,
    community_id: int,
    programme: LoadedProgramme,
    *,
    since: datetime | None,
) -> Tried:
    """Takes in what a community did from a moment on, or all, as if nothing had been before.

    Grants are dated by the events that reached them, those for a place in a standing by its end,
    winners' by when it would have been final. A window that had begun before counts from that
    moment on. Rules for channels hold as far as what they ask for is known of what was done.
    """
    tried = Tried()
    with throwaway.empty(installation) as copy, installation.reading() as there:
        with copy.unit_of_work() as here:
            first = since or stored.first_at(there, community_id)
            if first is None:
                return tried
            apply(here, programme, actor=COMMAND_LINE, now=first)
            copy_id = cast(int, CommunitySection().id_of(here, programme.sections))
            sources = stored.sources(there, community_id)
            discord = copying.copy_members(there, community_id, here, copy_id, sources)
            striking.copy(there, community_id, here, copy_id)
            rules = channels.in_force(here, copy_id, ChannelRules(programme.sections["channels"]))
        somebody = set(present.everybody(there, community_id))
        every = stored.in_order(there, community_id, since=since)
        # Of who was erased only figures are left: nobody is told what they would have had.
        of_them = (one for one in every if one.member_id in somebody)
        taken = _weighed(of_them, rules, tried)
        until = first
        # What nothing has to be done for: who has been here for long enough, or holds a role.
        _settle(copy, copy_id, programme.sections, None, first)
        for _, of_day in itertools.groupby(taken, key=lambda one: one.event.at.date()):
            day = list(of_day)
            if day[0].event.at - until > QUIET:
                boards.close_all(copy, copy_id, programme.sections, until, day[0].event.at)
            _note(tried, day)
            for source, events in _batches(day, discord):
                with copy.unit_of_work() as here:
                    how: dict[str, Any] = {"now": events[-1].at, "dated_by_event": True}
                    how |= {"is_weighed": True}
                    take_in(here, copy_id, source, events, **how)
            _settle(copy, copy_id, programme.sections, until, day[-1].event.at)
            until = day[-1].event.at
            boards.close(copy, copy_id, programme.sections, until)
        boards.close_all(copy, copy_id, programme.sections, until, clock.now())
        # What time brought since somebody last did something.
        _settle(copy, copy_id, programme.sections, until, clock.now())
        with copy.reading() as here:
            rows = here.scalars(select(Grant).order_by(Grant.granted_at, Grant.id))
            tried.grants = [
                WouldGrant(one.achievement, one.tier, one.round, one.member_id, one.granted_at)
                for one in rows
            ]
    return tried


def _weighed(taken: Iterable[Taken], rules: ChannelRules, tried: Tried) -> Iterator[Taken]:
    for one in taken:
        try:
            event = rules.weigh_again(one.event)
        except NotKept:
            tried.as_it_was += 1
            yield one
        else:
            if event is not None:
                yield one._replace(event=event)


def _note(tried: Tried, day: Sequence[Taken]) -> None:
    for one in day:
        tried.events[one.member_id] += 1
        tried.first.setdefault(one.member_id, one.event.at)
    tried.last_at = day[-1].event.at


def _batches(
    day: Sequence[Taken], discord: dict[int, str]
) -> Iterator[tuple[str, list[ActivityEvent]]]:
    """A day's events by source, so many at a time, from whom the copy knows."""
    by_source: dict[str, list[ActivityEvent]] = {}
    for one in day:
        name = copying.external_id(discord, one.key.source, one.member_id)
        by_source.setdefault(one.key.source, []).append(one.event._replace(member=name))
    for source, events in sorted(by_source.items()):
        for start in range(0, len(events), BATCH):
            yield source, events[start : start + BATCH]


def _settle(
    copy: Installation, copy_id: int, programme: Programme, until: datetime | None, now: datetime
) -> None:
    """What time alone brought since the day before, or ever."""
    with copy.unit_of_work() as session:
        by_key = settling.who(session, copy_id, programme, until, now, daily=False)
        pairs = [(member_id, key) for key, who in by_key.items() for member_id in who]
        granting.look(session, copy_id, programme, pairs, Dating(now, by_event=True))
