"""What avatars members have, and whose picture is wanted: theirs who can redeem something."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.avatars.models import MemberAvatar
from app.communities.merging import Merge
from app.communities.models import Identity, Member
from app.jobs import queue
from app.jobs.queue import NewJob
from app.programme import applying
from app.statements import among, insert_or

LANE = "avatars"
FETCH = "avatars.fetch"
AGAIN = timedelta(days=1)
"""How long after one that could not be fetched it is tried anew."""
PATH = re.compile(r"(avatars/\d{1,20}|guilds/\d{1,20}/users/\d{1,20}/avatars)/\w{1,64}", re.ASCII)
"""Discord's paths of avatars (https://docs.discord.com/developers/reference#image-formatting)."""

Holders = Callable[[Collection[int]], set[int]]
"""Who of these members can redeem something."""


class Shown(NamedTuple):
    """A member's picture as WebP, and what tells it from another one."""

    content: bytes
    digest: str


def are_allowed(session: Session, community_id: int) -> bool:
    """Whether this community's programme lets avatars be collected and shown."""
    try:
        allowed: bool = applying.current(session, community_id)["community"].avatars
    except LookupError:
        return False
    return allowed


def note(
    session: Session,
    community_id: int,
    source: str,
    seen: Mapping[str, str | None],
    *,
    holders: Holders,
    now: datetime,
) -> None:
    """Keeps with which avatars members were seen, by their external ids, where that is new.

    None stands for none of their own. An avatar that changed takes its old picture with it; the new
    one is to be fetched for those who are among the holders. Whoever is no member is passed over.
    """
    if not seen:
        return
    rows = _known(session, community_id, source, seen)
    told = {row.id: _path(seen[row.external_id]) for row in rows}
    known = {row.id: row for row in rows}
    changed = {
        member_id: path
        for member_id, path in told.items()
        if path and path != known[member_id].path
    }
    gone = [one for one, path in told.items() if path is None and known[one].path is not None]
    if gone:
        session.execute(delete(MemberAvatar).where(among(session, MemberAvatar.member_id, gone)))
    _keep(session, community_id, changed, now)
    missing = {
        one: path
        for one, path in told.items()
        if path and (one in changed or _is_missing(known[one], now))
    }
    if missing:
        wanted = holders(missing)
        _ask(session, community_id, {one: missing[one] for one in wanted}, now)


def want(session: Session, member_id: int, now: datetime) -> None:
    """Has the picture fetched of a member who can redeem something, if it is not there yet."""
    row = session.execute(_state().where(MemberAvatar.member_id == member_id)).one_or_none()
    if row is not None and _is_missing(row, now):
        _ask(session, row.community_id, {member_id: row.path}, now)


def shown(session: Session, community_id: int, member_id: int) -> Shown | None:
    """The picture of a member, where there is one and the programme lets it be shown."""
    row = session.execute(
        select(MemberAvatar.picture, MemberAvatar.digest).where(
            MemberAvatar.member_id == member_id, MemberAvatar.picture.is_not(None)
        )
    ).one_or_none()
    if row is None or not are_allowed(session, community_id):
        return None
    return Shown(row.picture, row.digest)


def told(session: Session, member: Member) -> dict[str, Any] | None:
    """What is kept of a member's avatar, as JSON values; None where nothing is."""
    row = session.get(MemberAvatar, member.id)
    if row is None:
        return None
    return {
        "discord_path": row.path,
        "noted_at": as_text(row.noted_at),
        "picture_bytes": len(row.picture) if row.picture is not None else None,
        "picture_sha256": row.digest,
    }


def forget(session: Session, member: Member, _how: Any = None) -> None:
    """Deletes all that is kept of a member's avatar, in the caller's transaction: the path in a job
    that is to fetch it, or did, as well.
    """
    session.execute(delete(MemberAvatar).where(MemberAvatar.member_id == member.id))
    queue.forget(session, FETCH, member.community_id, {"member": member.id})


def merge(session: Session, how: Merge) -> None:
    """Gives a member the avatar of who is merged into them, unless they have one of their own."""
    if session.get(MemberAvatar, how.member.id) is None:
        moved = update(MemberAvatar).where(MemberAvatar.member_id == how.merged.id)
        # The job that is to fetch it goes: it names the other.
        session.execute(moved.values(member_id=how.member.id, asked_at=None))
    forget(session, how.merged)


def _path(path: str | None) -> str | None:
    """What is no path of an avatar is as good as none: it becomes part of an address."""
    return path if path is not None and PATH.fullmatch(path) else None


def _known(
    session: Session, community_id: int, source: str, external_ids: Iterable[str]
) -> list[Row[Any]]:
    statement = (
        _state()
        .add_columns(Identity.external_id, Member.id)
        .select_from(Member)
        .join(Identity, Identity.person_id == Member.person_id)
        .outerjoin(MemberAvatar, MemberAvatar.member_id == Member.id)
        .where(
            Member.community_id == community_id,
            Identity.source == source,
            among(session, Identity.external_id, external_ids),
        )
    )
    return list(session.execute(statement))


def _state() -> Any:
    return select(
        MemberAvatar.community_id,
        MemberAvatar.path,
        MemberAvatar.asked_at,
        MemberAvatar.picture.is_not(None).label("has_picture"),
    )


def _is_missing(row: Row[Any], now: datetime) -> bool:
    return not row.has_picture and (row.asked_at is None or row.asked_at <= now - AGAIN)


def _keep(session: Session, community_id: int, paths: dict[int, str], now: datetime) -> None:
    if not paths:
        return
    new = {"community_id": community_id, "noted_at": now}
    empty = {"asked_at": None, "picture": None, "digest": None}
    # In one order, whoever writes: two batches may see the same members.
    rows = [{"member_id": one, "path": paths[one], **new, **empty} for one in sorted(paths)]
    statement = insert_or(session, MemberAvatar)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id"],
            set_={"path": statement.excluded.path, "noted_at": now, **empty},
        ),
        rows,
    )


def _ask(session: Session, community_id: int, paths: dict[int, str], now: datetime) -> None:
    if not paths:
        return
    session.execute(
        update(MemberAvatar)
        .where(among(session, MemberAvatar.member_id, paths))
        .values(asked_at=now)
        .execution_options(synchronize_session=False)
    )
    queue.enqueue_all(
        session,
        [
            NewJob(FETCH, LANE, {"member": one, "path": path}, now, community_id)
            for one, path in paths.items()
        ],
    )
