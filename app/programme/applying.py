"""Putting a programme in force: once for each change of its file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app import clock, journal
from app.actor import COMMAND_LINE, Actor
from app.installation import Installation
from app.journal import Fact
from app.plugins import Plugins
from app.programme.loading import LoadedProgramme, load, parse
from app.programme.models import ProgrammeVersion


@dataclass(frozen=True, kw_only=True)
class ProgrammeApplied(Fact):
    """A programme came into force."""

    kind: ClassVar[str] = "programme.applied"
    digest: str


def ready(installation: Installation) -> LoadedProgramme:
    """The programme file, applied if it is not yet in force: whoever first needs it calls this.

    Raises `ProgrammeRefused` where the file is broken; what was in force then stays so.
    """
    programme = load(installation.settings.programme_file, installation.plugins)
    with installation.reading() as session:
        if in_force(session, programme):
            return programme
    with installation.unit_of_work() as session:
        _one_at_a_time(session)
        if not in_force(session, programme):
            apply(session, programme, actor=COMMAND_LINE, now=clock.now())
    return programme


def ready_community(installation: Installation) -> int:
    """As `ready()`, for who only needs to know whose programme it is: the community's id."""
    programme = ready(installation)
    with installation.reading() as session:
        return cast(int, _community_of(session, programme.sections))


def in_force(session: Session, programme: LoadedProgramme) -> bool:
    """Whether this very text is the newest applied one of its community."""
    newest = session.scalar(_newest(_community_of(session, programme.sections)))
    return newest is not None and newest.digest == programme.digest


def apply(session: Session, programme: LoadedProgramme, *, actor: Actor, now: datetime) -> None:
    """Brings every section's tables up to the programme and records that it is in force."""
    plugins = cast(Plugins, session.info["plugins"])
    for section in plugins.sections.values():
        section.apply(session, programme.sections, now)
    community_id = cast(int, _community_of(session, programme.sections))
    session.execute(
        insert(ProgrammeVersion),
        {
            "community_id": community_id,
            "digest": programme.digest,
            "content": programme.text,
            "applied_at": now,
        },
    )
    journal.record(
        session,
        ProgrammeApplied(digest=programme.digest),
        community_id=community_id,
        actor=actor,
        now=now,
    )


def current(session: Session, community_id: int) -> dict[str, Any]:
    """The validated sections of the programme in force; `LookupError` where there is none."""
    version = session.scalar(_newest(community_id))
    if version is None:
        raise LookupError(f"community {community_id} has no programme in force")
    plugins = cast(Plugins, session.info["plugins"])
    return _parsed(plugins, version.digest, version.content)


def _parsed(plugins: Plugins, digest: str, content: str) -> dict[str, Any]:
    if ("programme", digest) not in plugins.memory:
        parsed = parse(content, plugins, name="the programme in force")
        plugins.memory["programme", digest] = parsed
    return cast(dict[str, Any], plugins.memory["programme", digest])


def _newest(community_id: int | None) -> Any:
    return (
        select(ProgrammeVersion)
        .where(ProgrammeVersion.community_id == community_id)
        .order_by(ProgrammeVersion.id.desc())
        .limit(1)
    )


def _community_of(session: Session, sections: dict[str, Any]) -> int | None:
    """The community's id, told by the section that owns the table; None before its first apply."""
    plugins = cast(Plugins, session.info["plugins"])
    owner = cast(Any, plugins.sections["community"])
    found: int | None = owner.id_of(session, sections)
    return found


def _one_at_a_time(session: Session) -> None:
    """Two processes that start together must not both apply; on SQLite the writer is alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('keepsake.programme'))"))
