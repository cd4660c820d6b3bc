"""A supervisor looks for a member who has no code: their vouchers, by reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

import uuid_utils.compat
from pydantic import StringConstraints
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import journal
from app.clock import as_text
from app.communities import seeking
from app.installation import Installation
from app.journal import Fact
from app.refusals import Refused
from app.statements import lock
from voucher.scans.models import MemberSearch
from voucher.scans.naming import supervisor_of
from voucher.scans.requests import OperatorId, Request
from voucher.scans.scanners import MayNotRedeem, Operator, Scanner, actor_of, check_may_redeem
from voucher.scans.searching.found import vouchers_of

AT_MOST = 20
LIMITS = ((timedelta(minutes=1), 20), (timedelta(hours=1), 200))
"""So many searches of one supervisor in such a time, on whichever devices."""


class TooManySearches(Refused):
    """They looked for so many members that somebody may be copying the list."""

    code = "too_many_searches"
    status = 429


class SearchRequest(Request):
    """The body of `POST /api/v1/members/search`."""

    q: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True,
            min_length=seeking.SHORTEST,
            max_length=64,
            pattern=r"^[^\x00]+$",
        ),
    ]
    operator: OperatorId


@dataclass(frozen=True, kw_only=True)
class MembersSearched(Fact):
    """A supervisor looked for members by a name, which stays untold."""

    kind: ClassVar[str] = "members.searched"
    station: str
    device: str
    operator: str
    found: int


def search(
    installation: Installation, scanner: Scanner, asked: SearchRequest, *, now: datetime
) -> dict[str, Any]:
    """Up to 20 members of the device's community with what they can redeem at its station, or
    could lately; `more` where there are others.

    Opens its own transactions: nobody who scans waits while it looks. Raises `MayNotRedeem`,
    `UnknownOperator`, `OperatorNotSignedIn`, `SupervisorNeeded`, `TooManySearches`.
    """
    with installation.unit_of_work() as session:
        supervisor = _admitted(session, scanner, asked.operator, now)
    with installation.reading() as session:
        people = seeking.seek(session, scanner.community_id, asked.q, at_most=AT_MOST + 1)
        found = _told(session, scanner, people[:AT_MOST], now)
    fact = MembersSearched(
        station=scanner.station_key,
        device=scanner.device_id,
        operator=supervisor.id,
        found=len(found),
    )
    with installation.unit_of_work() as session:
        actor = actor_of(scanner, supervisor)
        journal.record(session, fact, community_id=scanner.community_id, actor=actor, now=now)
    return {"members": found, "more": len(people) > AT_MOST, "server_time": as_text(now)}


def _admitted(session: Session, scanner: Scanner, named: str, now: datetime) -> Operator:
    """Who asks; it counts as asked, whatever is found."""
    check_may_redeem(scanner)
    if scanner.withdrawn:
        raise MayNotRedeem(f"The programme no longer has the station {scanner.station_name}.")
    supervisor = supervisor_of(session, scanner, named, now=now)
    lock(session, f"keepsake.member_search:{supervisor.id}")
    longest = max(within for within, _ in LIMITS)
    session.execute(
        delete(MemberSearch).where(
            MemberSearch.operator == supervisor.id, MemberSearch.at <= now - longest
        )
    )
    for within, most in LIMITS:
        recent = select(func.count()).where(
            MemberSearch.operator == supervisor.id, MemberSearch.at > now - within
        )
        if session.scalars(recent).one() >= most:
            raise TooManySearches("Too many searches: wait a little, then search again.")
    session.add(MemberSearch(id=uuid_utils.compat.uuid7(), operator=supervisor.id, at=now))
    return supervisor


def _told(
    session: Session, scanner: Scanner, people: Sequence[Any], now: datetime
) -> list[dict[str, Any]]:
    if not people:
        return []
    names = seeking.other_names(session, people)
    vouchers = vouchers_of(session, scanner, [one.id for one in people], now=now)
    return [
        {
            "display_name": one.display_name,
            "also": names.get(one.id),
            "vouchers": vouchers.get(one.id, []),
        }
        for one in people
    ]
