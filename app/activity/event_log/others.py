"""Whom events name beside their member: who has several accounts is one and the same, wherever.

An event names somebody as its source calls them. Where that account is one of several of a member,
it says the member's number instead: since it came in, or since the account was linked. So limits
see one person and know of no links; what was done with somebody stays so when they unlink one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.activity.event_log.models import StoredEvent
from app.activity.event_log.taken import as_named, whole
from app.activity.events import ActivityEvent
from app.activity.limits.judging import OWN
from app.activity.limits.models import LimitDay, LimitMemory
from app.communities.linking import counting
from app.communities.models import Identity, Member
from app.statements import among, table_of

_event = table_of(StoredEvent).c


def by_number(
    session: Session,
    community_id: int,
    source: str,
    events: Sequence[ActivityEvent],
    member_ids: Mapping[str, int],
) -> Sequence[ActivityEvent]:
    """The same, but for whom they name: their own member, or one who has or had several."""
    names = {one.other for one in events if one.other is not None}
    if not names:
        return events
    known = counting.who_has_several(session, community_id, source, names)
    found = []
    for one in events:
        other = one.other
        if other is not None and (
            other == one.member or known.get(other) == member_ids[one.member]
        ):
            one = one._replace(other=OWN)
        elif other in known:
            one = one._replace(other=_numbered(known[other]))
        elif other is not None and other.startswith(OWN):
            one = one._replace(other=as_named(other))
        found.append(one)
    return found


def make_one(
    session: Session, member: Member, *, merged: Iterable[int] = (), even_alone: bool = False
) -> set[int]:
    """Lets all events that name a member say their number, once they have or had several accounts;
    what they did with an account of their own was done with themselves.

    Returns who has to be judged anew: the others who named them in several ways, and the member
    where they did. Of who is the only one to be named so, the name alone changes. With `even_alone`
    also where they never had but one. Who calls it has the community's intake to itself.
    """
    if not (even_alone or counting.has_several(session, member)):
        return set()
    accounts = session.execute(
        select(Identity.source, Identity.external_id).where(Identity.person_id == member.person_id)
    ).all()
    numbers = [_numbered(one) for one in (member.id, *merged)]
    named = _named(member.community_id, [(row[0], as_named(row[1])) for row in accounts], numbers)
    rows = session.execute(
        select(_event.member_id, _event.source, _event.other).where(*named).distinct()
    ).all()
    names: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        names[row.member_id].add(whole(row.other, row.source) or "")
    own = names.pop(member.id, set())
    for is_own, other in ((True, OWN), (False, numbers[0])):
        who = (_event.member_id == member.id) == is_own
        session.connection().execute(
            update(table_of(StoredEvent)).where(*named, who).values(other=other)
        )
    several = {member_id for member_id, some in names.items() if len(some) > 1}
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for member_id, some in names.items():
        if member_id not in several:
            by_name[some.pop()].append(member_id)
    for name, who_named in by_name.items():
        _rename(session, member.community_id, who_named, name, numbers[0])
    return several | ({member.id} if own else set())


def _named(
    community_id: int, accounts: Sequence[tuple[str, str]], numbers: Collection[str]
) -> list[ColumnElement[bool]]:
    """The condition for events that name somebody as one of their accounts, or by a number."""
    theirs = [and_(_event.source == source, _event.other == name) for source, name in accounts]
    return [
        _event.community_id == community_id,
        _event.other.is_not(None),
        _event.other.in_(sorted({*numbers, *(name for _, name in accounts)})),
        or_(*theirs, _event.other.in_(sorted(numbers))),
    ]


def _rename(
    session: Session, community_id: int, member_ids: Sequence[int], before: str, after: str
) -> None:
    """Lets what limits remember of these members name another by another name."""
    if before == after:
        return
    written = [orjson.dumps(name).decode() for name in (before, after)]
    for model in (LimitMemory, LimitDay):
        columns: Any = table_of(model).c
        session.connection().execute(
            update(table_of(model))
            .where(
                columns.community_id == community_id,
                among(session, columns.member_id, sorted(member_ids)),
                columns.memory.contains(written[0], autoescape=True),
            )
            .values(memory=func.replace(columns.memory, *written))
        )


def _numbered(member_id: int) -> str:
    return f"{OWN}{member_id}"
