"""Who is who: people are known by an identity (source, id), members are people in a community."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from app.communities.merging import look_for
from app.communities.models import Identity, Member, Person
from app.communities.seeking import sought
from app.database import can_be_kept
from app.refusals import Refused
from app.rows import RowInsert
from app.statements import among, lock, table_of

_INSERT_IDENTITY = RowInsert(Identity)
DISCORD = "discord"
OUR_OWN = (DISCORD, "sample")
"""Sources that are brought in by our own collectors and commands: they have no key."""
SHORT = 4


class UnknownMember(Refused):
    """No member of this community has that identity."""

    code = "unknown_member"
    status = 404


def find(session: Session, community_id: int, source: str, external_id: str) -> Member:
    """The member of this identity; raises `UnknownMember`, also for what can be nobody's."""
    if not (can_be_kept(source) and can_be_kept(external_id)):
        raise UnknownMember("No member is known by that.")
    member = session.scalar(
        select(Member)
        .join(Identity, Identity.person_id == Member.person_id)
        .where(
            Member.community_id == community_id,
            Identity.source == source,
            Identity.external_id == external_id,
        )
    )
    if member is None:
        raise UnknownMember(f"No member is known as {external_id} in source {source}.")
    return member


def ids_of(
    session: Session,
    community_id: int,
    source: str,
    names: dict[str, str | None],
    *,
    first_seen: datetime | Mapping[str, datetime],
) -> dict[str, int]:
    """Member ids by external id; who has not been seen yet is made.

    `names` maps each external id to a display name, or to None where the source gave none;
    `first_seen` says since when whoever is made is known: all of them, or each by external id.
    """
    known = known_ids(session, community_id, source, names)
    missing = sorted(set(names) - set(known))
    if missing:
        one_at_a_time(session)
        known |= known_ids(session, community_id, source, missing)
        missing = [external_id for external_id in missing if external_id not in known]
        known |= _make(session, community_id, source, missing, names, first_seen)
    return known


def link(
    session: Session, member: Member, source: str, external_id: str, display_name: str
) -> None:
    """Gives a member's person one more identity, and the member that identity's name.

    Raises `ValueError` where the identity is somebody else's.
    """
    one_at_a_time(session)
    owner = session.get(Identity, (source, external_id))
    if owner is not None and owner.person_id != member.person_id:
        raise ValueError(f"{external_id} in source {source} is another person")
    if owner is None:
        session.add(
            Identity(
                source=source,
                external_id=external_id,
                person_id=member.person_id,
                display_name=display_name,
            )
        )
    member.display_name = display_name
    session.flush()
    look_for(session, member)


def identities_of(session: Session, member_ids: Iterable[int], source: str) -> dict[int, str]:
    """What a source calls each of these members; who is not known there is left out: only who has a
    Discord identity can get a DM.
    """
    rows = session.execute(
        select(Member.id, Identity.external_id)
        .join(Member, Member.person_id == Identity.person_id)
        .where(among(session, Member.id, set(member_ids)), Identity.source == source)
    )
    # Of several, which the record allows, the same one each time. Asked for in this order, SQLite
    # goes through all accounts of the source, as they lie in it.
    ordered = sorted(rows, key=lambda row: row.external_id, reverse=True)
    return {row.id: row.external_id for row in ordered}


def external_ids(session: Session, member_ids: Iterable[int]) -> dict[int, str]:
    """For each member one identifier as its source gave it."""
    rows = session.execute(
        select(Member.id, Identity.external_id)
        .join(Identity, Identity.person_id == Member.person_id)
        .where(Member.id.in_(list(member_ids)))
        .order_by(Identity.source.desc())
    )
    return {row.id: row.external_id for row in rows}


def known_ids(
    session: Session,
    community_id: int,
    source: str,
    external_ids: Iterable[str],
    *conditions: ColumnElement[bool],
) -> dict[str, int]:
    """Member ids by external id, of those who are members already and of whom this is true."""
    rows = session.execute(
        select(Identity.external_id, Member.id)
        .join(Member, Member.person_id == Identity.person_id)
        .where(
            Member.community_id == community_id,
            Identity.source == source,
            among(session, Identity.external_id, external_ids),
            *conditions,
        )
    )
    return {row.external_id: row.id for row in rows}


def _make(
    session: Session,
    community_id: int,
    source: str,
    missing: list[str],
    names: dict[str, str | None],
    first_seen: datetime | Mapping[str, datetime],
) -> dict[str, int]:
    if not missing:
        return {}
    people = _people_known(session, source, missing)
    people |= _new_people(
        session, source, [name for name in missing if name not in people], names, first_seen
    )
    rows = []
    for external_id in missing:
        name = names[external_id] or f"Member …{external_id[-SHORT:]}"
        rows.append(
            {
                "community_id": community_id,
                "person_id": people[external_id],
                "display_name": name,
                "sought": sought([name, external_id]),
                "first_seen_at": _seen(first_seen, external_id),
            }
        )
    columns = table_of(Member).c
    statement = insert(table_of(Member)).returning(columns.person_id, columns.id)
    made = {row.person_id: row.id for row in session.execute(statement, rows)}
    return {external_id: made[people[external_id]] for external_id in missing}


def _new_people(
    session: Session,
    source: str,
    external_ids: list[str],
    names: dict[str, str | None],
    first_seen: datetime | Mapping[str, datetime],
) -> dict[str, int]:
    if not external_ids:
        return {}
    rows = [{"created_at": _seen(first_seen, external_id)} for external_id in external_ids]
    # Which of the new people gets which identity is all the same.
    made = session.scalars(insert(table_of(Person)).returning(table_of(Person).c.id), rows)
    people = dict(zip(external_ids, made, strict=True))
    identities = [
        {
            "source": source,
            "external_id": external_id,
            "person_id": person_id,
            "display_name": names[external_id],
        }
        for external_id, person_id in people.items()
    ]
    _INSERT_IDENTITY.run(session, identities)
    return people


def _seen(first_seen: datetime | Mapping[str, datetime], external_id: str) -> datetime:
    return first_seen if isinstance(first_seen, datetime) else first_seen[external_id]


def _people_known(session: Session, source: str, external_ids: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(Identity.external_id, Identity.person_id).where(
            Identity.source == source, among(session, Identity.external_id, external_ids)
        )
    )
    return {row.external_id: row.person_id for row in rows}


def one_at_a_time(session: Session) -> None:
    """Two batches, of any communities, that first meet a person must not both make them."""
    lock(session, "keepsake.people")
