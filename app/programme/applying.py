"""Putting a programme in force: once for each change of its file."""

import logging
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import func, insert, or_, select, text
from sqlalchemy.orm import Session

from app import clock, journal
from app.actor import COMMAND_LINE, Actor
from app.installation import Installation
from app.journal import Fact
from app.plugins import Plugins, Section
from app.programme.loading import LoadedProgramme, ProgrammeRefused, load, parse
from app.programme.models import ProgrammeVersion
from app.refusals import Refused

log = logging.getLogger(__name__)
IN_FORCE = "the programme in force"
NOT_YET = "{} has changes that are not in force"
OLDER = "{} is older than the programme in force, which was changed in the console"
ORGANISERS = "organiser:"
"""By which the actor begins of what was applied in the console, and not from a file."""


class ChangedMeanwhile(Refused):
    """Another programme is in force than when the change was shown."""

    code = "changed_meanwhile"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "The programme was changed since this was shown: look again at what it would do."
        )


@dataclass(frozen=True, kw_only=True)
class ProgrammeApplied(Fact):
    """A programme came into force."""

    kind: ClassVar[str] = "programme.applied"
    digest: str


def ready(installation: Installation) -> LoadedProgramme:
    """The programme in force: whoever first needs it calls this.

    A community's first programme is applied at once, and so is each change of the file where
    `applies_changes_at_once`. Elsewhere a changed file waits for `keepsake programme apply`, and
    what is in force stays so; as it does everywhere if an organiser changed it in the console after
    this very file was applied. Raises `ProgrammeRefused` where the file is broken, or names another
    community than those that are here: see `refuse_another()`.
    """
    programme = load(installation.settings.programme_file, installation.plugins)
    with installation.reading() as session:
        plugins, is_in_force = installation.plugins, in_force(session, programme)
        behind = [
            section
            for section in plugins.sections.values()
            if is_in_force and not section.is_applied(session, programme.sections)
        ]
        before = text_in_force(session, programme)
        if before is None:
            refuse_another(session, programme)
        is_older = is_superseded(session, programme)
    if is_in_force:
        _bring_up(installation, programme, behind)
        return programme
    if before is not None and (is_older or not installation.settings.applies_changes_at_once):
        told = (OLDER if is_older else NOT_YET).format(programme.path)
        log.warning("%s; see `keepsake programme diff`.", told)
        sections = parse(before, installation.plugins, name=IN_FORCE, is_in_force=True)
        return LoadedProgramme(programme.path, before, sections)
    apply_now(installation, programme)
    return programme


def _bring_up(
    installation: Installation, programme: LoadedProgramme, behind: Sequence[Section]
) -> None:
    """Applies sections again, after an update of the code: what is in force stays so."""
    if not behind:
        return
    with installation.unit_of_work() as session:
        _one_at_a_time(session)
        for section in behind:
            section.apply(session, programme.sections, clock.now())


def apply_now(
    installation: Installation,
    programme: LoadedProgramme,
    *,
    actor: Actor = COMMAND_LINE,
    seen: str | None = None,
) -> None:
    """Brings a programme into force, unless it is already, in a transaction of its own.

    `seen` is the digest of what was in force when the change was shown, as `digest_in_force()`
    has it: raises `ChangedMeanwhile` where that is another one by now.
    """
    with installation.unit_of_work() as session:
        _one_at_a_time(session)
        if in_force(session, programme):
            return
        if seen is not None and digest_in_force(session, programme) != seen:
            raise ChangedMeanwhile
        apply(session, programme, actor=actor, now=clock.now())


def refuse_another(session: Session, programme: LoadedProgramme) -> None:
    """Raises `ProgrammeRefused` where a programme would begin another community beside those that
    have one in force: a key that was changed would leave behind all that was counted.
    """
    if text_in_force(session, programme) is not None:
        return
    newest = select(func.max(ProgrammeVersion.id)).group_by(ProgrammeVersion.community_id)
    texts = session.scalars(
        select(ProgrammeVersion.content)
        .where(ProgrammeVersion.id.in_(newest))
        .order_by(ProgrammeVersion.community_id)
    )
    keys = [tomllib.loads(content)["community"]["key"] for content in texts]
    if keys:
        theirs, own = " and ".join(keys), programme.sections["community"].key
        raise ProgrammeRefused(
            [
                f"{programme.path}: [community], key key: it was {theirs} so far, and a key never"
                f" changes: nothing of it would count for {own}. To begin another community beside"
                " it, say `keepsake programme apply --new-community`."
            ]
        )


def ready_community(installation: Installation) -> int:
    """As `ready()`, for who only needs to know whose programme it is: the community's id."""
    programme = ready(installation)
    with installation.reading() as session:
        return cast(int, _community_of(session, programme.sections))


def text_in_force(session: Session, programme: LoadedProgramme) -> str | None:
    """The newest applied text of a programme's community; None where there is none."""
    newest = session.scalar(_newest(_community_of(session, programme.sections)))
    return None if newest is None else cast(str, newest.content)


def digest_in_force(session: Session, programme: LoadedProgramme) -> str:
    """The digest of that text; empty where there is none."""
    newest = session.scalar(_newest(_community_of(session, programme.sections)))
    return "" if newest is None else cast(str, newest.digest)


def is_superseded(session: Session, programme: LoadedProgramme) -> bool:
    """As `was_of_file()`, of a programme."""
    return was_of_file(session, _community_of(session, programme.sections), programme.text)


def was_of_file(session: Session, community_id: int | None, text: str) -> bool:
    """Whether this very text is what a file last brought into force, and an organiser has changed
    it in the console since.
    """
    newest = session.scalar(_newest(community_id))
    by = ProgrammeVersion.applied_by
    of_file = session.scalar(
        _newest(community_id).where(or_(by.is_(None), by.not_like(f"{ORGANISERS}%")))
    )
    if newest is None or of_file is None or newest.id == of_file.id:
        return False
    return cast(bool, of_file.content == text)


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
            "applied_by": str(actor),
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
    newest = version(session, community_id)
    plugins = cast(Plugins, session.info["plugins"])
    return _parsed(plugins, newest.digest, newest.content)


def version(session: Session, community_id: int) -> ProgrammeVersion:
    """The programme in force, as it was applied; `LookupError` where there is none."""
    newest: ProgrammeVersion | None = session.scalar(_newest(community_id))
    if newest is None:
        raise LookupError(f"community {community_id} has no programme in force")
    return newest


def _parsed(plugins: Plugins, digest: str, content: str) -> dict[str, Any]:
    if ("programme", digest) not in plugins.memory:
        parsed = parse(content, plugins, name=IN_FORCE, is_in_force=True)
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
